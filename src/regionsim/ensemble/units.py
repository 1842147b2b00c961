"""A unit is one draw of one world with all its plans: computed at a time, stored in one file, never half.

To split the variance, a draw is run again with one of its sources of uncertainty taken from another draw: such a unit
is computed and stored like any other. Several scenarios that differ in their world are one set of units.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from regionsim.ensemble.marks import marked
from regionsim.ensemble.storage import SURROUNDINGS, writing
from regionsim.model.settings import NO_PLAN, Settings, World
from regionsim.state.errors import InputError
from regionsim.state.sources import SOURCES, Sources

if TYPE_CHECKING:
    import xarray as xr

DESCRIPTIONS = (
    "region",
    "world",
    "worlds",
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
    """Draw `draw`; with `switched`, the same draw with that source of uncertainty taken from draw `other`.

    world: name of the scenario's world where there are several, '' where there is one; repeats: repetitions of every
    point of a design of parameters (0: no design); then draw d is repetition d % repeats of point d // repeats.
    """

    draw: int
    switched: str = ""
    other: int | None = None
    world: str = ""
    repeats: int = 0

    @property
    def sources(self) -> Sources:
        """Which indices the run takes."""
        if self.repeats:
            point, repeat = divmod(self.draw, self.repeats)
            return replace(Sources.of_draw(repeat), point=point)
        plain = Sources.of_draw(self.draw)
        return plain if self.other is None else plain.switched(self.switched, self.other)

    @property
    def file_suffix(self) -> str:
        """End of the file's name: 'd0003', or 'd0003_driver0004' for draw 3 with the drivers of draw 4."""
        return f"d{self.draw:04d}" + ("" if self.other is None else f"_{self.switched}{self.other:04d}")

    def __str__(self) -> str:
        draw = str(self.draw) + ("" if self.other is None else f" with {self.switched} of {self.other}")
        return draw + (f" in {self.world}" if self.world else "")


def units_of(settings: Settings, world: str = "") -> list[Unit]:
    """All units of a scenario: its draws and, to split the variance, each again with every source of the next draw.

    The last draw takes from the first. Raises InputError if the variance is to be split with fewer than 4 draws.
    """
    draws = range(settings.first_draw, settings.first_draw + settings.draws)
    repeats = 0 if settings.design is None else settings.design.repeats
    units = [Unit(draw, world=world, repeats=repeats) for draw in draws]
    if settings.variance_split:
        if settings.draws < FEWEST_DRAWS:
            raise InputError("ensemble.draws", too_few_to_split(settings.draws))
        others = [*draws[1:], draws[0]]
        units += [
            Unit(draw, source, other, world) for draw, other in zip(draws, others, strict=True) for source in SOURCES
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

    def say(self, text: str) -> None:
        """What is worth a line that stays."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, total: int, done: int) -> None:
        """Nothing."""

    def finished(self, number: int) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Model:
    """What computes: `prepare(settings)` once per process, `run_unit(setup, unit, report)` per unit.

    Both are functions of a module, so that worker processes find them by name. What is prepared depends on neither
    world nor plans and holds `settings`, so that scenarios which differ in these alone share it.
    """

    prepare: Callable[[Settings], Any]
    run_unit: Callable[[Any, Unit, Callable[[str], None] | None], xr.Dataset]


@dataclass(frozen=True)
class Failure:
    """Why a unit is not there; `of_surroundings` if a full disk or the like is to blame, not the model.

    passing: another try may succeed (memory ran out while others were at work).
    """

    reason: str
    details: str = ""
    of_surroundings: bool = False
    passing: bool = False


@dataclass(frozen=True)
class Task:
    """What an engine needs to compute any unit of an ensemble, in any process."""

    scenarios: Mapping[str, Settings]  # by world; '' where there is only one
    model: Model
    files: Mapping[Unit, Path]
    provenance: Mapping[str, Mapping[str, Any]]  # by world; a unit adds its draw, and sources if not all are the draw's

    def compute(self, setup: Any, unit: Unit, report: Callable[[str], None] | None = None) -> None:
        """Compute one unit and store it; meanwhile a small file beside its own says who is at work."""
        from regionsim.results.store import write_unit

        settings, file = self.scenarios[unit.world], self.files[unit]
        with marked(file, report) as told_and_marked:
            made = self.model.run_unit(setup, unit, told_and_marked)
            if "world" not in made.dims:
                made = made.expand_dims(world=[settings.world.name])
            made.attrs = {key: value for key, value in made.attrs.items() if key not in DESCRIPTIONS}
            told = {**self.provenance[unit.world], "draw": unit.draw}
            if unit.sources != Sources.of_draw(unit.draw):
                told["sources"] = {name: index for name, index in asdict(unit.sources).items() if index is not None}
            with writing(file, made.nbytes):
                write_unit(made, file, told)

    def is_stored(self, unit: Unit) -> bool:
        """Whether the unit's file is there and can be opened; a broken one is computed again."""
        return is_stored(self.files[unit])


def is_stored(file: Path) -> bool:
    """Whether a unit's file is there and can be opened."""
    import netCDF4

    if not file.is_file():
        return False
    try:
        with netCDF4.Dataset(file) as stored:
            return "draw" in stored.dimensions
    except OSError:
        return False


class Setups:
    """The setups of a task in one process: the last one is kept, and serves all scenarios that need no other."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._setup: Any = None
        self._settings: Settings | None = None

    def of(self, unit: Unit) -> Any:
        """The setup of a unit's scenario. Raises InputError for bad input."""
        settings = self._task.scenarios[unit.world]
        if self._settings is None or _prepared(settings) != _prepared(self._settings):
            self._setup = self._task.model.prepare(settings)
        elif settings != self._settings:
            self._setup = replace(self._setup, settings=settings)
        self._settings = settings
        return self._setup


def _prepared(settings: Settings) -> Settings:
    """The settings as far as they decide what is prepared."""
    return replace(settings, world=World(), plans=(NO_PLAN,))


def failure(error: BaseException) -> Failure:
    """A unit's error in one line, with its traceback beside it."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError) and error.errno in SURROUNDINGS:
        return Failure(f"{Path(error.filename or '.').parent}: {error.strerror}", details, of_surroundings=True)
    words = " ".join(str(error).split()) or "no further words"
    return Failure(f"{type(error).__name__}: {words}", details, passing=isinstance(error, MemoryError))
