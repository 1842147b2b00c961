"""Watching sees a write and a look that a header might have forgotten, and nothing where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.demography.births import births
from regionsim.state.region_state import Now
from tests.fixtures.models import copied
from tests.fixtures.watching import changes, does_the_same, on_a_copy, scrambled, told, writes_anyway


def raises_one_wage(now: Now) -> None:
    now.state.people.a.wage_eur_q[now.state.people.rows()[7]] += 1.0


def takes_everyone_for_new_in_search(now: Now) -> None:
    now.state.people.a.duration_q[:] = 0


def prices_what_the_digital_sell(now: Now) -> None:
    firms = now.state.firms.a
    now.state.economy.price = now.state.economy.price * (1.0 + firms.digital[:5].astype(np.float64).sum())


def counts_jobs(now: Now) -> None:
    now.flows["by_sector"] = np.bincount(now.state.firms.a.sector[now.state.firms.rows()])


def founds_a_firm(now: Now) -> None:
    row = now.state.firms.take_free(1)
    now.state.firms.a.kind[row] = 0
    now.state.firms.a.jobs[row] = 0  # which it holds already


@pytest.fixture
def now(start: RegionModel) -> Now:
    return copied(start).now()


def test_a_write_is_seen_and_the_present_left_alone(now: Now) -> None:
    before = now.state.people.a.wage_eur_q.copy()
    assert changes(raises_one_wage, now) == {"people.wage_eur_q"}
    assert (now.state.people.a.wage_eur_q == before).all()


def test_a_write_of_what_stood_there_is_seen_from_other_values(now: Now) -> None:
    now.state.people.a.duration_q[:] = 0
    now.state.people.a.duration_q[now.state.people.rows()[:500]] = 3
    now.state.people.a.duration_q[:] = np.where(now.state.people.a.place >= 0, now.state.people.a.duration_q, 0)
    assert writes_anyway(takes_everyone_for_new_in_search, now, "people.duration_q")
    assert not writes_anyway(raises_one_wage, now, "people.duration_q")


def test_what_is_written_in_new_rows_is_seen_even_if_they_held_it(now: Now) -> None:
    assert changes(founds_a_firm, now) == {"firms.kind", "firms.jobs"}
    assert {"people.place", "people.education", "people.sex"} <= changes(births, now)


@pytest.mark.parametrize(
    ("process", "looked_at"),
    [(prices_what_the_digital_sell, "firms.digital"), (counts_jobs, None), (raises_one_wage, None)],
)
def test_only_a_look_makes_a_difference(now: Now, process, looked_at: str | None) -> None:
    """The number of firms by sector does not depend on which firm it is."""
    done = on_a_copy(now)
    process(done)
    for name in ("firms.digital", "firms.sector", "people.wage_eur_q", "economy.demand"):
        assert does_the_same(process, told(done), now, name) == (name != looked_at), name


def test_scrambling_deals_out_the_same_values(now: Now) -> None:
    twin = scrambled(now, "people.municipality")
    one, other = now.state.people.a.municipality, twin.state.people.a.municipality
    assert (one != other).any()
    assert (np.sort(one) == np.sort(other)).all()
    assert (scrambled(now, "economy.gva").state.economy.gva != now.state.economy.gva).all()
