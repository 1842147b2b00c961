"""Ranges over draws, quarter by quarter: what a fan chart draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

LEVELS = (50, 80, 95)


def bands(values: xr.DataArray, levels: tuple[int, ...] = LEVELS) -> pd.DataFrame:
    """Median and central ranges over draws of `values` (draw, quarter): one row per quarter.

    Columns: quarter, mean, median, and lo50, hi50, lo80, hi80, ... for each level in percent; quantiles are
    interpolated linearly between draws, missing draws are left out.
    """
    data = np.asarray(values.transpose("draw", "quarter").values, dtype=np.float64)
    frame = {"quarter": [str(quarter) for quarter in values["quarter"].values]}
    columns = {"mean": np.nanmean(data, axis=0), "median": np.nanmedian(data, axis=0)}
    for level in levels:
        tail = (100 - level) / 200
        columns[f"lo{level}"] = np.nanquantile(data, tail, axis=0)
        columns[f"hi{level}"] = np.nanquantile(data, 1 - tail, axis=0)
    return pd.DataFrame({**frame, **columns})


def of_last_year(flow: xr.DataArray) -> xr.DataArray:
    """Sum of a flow over the quarter and the three before it: removes the season; the first three quarters are NaN."""
    return flow.rolling(quarter=4, min_periods=4).sum().assign_attrs(flow.attrs)
