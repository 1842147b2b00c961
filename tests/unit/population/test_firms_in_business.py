"""How the jobs of exporters are split over markets, by hand: what markets call for, never beyond the cap."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.model.setup import Setup
from regionsim.population.firms_in_business import _ABROAD, _split
from regionsim.state.firms import EMPLOYER, OUTSIDE, REACH
from regionsim.state.reference import MARKETS, REST_OF_COUNTRY

ONE = np.array([[True, True], [False, False], [False, False]])  # two firms serve the first market alone


def split(serves: np.ndarray, jobs: list[float], wanted: list[float], efficiency: list[float] | None = None):
    efficient = np.ones(len(jobs)) if efficiency is None else np.array(efficiency)
    return _split(serves, np.array(jobs), efficient, np.array(wanted))


def test_a_market_is_shared_in_proportion_to_jobs() -> None:
    won = split(ONE, [30.0, 10.0], [8.0, 0.0, 0.0])
    assert np.allclose(won, [[6.0, 2.0], [0, 0], [0, 0]])


def test_efficient_firms_serve_more_customers_with_the_same_jobs() -> None:
    """30 x 2 + 10 x 1 = 70 would be made with all jobs; a tenth of them makes 7."""
    won = split(ONE, [30.0, 10.0], [7.0, 0.0, 0.0], [2.0, 1.0])
    assert np.allclose(won[0], [3.0, 1.0])
    assert won[0] @ [2.0, 1.0] == pytest.approx(7.0)


def test_no_firm_has_more_than_the_cap_of_its_jobs_abroad() -> None:
    won = split(ONE, [30.0, 10.0], [1000.0, 0.0, 0.0])
    assert np.allclose(won.sum(axis=0), [30 * _ABROAD, 10 * _ABROAD])
    both = split(np.ones((3, 1), bool), [10.0], [50.0, 30.0, 20.0])
    assert both.sum() == pytest.approx(10 * _ABROAD)
    assert (both > 0).all()


def test_who_serves_one_market_takes_over_what_the_others_have_no_room_for() -> None:
    """Two firms with room for 9 each; A serves both markets, B the first. Asked for half of 9.5 and all of 8, A has
    room for 9 of 12.75 and serves that share of each; B serves the rest of the first market."""
    serves = np.array([[True, True], [True, False], [False, False]])
    won = split(serves, [10.0, 10.0], [9.5, 8.0, 0.0])
    of_a = 9 / 12.75 * np.array([4.75, 8.0])
    assert np.allclose(won, [[of_a[0], 9.5 - of_a[0]], [of_a[1], 0.0], [0.0, 0.0]])


def test_who_serves_no_market_and_markets_that_nobody_serves_get_nothing() -> None:
    serves = np.array([[True, False], [False, False], [False, False]])
    won = split(serves, [10.0, 50.0], [3.0, 7.0, 0.0])
    assert np.allclose(won, [[3.0, 0.0], [0, 0], [0, 0]])
    assert not split(serves, [10.0, 50.0], [0.0, 0.0, 0.0]).any()


@pytest.mark.parametrize("seed", range(5))
def test_split_adds_up_for_any_firms(seed: int) -> None:
    """Never negative, never beyond the cap or what a market wants, and all that is wanted where there is ample room."""
    rng = np.random.default_rng(seed)
    jobs, efficiency = rng.integers(1, 400, 60).astype(float), np.exp(rng.normal(0, 0.5, 60))
    serves = rng.random((3, 60)) < 0.6
    room = _ABROAD * jobs @ efficiency
    for part in (0.1, 0.9):
        wanted = np.array([0.5, 0.3, 0.2]) * part * room
        won = _split(serves, jobs, efficiency, wanted)
        assert (won >= 0).all() and not won[~serves].any()
        assert (won.sum(axis=0) <= _ABROAD * jobs * (1 + 1e-9)).all()
        assert (won @ efficiency <= wanted * (1 + 1e-9)).all()
        if part == 0.1:
            assert np.allclose(won @ efficiency, wanted, rtol=1e-6)


def test_customers_of_census_day_add_up_in_every_sector(setup: Setup) -> None:
    """What firms have won abroad calls for the exports of the base economy, as far as those who serve have room."""
    f, base = setup.population.firms.a, setup.base
    here = (f.kind >= 0) & (f.kind != OUTSIDE)
    reach = np.stack([getattr(f, name) for name in REACH]).astype(float)
    assert not reach[:, f.kind != EMPLOYER].any()
    assert (reach.sum(axis=0) <= _ABROAD * f.jobs + 1e-4)[here].all()
    bits = (f.markets[None, :] >> np.arange(3)[:, None]) & 1
    assert not reach[bits == 0].any()
    abroad = base.final_demand[REST_OF_COUNTRY + 1 : REST_OF_COUNTRY + len(MARKETS)] * base.jobs / base.output
    served = np.stack([np.bincount(f.sector, row * f.efficiency, base.gva.size) for row in reach])
    assert (served <= abroad * (1 + 1e-5)).all()
    assert served.sum() > 0.9 * abroad.sum()
