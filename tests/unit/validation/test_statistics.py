"""Statistics of the facts on arrays made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.validation import statistics as s


def test_slope_and_correlation_of_a_line() -> None:
    x = np.array([0.0, 1.0, 2.0, 3.0])
    assert s.slope(x, 1.0 - 2.0 * x) == pytest.approx(-2.0)
    assert s.correlation(x, 1.0 - 2.0 * x) == pytest.approx(-1.0)
    assert np.isnan(s.slope(np.ones(4), x)) and np.isnan(s.correlation(x, np.ones(4)))


def test_job_flows_count_births_and_deaths_in_percent_of_the_mean() -> None:
    before, after = np.array([10.0, 0.0, 5.0, 4.0]), np.array([12.0, 3.0, 0.0, 4.0])
    creation, destruction = s.job_flows(before, after, np.ones(4))
    assert creation == pytest.approx(100 * 5 / 19)  # sums of 19 and 19
    assert destruction == pytest.approx(100 * 5 / 19)


def test_job_flows_follow_the_weights() -> None:
    creation, destruction = s.job_flows(np.array([10.0, 10.0]), np.array([11.0, 9.0]), np.array([1.0, 3.0]))
    assert creation == pytest.approx(100 * 1 / 39) and destruction == pytest.approx(100 * 3 / 39)
    assert all(np.isnan(s.job_flows(np.zeros(2), np.zeros(2), np.ones(2))))


def test_growth_variance_falls_with_size_by_the_slope_it_was_made_with() -> None:
    rng = np.random.default_rng(1)
    size = np.repeat([7.0, 14.0, 30.0, 70.0, 140.0, 300.0], 4000)
    growth = rng.normal(size=size.size) * 0.4 * size**-0.2
    moments = s.growth_moments(size * np.exp(-growth / 2), size * np.exp(growth / 2))
    assert s.growth_variance_slope(moments) == pytest.approx(-0.2, abs=0.02)


def test_growth_leaves_out_firms_that_come_or_go_and_the_smallest() -> None:
    moments = s.growth_moments(np.array([0.0, 6.0, 2.0, 8.0]), np.array([6.0, 0.0, 3.0, 8.0]))
    assert moments[:, 0].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert moments[0].tolist() == [1.0, 0.0, 0.0, pytest.approx(np.log(8.0))]
    assert np.isnan(s.growth_variance_slope(moments))


def cohort(first: float, yearly: float, quarters: int = 29) -> s.Array:
    """Firms founded in quarter 0: 100 of them, one share lost in the first year, another in every later one."""
    alive = np.zeros((quarters, quarters))
    for quarter in range(quarters):
        years = quarter / 4
        alive[quarter, 0] = 100 * (1 - first) ** min(years, 1) * (1 - yearly) ** max(years - 1, 0)
    return alive


def test_hazard_by_age() -> None:
    hazard = s.hazard_by_age(cohort(0.2, 0.1), (0, 1, 2, 5))
    assert hazard == pytest.approx([0.2, 0.1, 0.1, 0.1])


def test_survival_counts_from_the_quarter_of_founding() -> None:
    alive = cohort(0.2, 0.1)
    assert s.survival(alive, [0], 5) == pytest.approx(0.8 * 0.9**4)
    assert np.isnan(s.survival(alive, [0], 8))  # beyond the run
    assert np.isnan(s.survival(alive, [0, 99], 1))


def test_the_lognormal_wins_on_lognormal_sizes_and_the_pareto_on_its_own() -> None:
    rng = np.random.default_rng(2)
    lognormal = np.maximum(np.rint(np.exp(1.0 + 1.2 * rng.normal(size=5000))), 1)
    pareto = np.maximum(np.rint(0.5 * rng.random(5000) ** (-1 / 1.1)), 1)
    assert s.vuong_lognormal_pareto(lognormal, np.ones(5000)) > 5
    assert s.vuong_lognormal_pareto(pareto, np.ones(5000)) < 0


def test_weights_of_vuong_are_repetitions() -> None:
    sizes = np.array([1.0, 2.0, 3.0, 5.0, 9.0, 20.0])
    weights = np.array([3.0, 4.0, 5.0, 3.0, 2.0, 1.0])
    repeated = np.repeat(sizes, weights.astype(int))
    once = s.vuong_lognormal_pareto(repeated, np.ones(repeated.size))
    assert s.vuong_lognormal_pareto(sizes, weights) == pytest.approx(once, rel=1e-3)


def test_the_tail_of_a_pareto_has_its_slope() -> None:
    sizes = 100 * (np.arange(1, 2001) / 2000) ** (-1 / 1.25)
    assert s.tail_slope(sizes, np.ones(2000)) == pytest.approx(-1.25, abs=0.02)
    assert np.isnan(s.tail_slope(np.full(50, 99.0), np.ones(50)))


def test_weighted_quantile() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 8.0, 1.0])
    assert s.weighted_quantile(values, weights, 0.5) == 1.0
    assert s.weighted_quantile(values, weights, 0.85) == 2.0
    assert np.isnan(s.weighted_quantile(np.zeros(0), np.zeros(0), 0.5))
