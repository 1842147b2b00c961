"""Short annual series of a panel: a random walk whose steps are those that the panel made in the past.

A year's step is common to the panel plus each member's own; both are drawn from what happened (with a random sign, so
there is no drift), the own steps from those of all members together. Ten observations of one place say too little
about its spread; those of eight places say more. Steps that later years take back do not accumulate: the variance of
steps is that of changes over k years divided by k where that is smaller (variance ratio of Cochrane 1988), with k a
third of the years that are known, at least two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def pooled_walk(steps: Array, years: int, draws: int, rng: np.random.Generator) -> Array:
    """Accumulated steps (draws, members, years) from past ones (members, past years).

    One member: no own steps. Less than two past years: no steps at all.
    """
    members, past = steps.shape
    if past < 2:
        return np.zeros((draws, members, years))
    common = lasting(steps.mean(axis=0, keepdims=True))
    own = lasting(steps - steps.mean(axis=0)) * np.sqrt(members / max(members - 1, 1))
    return np.cumsum(_drawn(common, (draws, 1, years), rng) + _drawn(own, (draws, members, years), rng), axis=2)


def lasting(steps: Array) -> Array:
    """Steps scaled to the part of their variance that later steps do not take back, pooled over members; same shape."""
    span = max(2, steps.shape[1] // 3)
    once = float(np.mean(steps**2))
    spans = np.lib.stride_tricks.sliding_window_view(steps, span, axis=1).sum(axis=2)
    ratio = float(np.mean(spans**2)) / span / once if once > 0 else 1.0
    return np.asarray(steps * np.sqrt(min(ratio, 1.0)))


def _drawn(steps: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.asarray(rng.choice(steps.ravel(), shape) * rng.choice([-1.0, 1.0], shape))
