"""Members, benchmarks, BVAR and annual walk against what is known of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from regionsim.drivers.models import bvar
from regionsim.drivers.models.annual import lasting_share, pooled_walk
from regionsim.drivers.models.benchmarks import BENCHMARKS, ar1, random_walk
from regionsim.drivers.models.members import MEMBERS, theta
from regionsim.drivers.models.pool import pooled
from regionsim.drivers.series import Series, standardised
from tests.unit.drivers.examples import FIRST, related, seasonal, walk

DRAWS = 2000


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in a forecast: with more threads small matrices are slow."""
    with threadpool_limits(1):
        yield


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_finds_the_spread_and_drift_of_a_random_walk(name: str) -> None:
    """Spread after h quarters: sd x root h; a fifth of tolerance for what is estimated from 200 observations."""
    z = standardised(walk(n=116)).masked  # ends before 2020
    paths = MEMBERS[name](z, 1, 8, DRAWS, rng())
    assert paths.shape == (DRAWS, 8)
    for h in (1, 4, 8):
        assert paths[:, h - 1].std() == pytest.approx(1.0 * np.sqrt(h), rel=0.3)
    assert -0.5 < paths[:, 7].mean() < 8 * 0.4 + 1.5


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_repeats_the_season(name: str) -> None:
    s = seasonal(n=116)
    paths = MEMBERS[name](standardised(s).masked, 4, 8, DRAWS, rng())
    median = np.median(paths, axis=0)
    year = median[4:8] - median[4:8].mean()
    pattern = 10 * np.roll([1.0, 0.0, -1.0, 0.0], -(len(s.values) % 4))
    assert np.abs(year - pattern).max() < 2.5


@pytest.mark.parametrize("name", MEMBERS)
def test_a_gap_at_the_end_makes_a_member_less_sure(name: str) -> None:
    z = standardised(walk(n=116)).masked
    gap = np.concatenate([z[:-8], np.full(8, np.nan)])
    whole, missing = (MEMBERS[name](x, 1, 1, DRAWS, rng())[:, 0] for x in (z, gap))
    assert missing.std() > 2 * whole.std()


def test_the_spread_of_theta_does_not_have_the_season_in_it() -> None:
    """The library's own intervals would be several times as wide."""
    s = seasonal(n=116)
    paths = theta(standardised(s).masked, 4, 1, DRAWS, rng())
    assert paths.std() < 2.0


def test_a_random_walk_keeps_its_level_and_season() -> None:
    s = standardised(seasonal(n=116))
    paths = random_walk(s, 8, DRAWS, rng())
    assert np.allclose(np.median(paths[:, :4], axis=0), s.z[-4:], atol=0.3)
    assert paths[:, 7].var() == pytest.approx(2 * paths[:, 3].var(), rel=0.2)


def test_ar1_finds_the_persistence_of_changes() -> None:
    shocks = np.random.default_rng(5).normal(0, 0.01, 1200)
    changes = np.zeros(1200)
    for t in range(1, 1200):
        changes[t] = 0.7 * changes[t - 1] + shocks[t]
    s = standardised(Series("ar", FIRST - 1200, 100 * np.exp(np.cumsum(changes))))
    paths = ar1(s, 3, 20_000, rng())
    last = s.z[-1] - s.z[-2]
    assert np.diff(paths, axis=1)[:, 0].mean() == pytest.approx(0.49 * last, abs=0.15)


def test_benchmarks_start_at_the_last_value_even_in_the_pandemic() -> None:
    s = standardised(walk(n=123, sd=0.001))  # ends in 2020Q3
    for name, benchmark in BENCHMARKS.items():
        assert np.abs(benchmark(s, 1, 50, rng())).max() < 3, name


def test_a_pool_takes_the_same_number_from_each() -> None:
    parts = [np.full((10, 2), k, float) for k in range(4)]
    assert np.bincount(pooled(parts, 10)[:, 0].astype(int)).tolist() == [3, 3, 2, 2]


# BVAR ----------------------------------------------------------------------------------------------------------------


def changes(n: int = 200) -> np.ndarray:
    levels = np.stack([s.values for s in related(n)], axis=1)
    return 100 * np.diff(np.log(levels), axis=0)


