"""Drivers without usable data: a central path through what is published, then a declared assumption, wide on purpose.

After its last figure such a driver follows a forecast one where there is a reason to (wages follow prices), and
wanders from there with the spread of its parameter (configs/parameters/drivers.yaml). It is left out of backtests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.forecast import generator
from regionsim.drivers.history.observed import ASSUMED, ObservedSeries

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Assumed:
    """One assumed driver on the calendar of the run.

    central: (quarters,) from the first quarter of the run, what is published and what would follow without chance;
    last: index of the quarter after which it wanders, that of the last figure; published: whether there is any figure;
    follows: a forecast role, whose changes after that quarter are passed on with the elasticity; reversion_year: share
    of a deviation that is gone after a year; relative: deviations are of the logarithm, else of the level.
    """

    name: str
    central: Array
    last: int
    unit: str
    source: str
    sd_year: float
    published: bool = True
    relative: bool = True
    follows: str = ""
    elasticity: float = 0.0
    reversion_year: float = 0.0

    def history(self, first: int) -> ObservedSeries:
        """What is published, from ordinal `first`, the first quarter of the run."""
        values = self.central[: self.last + 1 if self.published else 0]
        return ObservedSeries(self.name, first, values, False, self.relative, self.unit, self.source, ASSUMED)


def assumed_paths(a: Assumed, roles: Mapping[str, Array], draws: int, seed: int, key: int) -> Array:
    """Paths (draws, quarters); roles: paths of the forecast roles, same shape. Before the last figure all are equal."""
    quarters = len(a.central)
    ahead = quarters - 1 - a.last
    shocks = generator(seed, a.name, key).normal(0.0, a.sd_year / 2, (draws, ahead))  # four quarters make a year
    kept = (1 - a.reversion_year) ** 0.25
    deviation = np.zeros((draws, quarters))
    for h in range(ahead):
        at = a.last + 1 + h
        deviation[:, at] = (kept * deviation[:, at - 1] if h else 0.0) + shocks[:, h]
    if a.follows:
        ln = np.log(roles[a.follows])
        since = ln - ln[:, a.last][:, None]
        since[:, : a.last + 1] = 0.0
        deviation += a.elasticity * since
    return np.asarray(a.central * np.exp(deviation) if a.relative else a.central + deviation)
