"""A series as a forecaster sees it: regular, transformed so that its unit does not matter, the pandemic set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PANDEMIC_YEARS = (2020, 2021)  # all periods of these years: they tell about closures, not about how a series moves
DIGITS = 9  # decimals kept after the transformation, so that a unit's rounding cannot reach an optimiser


@dataclass(frozen=True)
class Series:
    """Consecutive observations of one quantity.

    first: ordinal of the first period, year x periods + index in the year; values: (n,) in the series' own unit;
    periods: periods a year (1, 4 or 12); seasonal: has a season; log: changes are relative, all values above 0;
    shift: ordinal of the first period of a lasting change of level that says nothing about later changes.
    """

    name: str
    first: int
    values: Array
    periods: int = 4
    seasonal: bool = False
    log: bool = True
    shift: int | None = None

    @property
    def last(self) -> int:
        """Ordinal of the last period observed."""
        return self.first + len(self.values) - 1

    @property
    def season(self) -> int:
        """Length of the season in periods, 1 without one."""
        return self.periods if self.seasonal and self.periods > 1 else 1

    def until(self, last: int) -> Series:
        """The series as it was known in period `last`; the whole series if it ends before."""
        return replace(self, values=self.values[: max(last - self.first + 1, 0)])


@dataclass(frozen=True)
class Standardised:
    """A series on a scale without unit: 100 x log relative to the last value, or changes of standard deviation 1.

    z: (n,), 0 at the end; known: (n,) False in the pandemic; jump: (n,) True where the change from the period before is
    no guide: in the pandemic, in the period after it and where the level shifts.
    """

    series: Series
    z: Array
    known: NDArray[np.bool_]
    jump: NDArray[np.bool_]
    unit: float

    @property
    def changes(self) -> Array:
        """Change from the period before, NaN where it is no guide; (n,), the first is NaN."""
        steps = np.diff(self.z, prepend=np.nan)
        steps[self.jump] = np.nan
        return steps

    @property
    def masked(self) -> Array:
        """z with the pandemic missing and the level before a shift moved to that after it; (n,)."""
        z = self.z.copy()
        z[: self._shift_at()] += self._shift_size()
        z[~self.known] = np.nan
        return z

    def back(self, paths: Array) -> Array:
        """Paths on this scale, any shape, in the unit of the series."""
        last = self.series.values[-1]
        return np.asarray(last * np.exp(paths / 100.0) if self.series.log else last + paths * self.unit)

    def _shift_at(self) -> int:
        at = self.series.shift
        return 0 if at is None else max(min(at - self.series.first, len(self.z)), 0)

    def _shift_size(self) -> float:
        """What the level lost or gained at the shift beyond its usual growth, between the nearest known periods."""
        at = self._shift_at()
        before, after = np.flatnonzero(self.known[:at]), np.flatnonzero(self.known[at:])
        if before.size < 2 or after.size == 0:
            return 0.0
        start, end = int(before[-1]), at + int(after[0])
        usual = float(np.nanmean(self.changes[: start + 1]))
        return float(self.z[end] - self.z[start] - usual * (end - start))


def standardised(series: Series) -> Standardised:
    """The series on its unit-free scale."""
    ordinals = series.first + np.arange(len(series.values))
    years = ordinals // series.periods
    pandemic = (years >= PANDEMIC_YEARS[0]) & (years <= PANDEMIC_YEARS[1])
    jump = pandemic.copy()
    jump[1:] |= pandemic[:-1]
    if series.shift is not None:
        jump |= ordinals == series.shift
    if series.log:
        unit, z = 1.0, 100.0 * np.log(series.values / series.values[-1])
    else:
        steps = np.diff(series.values)[~jump[1:]]
        unit = float(steps.std()) if steps.size else 1.0
        z = (series.values - series.values[-1]) / (unit or 1.0)
    return Standardised(series, np.round(z, DIGITS), ~pandemic, jump, unit or 1.0)
