"""Has a series a season? Strength of seasonality of its changes (Wang, Smith and Hyndman 2006), one bar for all."""

from __future__ import annotations

import numpy as np

from regionsim.drivers.series import Series, standardised

BAR = 0.64  # of nsdiffs in R's forecast (Hyndman and Athanasopoulos 2021, section 9.1)
FEWEST_YEARS = 4


def season_strength(series: Series) -> float:
    """1 - var(rest) / var(season + rest) of a robust STL of the changes, 0 to 1; the pandemic has usual changes.

    It uses the whole series, so a backtest with a season chosen by it has seen that much of the future.
    """
    from statsmodels.tsa.seasonal import STL

    m = series.periods
    changes = standardised(series).changes[1:]
    if m == 1 or len(changes) < FEWEST_YEARS * m:
        return 0.0
    season = np.arange(len(changes)) % m
    usual = np.array([np.nanmedian(changes[season == k]) for k in range(m)])
    filled = np.where(np.isnan(changes), usual[season], changes)
    if filled.std() == 0:
        return 0.0
    parts = STL(filled, period=m, seasonal=7, robust=True).fit()
    rest, both = np.var(parts.resid), np.var(parts.resid + parts.seasonal)
    return float(max(0.0, 1 - rest / both)) if both > 0 else 0.0


def has_season(series: Series) -> bool:
    """Whether the strength reaches the bar."""
    return season_strength(series) >= BAR
