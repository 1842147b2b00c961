"""Margins made joint: the Schaake shuffle (Clark et al. 2004) over trajectories of the past.

Every series and period keeps exactly its own sample of values; which value stands in which path is decided by a
template, a trajectory of past changes in which the series keep their dates: where the template is third smallest, the
path takes the third smallest value. Templates of any length are made of blocks of past changes (moving blocks).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BLOCK = 4  # periods that stay together; about the cube root of the sample, the rate of Kuensch (1989)


def templates(changes: Array, steps: int, draws: int, rng: np.random.Generator) -> Array | None:
    """Trajectories (draws, steps, n) of accumulated past changes; changes: (periods, n), NaN where unknown or no guide.

    A block never bridges a period with an unknown change; None if no block is whole.
    """
    whole: NDArray[np.bool_] = np.all(~np.isnan(changes), axis=1)
    starts = [t for t in range(len(changes) - BLOCK + 1) if whole[t : t + BLOCK].all()]
    if not starts:
        return None
    blocks = -(-steps // BLOCK)
    chosen = rng.choice(starts, size=(draws, blocks))
    rows = (chosen[:, :, None] + np.arange(BLOCK)).reshape(draws, -1)[:, :steps]
    return np.asarray(np.cumsum(changes[rows], axis=1))


def shuffled(sample: Array, template: Array) -> Array:
    """The sample with its values in the order of the template; both (draws, steps, n)."""
    ranks = template.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return np.take_along_axis(np.sort(sample, axis=0), ranks, axis=0)
