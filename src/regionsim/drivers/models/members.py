"""The four members of the pool, all from statsmodels, on the unit-free scale: each returns paths (draws, steps).

Missing values (the pandemic) are left to the Kalman filter; Theta, which has none, bridges them by a straight line.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ETS_STARTS = tuple(itertools.product((0.1, 0.5, 0.9), (0.02, 0.3), (0.05, 0.5), (0.9, 0.97)))
NEAR_ENOUGH = {"factr": 1e10, "pgtol": 1e-4}  # stops within a thousandth of the best log likelihood, a quarter sooner
Member = Callable[[Array, int, int, int, np.random.Generator], Array]


def ets(z: Array, season: int, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """Exponential smoothing with additive error, damped trend and additive season (Hyndman et al. 2008)."""
    from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing

    seasonal = season if season > 1 else None
    model = ExponentialSmoothing(
        z, trend=True, damped_trend=True, seasonal=seasonal, initialization_method="concentrated"
    )
    starts = {tuple(model.start_params), *(_ets_start(model.param_names, *point) for point in ETS_STARTS)}
    best = max(sorted(starts), key=model.loglike)  # the library's own start often ends in a worse local optimum
    return _simulated(model, steps, draws, rng, np.array(best))


def airline(z: Array, season: int, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """The airline model (0,1,1)(0,1,1) of Box and Jenkins; without a season (0,1,1) with drift."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    if season > 1:
        model = SARIMAX(z, order=(0, 1, 1), seasonal_order=(0, 1, 1, season))
    else:
        model = SARIMAX(z, order=(0, 1, 1), trend="c")
    return _simulated(model, steps, draws, rng)


def level(z: Array, season: int, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """Unobserved components: random-walk level with a constant slope, noise, and a changing season (Harvey 1989)."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(z, level="lldtrend", seasonal=season if season > 1 else None)
    return _simulated(model, steps, draws, rng)


def theta(z: Array, season: int, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """Theta (Assimakopoulos and Nikolopoulos 2000): its mean, with the spread of its own smoothing errors.

    The library's intervals take their spread from the series with its season in; here it comes from the one-step errors
    of the seasonally adjusted series, and grows with the smoothing weight as in simple exponential smoothing.
    """
    import pandas as pd
    from statsmodels.tsa.forecasting.theta import ThetaModel

    z, missing_at_end = _bridged(z)
    ahead = steps + missing_at_end
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = ThetaModel(
            pd.Series(z), period=max(season, 2), deseasonalize=season > 1, use_test=False, method="additive"
        ).fit()
        mean = fit.forecast(ahead).to_numpy()
    alpha = float(np.clip(fit.params["alpha"], 0.0, 1.0))
    adjusted = z - _season_of(z, season)
    errors = _smoothing_errors(adjusted, alpha)
    shocks = rng.normal(0.0, errors.std(ddof=2), (draws, ahead))
    spread = shocks + alpha * (np.cumsum(shocks, axis=1) - shocks)
    return np.asarray((mean + spread)[:, missing_at_end:])


MEMBERS: dict[str, Member] = {"ets": ets, "airline": airline, "level": level, "theta": theta}


def _ets_start(names: list[str], level: float, trend: float, season: float, damping: float) -> tuple[float, ...]:
    """A starting point in the library's order; trend and season as shares of what the level leaves them."""
    of = {
        "smoothing_level": level,
        "smoothing_trend": trend * level,
        "smoothing_seasonal": season * (1 - level),
        "damping_trend": damping,
    }
    return tuple(of[name] for name in names)


def _simulated(model: Any, steps: int, draws: int, rng: np.random.Generator, start: Array | None = None) -> Array:
    """Paths from the fitted model's state after the last observation, the state drawn too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(start, disp=0, **NEAR_ENOUGH)
        paths = fit.simulate(steps, repetitions=draws, anchor="end", rng=rng)
    return np.asarray(paths, dtype=np.float64).reshape(steps, draws).T


def _bridged(z: Array) -> tuple[Array, int]:
    """The series to its last known value with gaps bridged, and how many periods are missing behind it."""
    known = np.flatnonzero(~np.isnan(z))
    whole = z[: known[-1] + 1]
    at = np.arange(len(whole))
    return np.interp(at, known, z[known]), len(z) - len(whole)


def _season_of(z: Array, season: int) -> Array:
    """Mean deviation of each period of the year from a centred moving average; (n,)."""
    if season == 1:
        return np.zeros_like(z)
    from statsmodels.tsa.seasonal import seasonal_decompose

    return np.asarray(seasonal_decompose(z, model="additive", period=season).seasonal)


def _smoothing_errors(z: Array, alpha: float) -> Array:
    """One-step errors of simple exponential smoothing, their mean (the drift) removed; without the first two."""
    smooth, errors = z[0], np.empty(len(z) - 1)
    for t in range(1, len(z)):
        errors[t - 1] = z[t] - smooth
        smooth += alpha * errors[t - 1]
    return np.asarray(errors[1:] - errors[1:].mean())
