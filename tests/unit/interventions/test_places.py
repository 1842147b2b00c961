"""Places in courses: shared out by residents, open while they are paid for, filled as the measure says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.model.settings import Measure, Target
from regionsim.model.setup import Setup
from regionsim.state.region_state import Now
from tests.fixtures.models import IDEAL
from tests.unit.interventions.alone import OVERHEAD, START_Q, account, alone, at, delivered, named

NAME = "adult_education"
COST = 1000.0


def places(dose: float = 30, **changes: Any) -> Measure:
    """Course places, each taken by one job-seeker."""
    return at(NAME, dose, place=1.0, **{"unit_cost_eur": COST, **changes})


def residents(now: Now) -> np.ndarray:
    """Residents by arrondissement before the quarter."""
    return np.bincount(now.reference.arrondissement_of, weights=now.flows["residents_before"])


def test_all_places_are_shared_out_by_residents(setup: Setup) -> None:
    now = delivered(alone(setup, places()))
    assert now.levers.dense["course_places"] == pytest.approx(30 * residents(now) / residents(now).sum())


def test_places_are_where_the_target_says(setup: Setup) -> None:
    """Only the arrondissement of the port has them."""
    now = delivered(alone(setup, places(target=Target(unit="place", at=("port",)))))
    port = now.reference.roster.municipality[now.reference.roster.of_kind("port")[0]]
    mine = now.reference.arrondissement_of[port]
    expected = np.where(np.arange(now.reference.arrondissements) == mine, 30.0, 0.0)
    assert now.levers.dense["course_places"] == pytest.approx(expected)


def test_where_there_is_no_such_place_there_are_no_courses_and_nothing_is_paid(setup: Setup) -> None:
    model = alone(setup, places(target=Target(unit="place", at=("nowhere",))))
    assert not delivered(model).levers.dense["course_places"].any()
    assert model.run(1).agency.spent_eur == 0.0


def test_places_are_open_in_the_quarter_in_which_they_are_paid(setup: Setup) -> None:
    model, opened, paid = alone(setup, places(quarters=3)), [], []
    for _ in range(5):
        opened.append(float(delivered(model).levers.dense["course_places"].sum()))
        model.step()
        paid.append(model.agency.spent_eur)
    assert opened == pytest.approx([30, 30, 30, 0, 0])
    assert paid == pytest.approx([30 * COST * OVERHEAD] * 3 + [0, 0])


def test_a_place_that_stays_empty_costs_as_much(setup: Setup) -> None:
    model = alone(setup, at(NAME, 30, place=0.5, unit_cost_eur=COST))
    assert delivered(model).levers.dense["course_places"].sum() == pytest.approx(15)
    assert model.run(1).agency.spent_eur == pytest.approx(30 * COST * OVERHEAD)


def test_poor_coordination_fills_fewer_places_at_the_same_cost(setup: Setup) -> None:
    model = alone(setup, places(), rules=replace(IDEAL, quality=0.5), quarters=START_Q + 4)
    assert delivered(model).levers.dense["course_places"].sum() == pytest.approx(15)
    assert model.run(1).agency.spent_eur == pytest.approx(30 * COST * OVERHEAD)


def test_places_of_two_measures_add_up(setup: Setup) -> None:
    one, two = places(), named(places(10), "second")
    model = alone(setup, one, two)
    assert delivered(model).levers.dense["course_places"].sum() == pytest.approx(40)
    model.step()
    assert [account(model, what).delivered for what in (one, two)] == pytest.approx([30, 10])


def test_more_job_seekers_take_a_course(setup: Setup) -> None:
    taking = []
    for dose in (0.0, 30.0):
        p = alone(setup, places(dose)).run(1).people.a
        taking.append(set(p.id[p.training_q > 0].tolist()))
    assert taking[0] < taking[1]
