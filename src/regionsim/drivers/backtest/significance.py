"""How sure the scores are: Diebold-Mariano tests and their size, block bootstrap, effective number of origins."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BOOTSTRAPS = 2000
TESTS_SIMULATED = 2000


def diebold_mariano(loss: Array, other: Array, horizon: int) -> tuple[float, float]:
    """Statistic and two-sided p of equal accuracy; below 0: `loss` is the smaller. Losses (origins,), in order.

    statsmodels' test with the correction of Harvey, Leybourne and Newbold (1997) and horizon - 1 lags; NaN where its
    variance is not positive or there are fewer origins than twice the horizon.
    """
    from statsmodels.tsa.api import diebold_mariano_test

    if len(loss) < max(2 * horizon, 8) or np.allclose(loss, other):
        return float("nan"), float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = diebold_mariano_test(
            np.zeros_like(loss), loss, other, lags=horizon - 1, horizon=horizon, harvey_adj=True,
            criterion=lambda _, forecast: forecast,
        )  # fmt: skip
    return float(result.statistic), float(result.pvalue)


def simulated_size(origins: int, horizon: int, nominal: float, seed: int = 1) -> float:
    """Share of true nulls that the test rejects at `nominal`, for errors that overlap as those of the horizon do.

    The loss difference is a moving average of order horizon - 1 of normal shocks with equal weights, as for forecasts
    of a random walk.
    """
    from scipy.stats import t

    if origins < max(2 * horizon, 8):
        return float("nan")
    rng = np.random.default_rng([seed, origins, horizon])
    shocks = rng.standard_normal((TESTS_SIMULATED, origins + horizon - 1))
    difference = sum(shocks[:, k : k + origins] for k in range(horizon))
    statistics = _statistics(np.asarray(difference), horizon)
    statistics = statistics[~np.isnan(statistics)]
    rejected = 2 * t.sf(np.abs(statistics), origins - 1) < nominal
    return float(rejected.mean()) if len(rejected) else float("nan")


def _statistics(difference: Array, horizon: int) -> Array:
    """Diebold-Mariano statistics of many samples at once, (samples,), NaN where the variance is not positive.

    As the library has it: a variance with Bartlett weights (Newey and West 1987) to lag horizon - 1.
    """
    n = difference.shape[1]
    centred = difference - difference.mean(axis=1, keepdims=True)
    covariances = [(centred[:, k:] * centred[:, : n - k]).sum(axis=1) / n for k in range(horizon)]
    weighted = [(1 - k / horizon) * covariances[k] for k in range(1, horizon)]
    variance = (covariances[0] + 2 * sum(weighted)) / n
    corrected = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.sqrt(corrected) * difference.mean(axis=1) / np.sqrt(variance)
    return np.where(variance > 0, found, np.nan)


def effective_origins(loss: Array, horizon: int) -> float:
    """Number of independent origins with the same information on the mean: n / (1 + 2 sum of autocorrelations).

    Bartlett weights to lag horizon - 1, between 1 and n.
    """
    n, centred = len(loss), loss - loss.mean()
    variance = float(centred @ centred)
    if n < 3 or variance == 0:
        return float(n)
    sums = sum((1 - k / horizon) * float(centred[k:] @ centred[:-k]) / variance for k in range(1, min(horizon, n - 1)))
    return float(np.clip(n / max(1 + 2 * sums, 1e-9), 1.0, n))


def block_interval(
    by_origin: Array, weights: Array, block: int, level: float = 0.9, seed: int = 1
) -> tuple[float, float]:
    """Interval of a weighted mean over origins by a circular block bootstrap (Politis and Romano 1992).

    by_origin: mean of each origin (origins,); weights: number of cases behind it; block: origins that stay together.
    """
    n = len(by_origin)
    rng = np.random.default_rng([seed, n, block])
    starts = rng.integers(0, n, (BOOTSTRAPS, -(-n // block)))
    chosen = ((starts[:, :, None] + np.arange(block)) % n).reshape(BOOTSTRAPS, -1)[:, :n]
    means = (by_origin[chosen] * weights[chosen]).sum(axis=1) / weights[chosen].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
