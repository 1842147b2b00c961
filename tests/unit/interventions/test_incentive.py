"""Premiums for hiring: how many would have found work anyway follows from tightness, and who is helped from that."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from regionsim.interventions.treat import vacancies_per_seeker
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Measure
from regionsim.model.setup import Setup
from regionsim.state.people import JOB_SEEKER, RESIDENT
from regionsim.state.region_state import Now
from tests.unit.interventions.alone import OVERHEAD, account, alone, at, delivered, everyone_takes_part

NAME = "hiring_incentive"
COST = 1000.0
MANY = 200


def premiums(dose: float = MANY, **changes: Any) -> Measure:
    """Premiums that all job-seekers may have, in one quarter."""
    return at(NAME, dose, search_gain=0.3, **{"quarters": 1, "unit_cost_eur": COST, **changes})


def at_tightness(setup: Setup, vacancies_per_job_seeker: float) -> RegionModel:
    """The model before premiums are given, with so many vacancies for each job-seeker."""
    model = alone(everyone_takes_part(setup), premiums())
    p, vacancies = model.people.a, model.state.economy.vacancies
    seekers = int(((p.place == RESIDENT) & (p.activity == JOB_SEEKER)).sum())
    vacancies[:] = vacancies_per_job_seeker * seekers / vacancies.size
    return model


def helped(now: Now) -> set[int]:
    """Ids of those whose search the premium moves."""
    ratio = now.levers.over_rows("search_ratio", now.state.people.capacity)
    assert set(np.unique(ratio)) <= {1.0, 1.3}
    return set(now.state.people.a.id[ratio > 1.0].tolist())


@pytest.mark.parametrize(
    ("tightness", "deadweight"), [(0.0, 0.3), (0.1, 0.3), (0.25, 0.4), (0.5, 0.65), (0.85, 1.0), (3.0, 1.0)]
)
def test_the_tighter_the_market_the_fewer_are_helped(setup: Setup, tightness: float, deadweight: float) -> None:
    """By hand: .4 + (V/U - .25), between .3 and 1."""
    now = delivered(at_tightness(setup, tightness))
    assert vacancies_per_seeker(now) == pytest.approx(tightness, abs=0.02)
    reached = now.state.ledger.treatments[NAME].ids.size
    sd = math.sqrt(reached * deadweight * (1 - deadweight))
    assert reached >= 50
    assert abs(len(helped(now)) - (1 - deadweight) * reached) <= 4 * sd + 0.02 * reached
    assert deadweight < 1.0 or not helped(now)


def test_who_is_helped_in_a_tight_market_is_also_helped_in_a_slack_one(setup: Setup) -> None:
    slack, middle, tight = (helped(delivered(at_tightness(setup, ratio))) for ratio in (0.1, 0.4, 0.7))
    assert tight < middle < slack


def test_all_are_paid_and_who_would_have_found_work_anyway_is_booked_as_deadweight(setup: Setup) -> None:
    model = at_tightness(setup, 0.5)
    now = delivered(model)
    reached, gained = now.state.ledger.treatments[NAME].ids.size, len(helped(now))
    model.step()
    books = account(model, premiums())
    assert books.spent_eur == pytest.approx(reached * COST * OVERHEAD)
    assert books.wasted_eur == pytest.approx((reached - gained) * COST)


def test_a_premium_lasts_a_year_whatever_the_market_does_meanwhile(setup: Setup) -> None:
    model = at_tightness(setup, 0.1)
    first = helped(delivered(model))
    for quarter in range(1, 6):
        model.step()
        model.state.economy.vacancies[:] = 1e6
        now = delivered(model)
        there = first & set(now.state.people.a.id.tolist())
        assert helped(now) == (there if quarter < 4 else set())
