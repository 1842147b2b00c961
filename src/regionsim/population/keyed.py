"""Draws of the synthesis: one stream per decision, before the first quarter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state.draws import Draws

Floats = NDArray[np.float64]


class Keyed:
    """Draws that belong to (seed, decision, id), never to the order in which they are taken."""

    def __init__(self, seed: int) -> None:
        self._draws = Draws(seed)

    def uniform(self, decision: str, ids: NDArray[np.uint64]) -> Floats:
        """Uniform draws in (0, 1), one per id."""
        return self._draws.uniform(f"synthesis: {decision}", 0, ids)

    def normal(self, decision: str, ids: NDArray[np.uint64]) -> Floats:
        """Standard normal draws, one per id (Box-Muller on two streams)."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(decision, ids)))
        return radius * np.cos(2.0 * np.pi * self.uniform(decision + ", angle", ids))

    def geometric(self, decision: str, ids: NDArray[np.uint64], stay: float) -> Floats:
        """Whole quarters already spent in a state that is kept with probability `stay` a quarter; 0 is the first."""
        quarters: Floats = np.floor(np.log(self.uniform(decision, ids)) / np.log(stay))
        return quarters
