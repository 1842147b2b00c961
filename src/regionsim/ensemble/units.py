"""A unit is one draw of one world with all its plans: computed at a time, stored in one file, never half."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from regionsim.ensemble.storage import SURROUNDINGS, writing
from regionsim.model.settings import Settings

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
    """What computes: `prepare(settings)` once per process, `run_unit(setup, draw, report)` per unit.

    Both are functions of a module, so that worker processes find them by name.
    """

    prepare: Callable[[Settings], Any]
    run_unit: Callable[[Any, int, Callable[[str], None] | None], xr.Dataset]


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
    files: Mapping[int, Path]
    provenance: Mapping[str, Any]  # of the units; each adds its draw

    def prepare(self) -> Any:
        """The setup that all units of a process share."""
        return self.model.prepare(self.settings)

    def compute(self, setup: Any, draw: int, report: Callable[[str], None] | None = None) -> None:
        """Compute one unit and store it."""
        from regionsim.results.store import write_unit

        unit = self.model.run_unit(setup, draw, report)
        if "world" not in unit.dims:
            unit = unit.expand_dims(world=[self.settings.world.name])
        unit.attrs = {key: value for key, value in unit.attrs.items() if key not in DESCRIPTIONS}
        with writing(self.files[draw], unit.nbytes):
            write_unit(unit, self.files[draw], {**self.provenance, "draw": draw})

    def is_stored(self, draw: int) -> bool:
        """Whether the unit's file is there and can be opened; a broken one is computed again."""
        import netCDF4

        file = self.files[draw]
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
