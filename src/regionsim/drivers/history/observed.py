"""One driver's history: consecutive quarters or years, with unit, source and how it is forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

JOINT = "BVAR and pool"  # of the quarterly block, joined by the Schaake shuffle
POOLED_WALK = "pooled random walk"
ASSUMED = "assumption"


@dataclass(frozen=True)
class ObservedSeries:
    """`values` for consecutive quarters (or years, if annual) from ordinal `start`, in `unit`.

    model: JOINT, POOLED_WALK or ASSUMED, what its paths are after the last observation; logarithmic: changes are of the
    logarithm, else of the level.
    """

    name: str
    start: int  # ordinal quarter of the first value; of the year's first quarter for annual series
    values: Array
    annual: bool
    logarithmic: bool
    unit: str
    source: str
    model: str

    @property
    def last(self) -> int:
        """Ordinal of the last quarter observed; the one before `start` if nothing was."""
        return self.start + len(self.values) * (4 if self.annual else 1) - 1

    def quarterly(self, first: int, last: int) -> Array:
        """Values from quarter `first` to `last`; an annual value holds for its four quarters (stated in the docs)."""
        steps = (np.arange(first, last + 1) - self.start) // (4 if self.annual else 1)
        return self.values[np.clip(steps, 0, len(self.values) - 1)]
