"""Short annual series of a panel: a random walk whose steps are those that the panel made in the past.

A year's step is common to the panel plus each member's own; both are drawn from what happened (with a random sign, so
there is no drift), the own steps from those of all members together. Ten observations of one place say too little
about its spread; those of eight places say more. The part of a step that later years take back does not accumulate: it
is noise around the walk, of the last observed year and of every year to come. Its share is what the variance of changes
over k years, divided by k, falls short of that of single steps (variance ratio of Cochrane 1988); k is a third of the
years that are known, at least two.
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
    common, own = steps.mean(axis=0, keepdims=True), steps - steps.mean(axis=0)
    return _walk(common, (draws, 1, years), rng) + _walk(own, (draws, members, years), rng)


def lasting_share(steps: Array) -> float:
    """Share of the variance of steps (members, past years) that later steps do not take back, pooled; 0 to 1."""
    span = max(2, steps.shape[1] // 3)
    once = float(np.mean(steps**2))
    if once == 0:
        return 1.0
    spans = np.lib.stride_tricks.sliding_window_view(steps, span, axis=1).sum(axis=2)
    return float(min(np.mean(spans**2) / span / once, 1.0))


def _walk(steps: Array, shape: tuple[int, int, int], rng: np.random.Generator) -> Array:
    """Accumulated lasting parts, plus the noise of each year less that of the last observed one; `shape`."""
    share = lasting_share(steps)
    walk = np.cumsum(_drawn(steps, shape, rng), axis=2) * np.sqrt(share)
    noise = _drawn(steps, (*shape[:2], shape[2] + 1), rng) * np.sqrt((1 - share) / 2)
    return np.asarray(walk + noise[:, :, 1:] - noise[:, :, :1])


def _drawn(steps: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.asarray(rng.choice(steps.ravel(), shape) * rng.choice([-1.0, 1.0], shape))
