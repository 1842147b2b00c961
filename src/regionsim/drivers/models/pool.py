"""The equal-weight linear pool: every member gives the same number of paths (Geweke and Amisano 2011)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.models.members import MEMBERS
from regionsim.drivers.series import Standardised

Array = NDArray[np.float64]


def member_paths(s: Standardised, steps: int, draws: int, rng: np.random.Generator) -> dict[str, Array]:
    """Paths (draws, steps) of every member, on the unit-free scale."""
    z = s.masked
    return {name: member(z, s.series.season, steps, draws, rng) for name, member in MEMBERS.items()}


def pooled(parts: list[Array], draws: int) -> Array:
    """`draws` paths, as many from each part as from any other (give or take one); parts: (at least draws/k, steps)."""
    share = [draws // len(parts) + (k < draws % len(parts)) for k in range(len(parts))]
    return np.concatenate([part[:n] for part, n in zip(parts, share, strict=True)])
