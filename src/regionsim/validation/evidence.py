"""What a measure of a fact looks into: the runs, with the questions that most measures ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.validation.runs import DrawRun

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
NAN = float("nan")


class NoCounterpart(LookupError):
    """The model has nothing that the fact speaks of; the message says what is missing."""


@dataclass(frozen=True)
class Evidence:
    """The tables of the region, its quarters, and the runs of all draws."""

    tables: RegionTables
    quarters: Sequence[str]
    runs: Sequence[DrawRun]

    def mean(self, of: Callable[[DrawRun], float]) -> float:
        """Mean over the draws; NaN where a draw has no value."""
        return float(np.mean([of(run) for run in self.runs]))

    def total(self, run: DrawRun, name: str, **chosen: object) -> Array:
        """An outcome by quarter, summed over what is left of its dims. Raises NoCounterpart without it."""
        values = outcome(run, name)
        values = values.sel({dim: label for dim, label in chosen.items() if dim in values.dims})
        summed: Array = values.sum([dim for dim in values.dims if dim != "quarter"]).to_numpy()
        return summed

    def year(self, values: Array, year: int) -> float:
        """Mean over the quarters of a year; NaN if the run does not hold all four."""
        inside = [i for i, quarter in enumerate(self.quarters) if quarter.startswith(str(year))]
        return float(values[inside].mean()) if len(inside) == 4 else NAN

    def at(self, values: Array, quarter: str) -> float:
        """Value of a quarter; NaN outside the run."""
        return float(values[list(self.quarters).index(quarter)]) if quarter in self.quarters else NAN

    def change(self, values: Array, quarter: str) -> float:
        """Change on the quarter before, in %; NaN outside the run."""
        where = list(self.quarters).index(quarter) if quarter in self.quarters else 0
        return 100.0 * float(values[where] / values[where - 1] - 1.0) if where > 0 else NAN

    def observed(self, name: str, year: int) -> float:
        """Mean over the draws of what the observer saw at the end of a year; NaN where there is none."""
        return self.mean(lambda run: float(run.yearly.get(name, {}).get(year, NAN)))

    def observed_mean(self, name: str, years: range) -> float:
        """The same, mean of several years."""
        return float(np.mean([self.observed(name, year) for year in years]))


def outcome(run: DrawRun, name: str) -> xr.DataArray:
    """An outcome of the catalogue. Raises NoCounterpart if the model does not have it."""
    if name not in run.outcomes:
        raise NoCounterpart(f"the model has no outcome '{name}'")
    return run.outcomes[name]
