"""What institutions serve, what they get and what they spend, against counts made another way."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.public.institutions_spend import budget_q, filled_share, institutions_spend, knowledge, served
from regionsim.state.bodies import FUNDED_BY_PLACES, FUNDED_BY_RESIDENTS, KINDS, SERVES
from regionsim.state.firms import OUTSIDE
from regionsim.state.people import JOB_SEEKER, PUPIL, RESIDENT, STUDENT_HERE
from regionsim.state.region_state import Now
from tests.fixtures.models import copied, until


@pytest.fixture
def now(under_plan: RegionModel) -> Now:
    """2013Q3, the population counted."""
    return until(copied(under_plan), "institutions_spend")


def one(now: Now, code: str) -> int:
    return now.reference.roster.code.index(code)


def test_budgets_are_so_much_a_unit_and_year() -> None:
    assert budget_q(np.array([8.0, 9000.0]), np.array([1000.0, 4.0])).tolist() == [2000.0, 9000.0]


def test_places_are_filled_up_to_all_of_them() -> None:
    assert filled_share(np.array([3.0, 5.0, 2.0]), np.array([4.0, 4.0, 0.0])).tolist() == [0.75, 1.0, 0.0]


def test_knowledge_that_loses_what_is_spent_stands_still() -> None:
    assert knowledge(np.array([100.0]), np.array([3.8]), 0.038)[0] == pytest.approx(100.0)
    assert knowledge(np.array([100.0]), np.array([0.0]), 0.038)[0] == pytest.approx(96.2)


def test_every_kind_is_paid_in_one_way_or_not_at_all() -> None:
    assert not set(FUNDED_BY_RESIDENTS) & set(FUNDED_BY_PLACES)
    assert set(KINDS) - {*FUNDED_BY_RESIDENTS, *FUNDED_BY_PLACES} == {"participation_fund", "coalition"}
    assert all(SERVES[kind] for kind in FUNDED_BY_PLACES)


def test_institutions_serve_whom_their_kind_says(now: Now) -> None:
    used, people, firms = served(now), now.state.people.a, now.state.firms.a
    here = people.place == RESIDENT
    for code, activity in (("schools", PUPIL), ("college", STUDENT_HERE), ("work", JOB_SEEKER)):
        assert used[one(now, code)] == (here & (people.activity == activity)).sum() > 0
    located = (firms.kind >= 0) & (firms.kind != OUTSIDE)
    labels = now.reference.roster
    town = labels.municipality[one(now, "hub")]
    young = located & (firms.municipality == town) & (firms.birth_q > now.quarter - 20)
    assert used[one(now, "hub")] == young.sum() > 0
    port = located & (firms.municipality == labels.municipality[one(now, "quay")])
    assert used[one(now, "quay")] == firms.jobs[port & now.reference.port_sector[firms.sector]].sum() > 0
    place = now.reference.arrondissement_of[labels.municipality[one(now, "lab")]]
    near = (firms.kind == 0) & (now.reference.arrondissement_of[firms.municipality] == place) & (firms.sector == 0)
    assert used[one(now, "lab")] == near.sum() > 0
    assert used[one(now, "stakes")] == used[one(now, "uplands")] == 0


def test_who_is_paid_by_residents_spends_its_budget_and_others_what_their_places_cost(now: Now) -> None:
    institutions_spend(now)
    bodies, p = now.state.bodies, now.parameters.institutions
    residents = now.flows["residents"]
    assert bodies.spent_eur[one(now, "agency")] == pytest.approx(p.budget_development_agency / 4 * residents.sum())
    assert bodies.spent_eur[one(now, "103")] == pytest.approx(p.budget_municipality / 4 * residents[2])
    school = one(now, "schools")
    filled = min(bodies.used[school], bodies.capacity[school])
    assert bodies.spent_eur[school] == pytest.approx(p.budget_secondary_education / 4 * filled)
    assert bodies.budget_eur[school] == pytest.approx(p.budget_secondary_education / 4 * bodies.capacity[school])
    assert (bodies.spent_eur <= bodies.budget_eur * (1 + 1e-12)).all()


def test_places_are_those_of_the_first_quarter_and_some_more(start: RegionModel) -> None:
    model = copied(start).run(1)
    bodies, p = model.state.bodies, model.parameters.institutions
    roster = model.setup.reference.roster
    assert bodies.capacity[roster.code.index("board")] == 4  # as stated
    unstated = np.isnan(roster.places)
    assert bodies.capacity[unstated] == pytest.approx(bodies.used[unstated] * (1 + p.spare_places))
    assert bodies.nav_eur[roster.of_kind("participation_fund")].tolist() == [p.participation_fund_start_eur]
    first = bodies.capacity.copy()
    assert (model.run(3).state.bodies.capacity == first).all()
