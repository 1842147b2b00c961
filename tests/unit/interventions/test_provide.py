"""What is built: paid from the first quarter, at work when finished, felt where it stands."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.interventions.provide import PLACE_LEVERS
from regionsim.model.settings import Measure, Target
from regionsim.model.setup import Setup, prepare
from regionsim.state.ledger import NOBODY
from regionsim.state.levers import LEVERS
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import IDEAL
from tests.unit.interventions.alone import OVERHEAD, START_Q, account, alone, at, delivered, named

NAME = "waterways_plan"
PROJECT, BUILD_Q = 8.0, 3  # million EUR in all, 2 a quarter for four quarters
CAPITAL, COST = 0.01, -0.19


def works(dose: float = 2.0, **changes: Any) -> Measure:
    """Works that add CAPITAL to productivity and change the cost of freight by water by COST, all in all."""
    settings = {"full_units": PROJECT, "build_q": BUILD_Q, **changes.pop("settings", {})}
    given = {
        "quarters": 4, "unit_cost_eur": 1000.0, "cooperative": False, "coalition": "", "target": Target(unit="region"),
        "output_gain": CAPITAL, "water_saving": COST, "settings": settings,
    }  # fmt: skip
    return at(NAME, dose, **{**given, **changes})


def capital(now: Now) -> np.ndarray:
    values: np.ndarray = now.levers.dense["public_capital"]
    return values


def shares_of_residents(setup: Setup, *codes: str) -> np.ndarray:
    """Part of each arrondissement's residents who live in these municipalities, before the plan starts."""
    now = delivered(alone(setup, works(0.0)))
    of, residents = now.reference.arrondissement_of, np.asarray(now.flows["residents_before"], np.float64)
    within = np.isin(now.reference.gazetteer.municipality, codes)
    share: np.ndarray = np.bincount(of, residents * within) / np.bincount(of, residents)
    return share


def test_works_are_paid_as_they_proceed_and_used_when_they_are_finished(setup: Setup) -> None:
    model = alone(setup, works())
    paid, used = [], []
    for _ in range(9):
        used.append(float(capital(delivered(model)).max()) / CAPITAL)
        model.step()
        paid.append(model.agency.spent_eur / (1000.0 * OVERHEAD))
    assert paid == pytest.approx([2, 2, 2, 2, 0, 0, 0, 0, 0])
    assert used == pytest.approx([0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1])


def test_what_is_used_up_is_at_work_no_longer(setup: Setup) -> None:
    model, used = alone(setup, works(settings={"lasts_q": 2})), []
    for _ in range(10):
        used.append(float(capital(delivered(model)).max()) / CAPITAL)
        model.step()
    assert used == pytest.approx([0, 0, 0, 0.25, 0.5, 0.5, 0.5, 0.25, 0, 0])


@pytest.mark.parametrize(("part", "counts"), [(0.5, 0.5), (1.0, 1.0), (2.0, 1.0 + math.log(2.0))])
def test_a_part_of_the_project_has_a_part_of_the_effect_and_more_than_all_adds_less(
    setup: Setup, part: float, counts: float
) -> None:
    now = delivered(alone(setup, works(2.0 * part), quarters=START_Q + 8))
    assert capital(now) == pytest.approx(CAPITAL * counts)
    assert now.levers.region("water_cost") == pytest.approx((1.0 + COST) ** counts)
    assert now.levers.region("rail_cost") == 1.0


def test_poor_coordination_takes_from_the_effect_and_not_from_the_cost(setup: Setup) -> None:
    what = works()
    model = alone(setup, what, rules=replace(IDEAL, quality=0.5), quarters=START_Q + 12)
    assert account(model, what).total_eur == pytest.approx(8 * 1000.0 * OVERHEAD)
    assert capital(delivered(model)) == pytest.approx(0.5 * CAPITAL)


WHERE = {
    "everywhere": (Target(unit="region"), ("101", "102", "103", "201", "202")),
    "subregion": (Target(unit="region", subregion="uplands"), ("103", "202")),
    "coast": (Target(unit="region", coast=True), ("101",)),
    "kind of body": (Target(unit="place", at=("port",)), ("101",)),
    "bodies": (Target(unit="place", at=("lab", "hub")), ("102", "201")),
}


@pytest.mark.parametrize("name", WHERE)
def test_arrondissements_feel_it_by_the_residents_of_the_places_where_it_stands(setup: Setup, name: str) -> None:
    target, codes = WHERE[name]
    now = delivered(alone(setup, works(target=target), quarters=START_Q + 8))
    expected = shares_of_residents(setup, *codes)
    assert capital(now) == pytest.approx(CAPITAL * expected, rel=0.02)  # residents moved in the meantime
    assert ((capital(now) == 0.0) == (expected == 0.0)).all()
    assert now.levers.region("water_cost") == pytest.approx(1.0 + COST)  # the region as a whole


def test_where_there_is_no_such_place_nothing_is_built_nor_paid(setup: Setup) -> None:
    what = works(target=Target(unit="place", at=("terminal_elsewhere",)))
    model = alone(setup, what, quarters=START_Q + 2)
    books = account(model, what)
    assert (books.delivered, books.total_eur, books.obstacle) == (0, 0, NOBODY)
    now = delivered(model.run(8))
    assert not capital(now).any() and now.levers.region("water_cost") == 1.0


def test_the_effect_does_not_depend_on_the_scale_of_the_run_and_the_cost_does(setup: Setup) -> None:
    half = prepare(models.settings(scale=0.5))
    found = []
    for scenario in (setup, half):
        model = alone(scenario, works(), quarters=START_Q + 8)
        found.append((capital(delivered(model)), account(model, works()).total_eur))
    assert found[0][0] == pytest.approx(CAPITAL) and found[1][0] == pytest.approx(CAPITAL)
    assert found[1][1] == pytest.approx(found[0][1] / 2)


def test_two_projects_combine_by_the_rule_of_the_lever(setup: Setup) -> None:
    now = delivered(alone(setup, works(), named(works(), "second"), quarters=START_Q + 8))
    assert capital(now) == pytest.approx(2 * CAPITAL)
    assert now.levers.region("water_cost") == pytest.approx((1.0 + COST) ** 2)


@pytest.mark.parametrize("lever", sorted(PLACE_LEVERS - {"coordination", "awareness"}))
def test_every_lever_over_places_can_be_built_for(setup: Setup, lever: str) -> None:
    what = works(effects={lever: "output_gain"}, quarters=1, settings={"full_units": 2, "build_q": 0})
    now = delivered(alone(setup, what))
    assert now.levers.dense[lever] == pytest.approx(LEVERS[lever].neutral + CAPITAL)
