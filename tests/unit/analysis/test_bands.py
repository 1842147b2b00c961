"""Ranges over draws and sums over a year."""

from __future__ import annotations

import numpy as np
import xarray as xr

from regionsim.analysis.bands import bands, of_last_year


def test_bands_are_quantiles_over_draws() -> None:
    values = np.random.default_rng(2).normal(0, 1, (200, 3))
    array = xr.DataArray(values, dims=("draw", "quarter"), coords={"quarter": ["2011Q1", "2011Q2", "2011Q3"]})
    frame = bands(array.transpose("quarter", "draw"))
    np.testing.assert_allclose(frame["median"], np.median(values, axis=0))
    for level, low, high in ((50, 0.25, 0.75), (80, 0.1, 0.9), (95, 0.025, 0.975)):
        np.testing.assert_allclose(frame[f"lo{level}"], np.quantile(values, low, axis=0))
        np.testing.assert_allclose(frame[f"hi{level}"], np.quantile(values, high, axis=0))
    assert frame["quarter"].tolist() == ["2011Q1", "2011Q2", "2011Q3"]


def test_bands_leave_out_missing_draws() -> None:
    array = xr.DataArray([[1.0], [np.nan], [3.0]], dims=("draw", "quarter"), coords={"quarter": ["2011Q1"]})
    assert bands(array)["median"].tolist() == [2.0]


def test_a_year_is_this_quarter_and_the_three_before_it() -> None:
    flow = xr.DataArray([1.0, 2.0, 4.0, 8.0, 16.0], dims="quarter")
    year = of_last_year(flow).values
    assert np.isnan(year[:3]).all()
    assert year[3:].tolist() == [15.0, 30.0]