def test_the_posterior_is_that_of_the_normal_equations() -> None:
    """With the prior as extra observations, ridge regression gives the same coefficients."""
    y = changes()
    p = bvar.fit_bvar(y)
    rows = range(bvar.LAGS, len(y))
    x = np.stack([np.concatenate([[1.0], y[t - bvar.LAGS : t][::-1].ravel()]) for t in rows])
    sd = np.nanstd(y, axis=0)
    prior = np.concatenate([[bvar.CONSTANT_SD], *(p.tightness / (lag * sd) for lag in range(1, bvar.LAGS + 1))])
    stacked, target = np.vstack([x, np.diag(1 / prior)]), np.vstack([y[bvar.LAGS :], np.zeros((len(prior), 3))])
    wanted, *_ = np.linalg.lstsq(stacked, target, rcond=None)
    assert np.allclose(p.mean, wanted)
    assert np.allclose(p.spread @ p.spread.T, np.linalg.inv(stacked.T @ stacked))


def test_simulated_changes_have_the_mean_and_covariance_of_the_data() -> None:
    y = changes(400)
    paths = bvar.simulate_changes(bvar.fit_bvar(y), np.full((0, 3), np.nan), 20, 500, rng())
    later = paths[:, 8:].reshape(-1, 3)
    assert np.allclose(later.mean(axis=0), y.mean(axis=0), atol=0.15)
    assert np.allclose(np.cov(later.T), np.cov(y.T), atol=0.25)


def test_known_changes_stand_in_every_path_and_pull_the_others_along() -> None:
    y = changes(400)
    known = np.full((2, 3), np.nan)
    known[:, 0] = 4.0  # four standard deviations up, twice
    p = bvar.fit_bvar(y)
    free, held = (bvar.simulate_changes(p, k, 6, 400, rng()) for k in (np.full((0, 3), np.nan), known))
    assert (held[:, :2, 0] == 4.0).all()
    pulled = held[:, :2, 1].mean() - free[:, :2, 1].mean()
    assert pulled == pytest.approx(0.8 * (4.0 - y[:, 0].mean()), abs=0.6)
    assert held[:, :2, 1].std() < 0.75 * free[:, :2, 1].std()


def test_missing_periods_are_no_targets() -> None:
    y = changes(200)
    odd = y.copy()
    odd[100:108] = 50.0
    masked = y.copy()
    masked[100:108] = np.nan
    assert np.abs(bvar.fit_bvar(masked).mean - bvar.fit_bvar(y).mean).max() < 0.2
    assert not np.allclose(bvar.fit_bvar(odd).mean, bvar.fit_bvar(y).mean, atol=0.2)


# Short annual series -------------------------------------------------------------------------------------------------


def test_a_pooled_walk_has_the_variance_of_the_steps_it_was_given() -> None:
    steps = np.random.default_rng(4).normal(0, 1, (8, 200)) + np.random.default_rng(5).normal(0, 2, 200)
    paths = pooled_walk(steps, 10, 4000, rng())
    assert paths.shape == (4000, 8, 10)
    assert paths[:, :, 0].var() == pytest.approx(np.mean(steps**2), rel=0.1)
    assert paths[:, :, 9].var() == pytest.approx(10 * paths[:, :, 0].var(), rel=0.1)
    assert np.corrcoef(paths[:, 0, 0], paths[:, 1, 0])[0, 1] == pytest.approx(0.8, abs=0.1)
    assert abs(paths.mean()) < 0.3


def test_steps_that_are_taken_back_do_not_accumulate() -> None:
    """White noise around a level: a year ahead as uncertain as a step, ten years ahead no more."""
    steps = np.diff(np.random.default_rng(6).normal(0, 1, (4, 301)), axis=1)
    assert lasting_share(steps) < 0.05
    paths = pooled_walk(steps, 10, 4000, rng())
    assert paths[:, :, 0].var() == pytest.approx(steps.var(), rel=0.1)
    assert paths[:, :, 9].var() == pytest.approx(steps.var(), rel=0.3)
    assert lasting_share(np.random.default_rng(6).normal(0, 1, (4, 300))) > 0.8


def test_too_short_a_past_gives_no_steps() -> None:
    assert (pooled_walk(np.ones((3, 1)), 5, 4, rng()) == 0).all()
