"""Scores and tests against closed forms and simulations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regionsim.drivers.backtest.origins import Backtest, backtest
from regionsim.drivers.backtest.scores import scale_of, score_rows
from regionsim.drivers.backtest.significance import (
    block_interval,
    diebold_mariano,
    effective_origins,
    simulated_size,
)
from regionsim.drivers.backtest.tables import coverage_interval, energy_table, parts, score_table, test_table, verdicts
from regionsim.drivers.models.benchmarks import drift
from regionsim.drivers.series import standardised
from tests.unit.drivers.examples import related, seasonal, walk

test_table.__test__ = False  # type: ignore[attr-defined]


def test_crps_is_that_of_a_normal_forecast() -> None:
    """Closed form of Gneiting and Raftery (2007) for a normal distribution."""
    s = standardised(walk(n=100, log=False))
    rng = np.random.default_rng(1)
    sample = rng.normal(0, 2, (200_000, 1))
    later = s.back(np.array([1.5]))
    (row,) = score_rows(s, "m", sample, later, rng)
    z = 1.5 / 2
    wanted = 2 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi)) * s.unit
    assert row["crps"] == pytest.approx(wanted, rel=0.01)
    assert row["scaled_crps"] == pytest.approx(wanted / scale_of(s), rel=0.01)
    assert row["mase"] == pytest.approx(1.5 * s.unit / scale_of(s), rel=0.02)
    assert row["pit"] == pytest.approx(stats.norm.cdf(z), abs=0.01)
    assert row["in80"] and row["in95"]


def test_the_scale_is_the_mean_change_over_a_season() -> None:
    s = seasonal(n=116)
    assert scale_of(standardised(s)) == pytest.approx(np.abs(s.values[4:] - s.values[:-4]).mean())


def test_the_scale_leaves_the_pandemic_out() -> None:
    s = walk(n=140)
    wild = s.values.copy()
    wild[121] *= 0.5  # 2020Q2
    assert scale_of(standardised(s)) == pytest.approx(
        scale_of(standardised(type(s)("walk", s.first, wild))), rel=1e-12
    )


def test_coverage_and_pit_are_right_when_the_model_is_true() -> None:
    """Random walks forecast by the drift benchmark, which is their true model: 80 % covered, PIT uniform."""
    rows = []
    for k in range(200):
        s, rng = walk(n=110, seed=k), np.random.default_rng(k)
        known = standardised(s.until(s.last - 1))
        rows += score_rows(known, "drift", drift(known, 1, 400, rng), s.values[-1:], rng)
    found = pd.DataFrame(rows)
    assert found["in80"].mean() == pytest.approx(0.8, abs=0.09)
    assert found["in95"].mean() == pytest.approx(0.95, abs=0.05)
    assert stats.kstest(found["pit"], "uniform").pvalue > 0.01


def test_diebold_mariano_finds_a_difference_and_none() -> None:
    rng = np.random.default_rng(3)
    loss = rng.uniform(size=60)
    statistic, p = diebold_mariano(loss, loss + rng.normal(0.3, 0.2, 60), 1)
    assert statistic < -3 and p < 0.01
    _, p = diebold_mariano(loss, loss + rng.normal(0.0, 0.2, 60), 1)
    assert p > 0.05
    assert np.isnan(diebold_mariano(loss, loss, 1)[1])
    assert np.isnan(diebold_mariano(loss[:10], loss[10:20], 12)[1])


def test_diebold_mariano_is_the_corrected_t_test_at_horizon_one() -> None:
    """At one step the correction of Harvey et al. makes it the plain t-test of the mean difference."""
    rng = np.random.default_rng(4)
    a, b = rng.uniform(size=(2, 40))
    statistic, p = diebold_mariano(a, b, 1)
    plain = stats.ttest_1samp(a - b, 0)
    assert statistic == pytest.approx(plain.statistic, rel=1e-6) and p == pytest.approx(plain.pvalue, rel=1e-6)


def test_the_size_of_the_test_is_near_nominal_for_many_independent_origins() -> None:
    assert simulated_size(200, 1, 0.05) == pytest.approx(0.05, abs=0.015)
    assert simulated_size(40, 8, 0.05) > 0.08  # few overlapping origins: it rejects too often, and the table says so


def test_effective_origins_of_overlapping_forecasts() -> None:
    rng = np.random.default_rng(5)
    independent = rng.normal(size=400)
    overlapping = np.convolve(independent, np.ones(8), mode="valid")
    assert effective_origins(independent, 1) == 400
    assert effective_origins(overlapping, 8) == pytest.approx(400 / 8, rel=0.6)
    assert effective_origins(np.ones(10), 4) == 10


def test_block_interval_covers_the_mean_of_dependent_cases() -> None:
    rng = np.random.default_rng(6)
    inside = 0
    for k in range(100):
        cases = np.convolve(rng.normal(size=205), np.ones(6) / 6, mode="valid")
        low, high = block_interval(cases, np.ones(200), 12, seed=k)
        inside += low <= 0 <= high
    assert 78 <= inside <= 99
    plain = block_interval(rng.normal(size=100), np.ones(100), 1)
    assert plain[1] - plain[0] == pytest.approx(2 * 1.645 / 10, rel=0.25)


@pytest.fixture(scope="module")
def tested() -> Backtest:
    return backtest(related(n=130), every=7)  # 1990Q1 to 2022Q2: some origins in the pandemic


def test_tables_hold_what_the_rows_say(tested: Backtest) -> None:
    table = score_table(tested.scores)
    rows = tested.scores[(tested.scores["model"] == "default") & (tested.scores["horizon"] == 4)]
    assert table.loc["default", "crps_4"] == pytest.approx(rows["scaled_crps"].mean())
    assert {"random_walk", "drift", "ar1", "bvar", "pool", "default"} <= set(table.index)
    energy = energy_table(tested.energy)
    assert energy.loc["joint", "gain_of_joint"] == 0
    assert energy.loc["margins_apart", "gain_of_joint"] > 0  # steps correlated by .8
    tests = test_table(tested.scores)
    assert set(tests["against"]) == {"random_walk", "drift", "ar1", "bvar", "pool"}
    assert tests["effective_origins"].between(1, tests["origins"]).all()
    share, low, high = coverage_interval(tested.scores)
    assert low <= share <= high


def test_outside_the_pandemic_means_neither_begun_nor_ended_in_it(tested: Backtest) -> None:
    both = parts(tested)
    inside = both["all"].scores[both["all"].scores["pandemic"]]
    years = pd.concat([inside["origin"] // 4, inside["period"] // 4], axis=1)
    assert ((years >= 2020) & (years <= 2021)).any(axis=1).all()
    calm = both["outside the pandemic"].scores
    assert not ((calm["period"] // 4).isin([2020, 2021]) | (calm["origin"] // 4).isin([2020, 2021])).any()


def test_verdicts_can_be_either(tested: Backtest) -> None:
    found = verdicts(tested)
    assert len(found) == 6
    worse = tested.scores.copy()
    worse.loc[worse["model"] == "default", "scaled_crps"] *= 10
    worse.loc[worse["model"] == "default", "in80"] = False
    broken = verdicts(Backtest(worse, tested.energy))
    assert not broken["met"][broken["claim"].str.contains("CRPS|80 %")].any()
