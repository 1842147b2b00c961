"""A unit is one draw of one world with all its plans: computed at a time, stored in one file, never half.

To split the variance, a draw is run again with one of its sources of uncertainty taken from another draw: such a unit
is computed and stored like any other.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from regionsim.ensemble.storage import SURROUNDINGS, writing
from regionsim.model.settings import Settings
from regionsim.state.errors import InputError
from regionsim.state.sources import SOURCES, Sources

if TYPE_CHECKING:
    import xarray as xr

DESCRIPTIONS = (
    "region",
    "world",
    "plan_start",
    "plan_titles",
    "measures",
    "assumptions",
    "history",
    "provenance",
)
FEWEST_DRAWS = 4  # to split the variance: below, no two draws and their partners are all different


@dataclass(frozen=True)
class Unit:
    """Draw `draw`; with `switched`, the same draw with that source of uncertainty taken from draw `other`."""

    draw: int
    switched: str = ""
    other: int | None = None

    @property
    def sources(self) -> Sources:
        """Which indices the run takes."""
        plain = Sources.of_draw(self.draw)
        return plain if self.other is None else plain.switched(self.switched, self.other)

    @property
    def file_suffix(self) -> str:
        """End of the file's name: 'd0003', or 'd0003_driver0004' for draw 3 with the drivers of draw 4."""
        return f"d{self.draw:04d}" + ("" if self.other is None else f"_{self.switched}{self.other:04d}")

    def __str__(self) -> str:
        return str(self.draw) + ("" if self.other is None else f" with {self.switched} of {self.other}")


def units_of(settings: Settings) -> list[Unit]:
    """All units of a scenario: its draws and, to split the variance, each again with every source of the next draw.

    The last draw takes from the first. Raises InputError if the variance is to be split with fewer than 4 draws.
    """
    draws = range(settings.first_draw, settings.first_draw + settings.draws)
    units = [Unit(draw) for draw in draws]
    if settings.variance_split:
        if settings.draws < FEWEST_DRAWS:
            raise InputError("ensemble.draws", too_few_to_split(settings.draws))
        others = [*draws[1:], draws[0]]
        units += [
            Unit(draw, source, other) for draw, other in zip(draws, others, strict=True) for source in SOURCES
        ]
    return units


def too_few_to_split(draws: int) -> str:
    """What is wrong with this number of draws when the variance is to be split."""
    return f"got {draws}; allowed with ensemble.variance_split=true: a whole number, {FEWEST_DRAWS} or more"


class Progress(Protocol):
    """Who wants to know how far an ensemble is."""

    def begin(self, total: int, done: int) -> None:
        """Units there are, and units found finished."""

    def finished(self, number: int) -> None:
        """A unit is stored."""

    def note(self, text: str) -> None:
        """What is being done now."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, total: int, done: int) -> None:
        """Nothing."""

    def finished(self, number: int) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Model:
    """What computes: `prepare(settings)` once per process, `run_unit(setup, unit, report)` per unit.

    Both are functions of a module, so that worker processes find them by name.
    """

    prepare: Callable[[Settings], Any]
    run_unit: Callable[[Any, Unit, Callable[[str], None] | None], xr.Dataset]


@dataclass(frozen=True)
class Failure:
    """Why a unit is not there; `of_surroundings` if a full disk or the like is to blame, not the model."""

    reason: str
    details: str = ""
    of_surroundings: bool = False


@dataclass(frozen=True)
class Task:
    """What an engine needs to compute any unit of an ensemble, in any process."""

    settings: Settings
    model: Model
    files: Mapping[Unit, Path]
    provenance: Mapping[str, Any]  # of the units; each adds its draw, and its sources if they are not all the draw's

    def prepare(self) -> Any:
        """The setup that all units of a process share."""
        return self.model.prepare(self.settings)

    def compute(self, setup: Any, unit: Unit, report: Callable[[str], None] | None = None) -> None:
        """Compute one unit and store it."""
        from regionsim.results.store import write_unit

        made = self.model.run_unit(setup, unit, report)
        if "world" not in made.dims:
            made = made.expand_dims(world=[self.settings.world.name])
        made.attrs = {key: value for key, value in made.attrs.items() if key not in DESCRIPTIONS}
        told = {**self.provenance, "draw": unit.draw}
        if unit.switched:
            told["sources"] = asdict(unit.sources)
        with writing(self.files[unit], made.nbytes):
            write_unit(made, self.files[unit], told)

    def is_stored(self, unit: Unit) -> bool:
        """Whether the unit's file is there and can be opened; a broken one is computed again."""
        import netCDF4

        file = self.files[unit]
        if not file.is_file():
            return False
        try:
            with netCDF4.Dataset(file) as stored:
                return "draw" in stored.dimensions
        except OSError:
            return False


def failure(error: BaseException) -> Failure:
    """A unit's error in one line, with its traceback beside it."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError) and error.errno in SURROUNDINGS:
        return Failure(
            f"{Path(error.filename or '.').parent}: {error.strerror}", details, of_surroundings=True
        )
    words = " ".join(str(error).split()) or "no further words"
    return Failure(f"{type(error).__name__}: {words}", details)
