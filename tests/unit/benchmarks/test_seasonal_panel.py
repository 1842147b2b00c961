"""The panel's own arithmetic on known cases; its models and data are optional and not needed here."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from benchmarks.panel_series import quarterly
from benchmarks.seasonal_panel import (
    HORIZON,
    LEVELS,
    PROBABILITIES,
    QUANTILES,
    origins_of,
    quantiles_of,
    ratio_interval,
    score_table,
)
from scipy.stats import norm

from regionsim.drivers.backtest.scores import scale_of, score_rows
from regionsim.drivers.series import Series, standardised

SERIES = Series("s", 4 * 1990, 100.0 + np.tile([0.0, 10.0, 5.0, -5.0], 16) + np.arange(64.0), seasonal=True)


def normal_intervals(mean: float, sd: float) -> dict[str, np.ndarray]:
    """A prediction as statsforecast gives it."""
    half = {level: sd * norm.ppf(0.5 + level / 200) * np.ones(HORIZON) for level in LEVELS}
    return {
        "mean": np.full(HORIZON, mean),
        **{f"lo-{level}": mean - h for level, h in half.items()},
        **{f"hi-{level}": mean + h for level, h in half.items()},
    }


def test_intervals_become_the_quantiles_of_the_forecast() -> None:
    found = quantiles_of(normal_intervals(3.0, 2.0))
    assert found.shape == (QUANTILES, HORIZON)
    assert np.allclose(found[:, 0], norm.ppf(PROBABILITIES, 3.0, 2.0), atol=1e-4)


def test_quantiles_have_the_crps_and_coverage_of_the_normal_distribution() -> None:
    scale = standardised(replace(SERIES, log=False))
    sd, last = 2.0, SERIES.values[-1]
    later = last + np.array([0.0, 0.5, 1.0, 2.0, 2.5, 2.6, 3.8, 4.0])
    sample = (quantiles_of(normal_intervals(last, sd)) - last) / scale.unit
    rows = pd.DataFrame(score_rows(scale, "normal", sample, later, np.random.default_rng(1)))
    x = (later - last) / sd
    closed_form = sd * (x * (2 * norm.cdf(x) - 1) + 2 * norm.pdf(x) - 1 / np.sqrt(np.pi))  # Gneiting and Raftery 2007
    assert np.allclose(rows["crps"], closed_form, rtol=0.01)
    assert scale_of(scale) == pytest.approx(4.0)  # one more each quarter
    assert np.allclose(rows["scaled_crps"] * 4.0, rows["crps"])
    assert rows["in80"].tolist() == [True] * 5 + [False] * 3  # 2.563 at 80 %, 3.920 at 95 %
    assert rows["in95"].tolist() == [True] * 7 + [False]


def test_only_whole_quarters_are_kept() -> None:
    months = np.arange(1.0, 12.0)  # February to December
    first, values = quarterly(months, (2001, 2), 12, "sum")
    assert (first, values.tolist()) == (4 * 2001 + 1, [12.0, 21.0, 30.0])
    assert quarterly(months, (2001, 2), 12, "mean")[1].tolist() == [4.0, 7.0, 10.0]
    assert quarterly(months[:10], (2001, 2), 12, "sum")[1].tolist() == [12.0, 21.0]
    assert quarterly(months, (2001, 2), 4, "sum")[0] == 4 * 2001 + 1


def test_every_origin_has_ten_years_before_and_the_horizon_after_it() -> None:
    assert list(origins_of(SERIES, 3)) == [SERIES.last - HORIZON - 2, SERIES.last - HORIZON - 1, SERIES.last - HORIZON]
    assert len(list(origins_of(SERIES, 60))) == 64 - 40 - HORIZON + 1


def test_ratio_is_of_the_means_over_series_and_its_interval_holds_groups_together() -> None:
    cases = [("a", "one", 1.0, 2.0), ("a", "two", 3.0, 2.0), ("b", "three", 2.0, 4.0)]
    rows = [
        {"group": g, "series": s, "model": m, "horizon": h, "scaled_crps": x, "in80": 1, "in95": 1, "seconds": 0.1}
        for g, s, *both in cases
        for m, x in zip(("pool", "other"), both, strict=True)
        for h in (1, 4, 8)
    ]
    table = score_table(pd.DataFrame(rows))
    assert table.index.tolist() == ["pool", "other"]
    assert table.loc["other", "pool_to"] == pytest.approx(2 / (8 / 3))
    assert table.loc["other", "typical"] == pytest.approx((0.5 * 1.5 * 0.5) ** (1 / 3))
    assert table.loc["other", "pool_better"] == 2
    low, high = ratio_interval(np.array([1.0, 3.0, 2.0]), np.array([2.0, 2.0, 4.0]), np.array(["a", "a", "b"]))
    assert (low, high) == (pytest.approx(0.5), pytest.approx(1.0))  # group b alone, group a alone
