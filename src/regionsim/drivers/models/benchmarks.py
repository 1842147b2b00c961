"""What a forecast must beat: random walk, random walk with drift, AR(1); on the unit-free scale, paths (draws, steps).

With a season they describe the change from the same period of the year before; without one, from the period before.
They start from the last value as observed, in the pandemic too; changes in it are left out of their estimates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.series import Standardised

Array = NDArray[np.float64]


def random_walk(s: Standardised, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """No change but chance."""
    changes = _changes(s)
    return _accumulated(s, rng.normal(0.0, np.sqrt(np.mean(changes**2)), (draws, steps)))


def drift(s: Standardised, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """The mean change of the past, and chance."""
    changes = _changes(s)
    return _accumulated(s, rng.normal(changes.mean(), changes.std(ddof=1), (draws, steps)))


def ar1(s: Standardised, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """Changes follow a first-order autoregression with a constant, by least squares."""
    past = seasonal_changes(s)
    pairs = np.column_stack([past[:-1], past[1:]])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    x = np.column_stack([np.ones(len(pairs)), pairs[:, 0]])
    (constant, phi), *_ = np.linalg.lstsq(x, pairs[:, 1], rcond=None)
    phi = float(np.clip(phi, -0.99, 0.99))
    spread = float((pairs[:, 1] - x @ [constant, phi]).std(ddof=min(2, len(pairs) - 1)))
    change = np.full(draws, past[-1] if not np.isnan(past[-1]) else constant / (1 - phi))
    out = np.empty((draws, steps))
    for h in range(steps):
        change = constant + phi * change + rng.normal(0.0, spread, draws)
        out[:, h] = change
    return _accumulated(s, out)


BENCHMARKS = {"random_walk": random_walk, "drift": drift, "ar1": ar1}


def seasonal_changes(s: Standardised) -> Array:
    """Changes over a season, NaN where one of its periods is no guide; (n - season,)."""
    m, z = s.series.season, s.z
    out = z[m:] - z[:-m]
    odd = np.array([s.jump[t + 1 : t + m + 1].any() for t in range(len(out))])
    out[odd] = np.nan
    return np.asarray(out)


def _changes(s: Standardised) -> Array:
    steps = seasonal_changes(s)
    return np.asarray(steps[~np.isnan(steps)])


def _accumulated(s: Standardised, changes: Array) -> Array:
    """Levels from changes over a season, starting from the last values."""
    m, draws = s.series.season, len(changes)
    levels = np.concatenate([np.broadcast_to(s.z[-m:], (draws, m)), changes], axis=1)
    for h in range(changes.shape[1]):
        levels[:, m + h] += levels[:, h]
    return levels[:, m:]
