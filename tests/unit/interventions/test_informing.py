"""Information, promotion, rules and coordination, computed by hand: who acts, what is lost, what is at work when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Governance, Measure, Plan, Target
from regionsim.model.setup import Setup
from regionsim.state.draws import code, uniforms
from regionsim.state.parameters import parse_parameters
from regionsim.state.people import ACTIVITIES
from regionsim.state.region_state import Now
from tests.fixtures.models import IDEAL, PLAN_START, copied, until, with_parameter

START_Q = 4  # run quarter of PLAN_START
OVERHEAD = 1.08
SIZE = 0.2  # of every effect
SOUGHT = ("employed", "job_seeker")
REACHED = 100  # persons a quarter


def measure(mechanism: str, lever: str, dose: float, name: str = "campaign", **changes: Any) -> Measure:
    """A measure that moves one lever by SIZE; chances that are not among its fields become parameters."""
    sizes = {"size": SIZE, **{key: changes.pop(key) for key in ("uptake", "deadweight", "size") if key in changes}}
    stated = {"unit": "1", "source": "a test", "status": "assumption"}
    block = parse_parameters({name: {key: {"value": value, **stated} for key, value in sizes.items()}})
    given = {
        "title_en": "Campaign", "title_nl": "Campagne", "pillar": "I.C", "domain": "knowledge", "unit": "units",
        "quarters": 1, "unit_cost_eur": 4.0, "evidence": "none", "effects": {lever: "size"}, "parameters": block,
        "target": Target(unit="region"),
    }  # fmt: skip
    return Measure(name, mechanism, dose=dose, **{**given, **changes})


def campaign(dose: float = REACHED, **changes: Any) -> Measure:
    """Information for adults in work or looking for it, which they act on in the quarter in which they hear it."""
    target = Target(unit="person", activities=SOUGHT, from_age=18, until_age=65)
    return measure("inform", "digital_course", dose, **{"settings": {"lasts_q": 1}, "target": target, **changes})


def under(setup: Setup, *measures: Measure, rules: Governance = IDEAL, quarters: int = 0) -> RegionModel:
    """A model that has run so many quarters of a plan of these measures; everyone takes part if asked."""
    willing = with_parameter(setup, "institutions", take_up=1.0, longest_delay_q=0.0)
    return RegionModel(willing, 0, Plan("alone", PLAN_START, measures, governance=rules)).run(START_Q + quarters)


def delivered(model: RegionModel) -> Now:
    """The coming quarter right after the agency has delivered, on a copy."""
    return until(copied(model), "births")


def course(now: Now) -> np.ndarray:
    return now.levers.over_rows("digital_course", now.state.people.capacity)


def chance(now: Now, what: str, rows: np.ndarray) -> np.ndarray:
    """The lasting draw of each person, from its id and the name of the measure."""
    return uniforms(np.uint64(now.draws.seed ^ code(f"campaign: {what}")), now.state.people.a.id[rows])


# Information ---------------------------------------------------------------------------------------------------------


def test_only_adults_of_the_target_are_reached(setup: Setup) -> None:
    now = delivered(under(setup, campaign(1_000_000, unit_cost_eur=0.01)))
    p, rows = now.state.people.a, now.state.ledger.treatments["campaign"].rows
    sought = np.isin(p.activity, [ACTIVITIES.index(name) for name in SOUGHT]) & (p.place == 0) & (p.exit == 0)
    assert set(rows.tolist()) == set(np.flatnonzero(sought & (p.age_q >= 72) & (p.age_q < 260)).tolist())


@pytest.mark.parametrize("uptake", [0.0, 0.25, 1.0])
def test_of_those_reached_the_share_of_the_uptake_acts_and_all_are_paid_for(setup: Setup, uptake: float) -> None:
    now = delivered(under(setup, campaign(uptake=uptake)))
    rows, books = now.state.ledger.treatments["campaign"].rows, now.state.ledger.accounts["campaign"]
    acts = rows[chance(now, "acts", rows) < uptake]
    assert abs(acts.size - REACHED * uptake) <= 4 * (REACHED * uptake * (1 - uptake)) ** 0.5
    assert set(np.flatnonzero(course(now))) == set(acts.tolist())
    assert course(now)[acts] == pytest.approx(SIZE)
    assert (rows.size, books.delivered) == (REACHED, REACHED)
    assert books.spent_eur == books.total_eur == pytest.approx(REACHED * 4 * OVERHEAD)
    assert (books.wasted_eur, books.own_eur) == (0, 0)


def test_a_higher_uptake_adds_people_and_loses_none(setup: Setup) -> None:
    acting = [set(np.flatnonzero(course(delivered(under(setup, campaign(uptake=u)))))) for u in (0.2, 0.4, 0.8)]
    assert acting[0] < acting[1] < acting[2]


@pytest.mark.parametrize("deadweight", [0.0, 0.5, 1.0])
def test_deadweight_is_the_cost_of_who_acts_and_would_have_acted_anyway(setup: Setup, deadweight: float) -> None:
    """Who does not act is no deadweight, and overhead is none either; what others pay themselves is booked for all."""
    now = delivered(under(setup, campaign(uptake=0.6, deadweight=deadweight, own_funds_eur=3.0)))
    rows, books = now.state.ledger.treatments["campaign"].rows, now.state.ledger.accounts["campaign"]
    acts, anyway = chance(now, "acts", rows) < 0.6, chance(now, "deadweight", rows) < deadweight
    assert books.wasted_eur == pytest.approx(4 * (acts & anyway).sum())
    assert set(np.flatnonzero(course(now))) == set(rows[acts & ~anyway].tolist())
    assert books.spent_eur == pytest.approx(REACHED * 4 * OVERHEAD)
    assert books.own_eur == pytest.approx(REACHED * 3)


def test_deadweight_is_booked_in_the_quarter_in_which_it_is_paid(setup: Setup) -> None:
    model, wasted = under(setup, campaign(quarters=2, deadweight=1.0)), []
    for _ in range(4):
        model.step()
        wasted.append(model.state.ledger.accounts["campaign"].wasted_eur)
    assert wasted == [4 * REACHED, 4 * REACHED, 0, 0]


def test_a_course_that_follows_information_ends_once(setup: Setup) -> None:
    """Reached in the first quarter, learnt in the second, nothing after."""
    model, at_work = under(setup, campaign(settings={"lag_q": 1, "lasts_q": 1})), []
    for _ in range(4):
        at_work.append(int((course(delivered(model)) > 0).sum()))
        model.step()
    assert at_work[0] == at_work[2] == at_work[3] == 0
    assert 0.9 * REACHED <= at_work[1] <= REACHED  # some have died or left


def test_poor_coordination_takes_from_what_information_does_and_not_from_its_cost(setup: Setup) -> None:
    now = delivered(under(setup, campaign(), rules=replace(IDEAL, quality=0.5)))
    assert course(now)[now.state.ledger.treatments["campaign"].rows] == pytest.approx(0.5 * SIZE)
    assert now.state.ledger.accounts["campaign"].spent_eur == pytest.approx(REACHED * 4 * OVERHEAD)


# Promotion and rules -------------------------------------------------------------------------------------------------


def at_work(model: RegionModel, lever: str, quarters: int) -> list[float]:
    """The lever in each of the coming quarters, the first value of it; steps the model."""
    values = []
    for _ in range(quarters):
        values.append(float(delivered(model).levers.dense[lever][0]))
        model.step()
    return values


@pytest.mark.parametrize(("lasts", "shares"), [(1, [0.5, 0.5, 0.5, 0, 0]), (2, [0.5, 1, 1, 0.5, 0])])
def test_promotion_is_at_work_while_it_is_spent_and_remembered(setup: Setup, lasts: int, shares: list[float]) -> None:
    what = measure("promote", "place_image", 4, quarters=3, settings={"full_units": 8, "lasts_q": lasts})
    assert at_work(under(setup, what), "place_image", 5) == pytest.approx([SIZE * share for share in shares])


def test_promotion_of_sectors_reaches_those_with_the_tag_only(setup: Setup) -> None:
    """makers, shops, inns, offices: a quarter of the full effort multiplies by 1.2 to the power of a quarter."""
    target = Target(unit="region", tags=("visitor", "retail"))
    demand = measure("promote", "sector_demand", 2, target=target, settings={"full_units": 8})
    bought = measure("promote", "local_purchases", 2, name="chain", target=target, settings={"full_units": 8})
    levers = delivered(under(setup, demand, bought)).levers.dense
    assert levers["sector_demand"] == pytest.approx([1, 1.2**0.25, 1.2**0.25, 1])
    assert levers["local_purchases"] == pytest.approx([0, SIZE / 4, SIZE / 4, 0])


def test_a_rule_is_at_work_while_it_is_kept_up_and_half_kept_up_half(setup: Setup) -> None:
    full = measure("regulate", "core_refill", 2, quarters=2, settings={"full_units": 2})
    half = replace(full, dose=1.0)
    assert at_work(under(setup, full), "core_refill", 4) == pytest.approx([SIZE, SIZE, 0, 0])
    assert at_work(under(setup, half), "core_refill", 4) == pytest.approx([SIZE / 2, SIZE / 2, 0, 0])


def test_what_is_promoted_or_ruled_costs_units_times_unit_cost_and_overhead(setup: Setup) -> None:
    for mechanism, lever in (("promote", "place_image"), ("regulate", "core_refill"), ("coordinate", "coordination")):
        what = measure(mechanism, lever, 2.5, quarters=3, settings={"full_units": 8})
        books = under(setup, what, quarters=6).state.ledger.accounts["campaign"]
        assert (books.delivered, books.planned) == (7.5, 7.5)
        assert books.total_eur == pytest.approx(7.5 * 4 * OVERHEAD)
        assert books.wasted_eur == 0


# Coordination --------------------------------------------------------------------------------------------------------

BY_LEVELS = Governance(instruments=(), partners=64, review_q=0)  # quality follows from levels, actors, instruments
PLAIN = 0.6 / 1.008  # without instruments: 2 levels x 2 actors x .002


def coordination(dose: float) -> Measure:
    return measure("coordinate", "coordination", dose, name="managers", size=1.0, settings={"full_units": 8})


def test_coordination_counts_as_instruments_by_its_own_quality(setup: Setup) -> None:
    now = delivered(under(setup, coordination(4), rules=BY_LEVELS))
    assert now.state.ledger.accounts["managers"].quality == pytest.approx(PLAIN)
    assert now.levers.region("coordination") == pytest.approx(0.5 * PLAIN)


@pytest.mark.parametrize("first", [True, False])
def test_coordination_lets_other_measures_work_better_at_the_same_cost(setup: Setup, first: bool) -> None:
    """An instrument closes a tenth of the gap to 1, so a part of one 1 - .9 ^ part of it, wherever it stands."""
    plan = (coordination(4), campaign()) if first else (campaign(), coordination(4))
    without, now = (delivered(under(setup, *some, rules=BY_LEVELS)) for some in ((campaign(),), plan))
    better = (1 - 0.4 * 0.9 ** (0.5 * PLAIN)) / 1.008
    rows = now.state.ledger.treatments["campaign"].rows
    assert course(without)[rows] == pytest.approx(SIZE * PLAIN)
    assert course(now)[rows] == pytest.approx(SIZE * better)
    assert better > PLAIN
    spent = [each.state.ledger.accounts["campaign"].spent_eur for each in (without, now)]
    assert spent[0] == spent[1] == pytest.approx(REACHED * 4 * OVERHEAD)


def test_coordination_ends_with_its_money(setup: Setup) -> None:
    model = under(setup, replace(coordination(8), quarters=2), rules=BY_LEVELS)
    assert at_work(model, "coordination", 4)[2:] == [0, 0]
