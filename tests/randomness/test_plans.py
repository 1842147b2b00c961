"""Common random numbers across plans: no dose, no difference; more of anything only adds, it never reshuffles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from regionsim.ensemble.unit import run_unit
from regionsim.ensemble.units import Unit
from regionsim.model.quarter import QUARTER
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import NO_PLAN, Plan
from regionsim.model.setup import Setup
from regionsim.results.outcomes import OUTCOMES
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import DOSES, IDEAL, PLAN_START, by_id, changed, copied, measure, same


def plans_of(setup: Setup, *plans: Plan) -> xr.Dataset:
    return run_unit(changed(setup, plans=(NO_PLAN, *plans)), Unit(0))


def outcomes_that_differ(unit: xr.Dataset, plan: str) -> list[str]:
    """Outcomes in which a plan differs from 'none' by as much as a bit."""
    return [name for name in OUTCOMES if not same(unit[name].sel(plan=plan), unit[name].sel(plan="none"))]


@pytest.fixture(scope="module")
def unit(setup: Setup) -> xr.Dataset:
    """'none', the plan at zero dose, and the plan."""
    return plans_of(setup, models.plan(dose=0.0, name="nothing"), models.plan())


def test_a_plan_at_zero_dose_is_no_plan_bit_for_bit(unit: xr.Dataset) -> None:
    assert outcomes_that_differ(unit, "nothing") == []


def test_the_plan_itself_makes_a_difference(unit: xr.Dataset) -> None:
    """Else the test above would show nothing."""
    differ = set(outcomes_that_differ(unit, "masterplan"))
    assert {
        "employed_residents",
        "jobs",
        "gva",
        "firms",
        "treated",
        "public_cost",
        "pupils_in_dual_learning",
    } <= differ


def test_nothing_differs_before_the_plan_starts(unit: xr.Dataset) -> None:
    before = unit.sel(quarter=slice("2011Q1", "2011Q4"))
    assert outcomes_that_differ(before, "masterplan") == []
    assert float(unit.treated.sel(plan="masterplan", quarter=PLAN_START).sum()) > 0


@pytest.mark.parametrize("name", DOSES)
def test_each_measure_at_zero_dose_is_no_measure(setup: Setup, name: str) -> None:
    alone = Plan("alone", PLAN_START, (measure(name, 0.0),))
    assert outcomes_that_differ(plans_of(changed(setup, horizon="2014Q4"), alone), "alone") == []


def test_a_plan_after_the_horizon_is_no_plan(setup: Setup) -> None:
    late = models.plan(start="2018Q1", name="late")
    assert outcomes_that_differ(plans_of(setup, late), "late") == []


def test_other_plans_in_the_run_change_nothing(setup: Setup, unit: xr.Dataset) -> None:
    """A plan beside another, with more quarters of shared history or fewer, is the same plan."""
    alone = plans_of(setup, models.plan())
    early = plans_of(setup, models.plan(start="2011Q2", name="early"), models.plan())
    for name in OUTCOMES:
        wanted = unit[name].sel(plan="masterplan")
        assert same(alone[name].sel(plan="masterplan"), wanted), name
        assert same(early[name].sel(plan="masterplan"), wanted), name


# More of it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarters", [1, 8, 16])
@pytest.mark.parametrize("more", [1.5, 2.0, 4.0])
def test_a_higher_dose_only_adds_units(setup: Setup, quarters: int, more: float) -> None:
    """Every unit treated at the lower dose is treated at the higher one, if it exists there at all.

    Firms exist in both runs or in one: a firm is founded by who has no better work, which a plan may change."""
    history = RegionModel(setup, 0).run(4)
    low, high = (history.branch(models.plan(dose)) for dose in (1.0, more))
    exist: dict[str, set[int]] = {"people": set(by_id(high.people)), "firms": set(by_id(high.firms))}
    for _ in range(quarters):
        low.step()
        high.step()
        exist["people"] |= set(by_id(high.people))
        exist["firms"] |= set(by_id(high.firms))
    for name in DOSES:
        few, many = (set(m.state.ledger.treatments[name].ids.tolist()) for m in (low, high))
        there = few & exist["people" if name == "dual_learning" else "firms"]
        assert there <= many
        assert len(there) >= 0.9 * len(few)
        if quarters > 2 or name != "dual_learning":  # school starts in the third quarter
            assert len(many) > len(few) > 0


def test_all_doses_reach_the_units_they_pay_for(setup: Setup) -> None:
    """Cumulative rounding loses nothing: a dose of .3 a quarter reaches 3 firms in ten quarters, and costs as much."""
    few = Plan("few", PLAN_START, (measure("sme_digitalisation", 0.3),), governance=IDEAL)
    model = RegionModel(setup, 0).run(4).branch(few)
    spent = 0.0
    for _ in range(10):
        model.step()
        spent += model.agency.spent_eur
    assert model.state.ledger.treatments["sme_digitalisation"].ids.size == 3
    assert spent == pytest.approx(3 * 1.08 * measure("sme_digitalisation", 1).unit_cost_eur)


def run_until_after(model: RegionModel, name: str, move: Callable[[Now], None]) -> Now:
    """The coming quarter of a copy, with a lever moved, up to and with one process."""
    now = copied(model).now()
    for process in QUARTER:
        process(now)
        if process.__name__ == "institutions_agree_and_deliver":
            move(now)
        if process.__name__ == name:
            return now
    raise ValueError(name)


def ids(now: Now, rows: np.ndarray) -> set[int]:
    return set(now.state.people.a.id[rows].tolist())


def test_more_pull_makes_no_graduate_leave_who_stayed(under_plan: RegionModel) -> None:
    """In 2013Q3: those who leave under more pull left under less; those who return under less return under more."""
    leavers, returners, graduates = [], [], []
    for pull in (-1.0, -0.3, 0.0, 0.1, 0.5, 1.0, 3.0):
        now = run_until_after(
            under_plan, "graduates_return", lambda now, pull=pull: now.levers.move("graduate_pull", pull)
        )
        graduates.append(ids(now, now.flows["new_graduates"]))
        leavers.append(ids(now, np.flatnonzero(now.state.people.a.exit == 3)))
        returners.append(ids(now, now.flows["returned"]))
    assert all(each == graduates[0] for each in graduates) and len(graduates[0]) > 30
    assert all(more <= less for less, more in zip(leavers, leavers[1:], strict=False))
    assert all(less <= more for less, more in zip(returners, returners[1:], strict=False))
    assert len(leavers[0]) > len(leavers[2]) > len(leavers[-1])


def test_more_pull_over_the_years_keeps_who_stayed(setup: Setup) -> None:
    """Five years of a pull: hardly any graduate leaves who stayed without it, and many stay."""
    plain, pulled = RegionModel(setup, 0), RegionModel(setup, 0)
    for _ in range(20):
        plain.step()
        with models.processes_of_the_quarter(
            models.after("institutions_agree_and_deliver", lambda now: now.levers.move("graduate_pull", 2.0))
        ):
            pulled.step()
    gone, gone_pulled = (
        {i for i, (place,) in by_id(model.people, "place").items() if place == 1} for model in (plain, pulled)
    )
    assert len(gone_pulled) < len(gone)
    assert len(gone_pulled - gone) <= 0.02 * len(gone)  # feedback through wages and tightness is all there is


def test_a_lower_hazard_closes_only_firms_that_close_anyway(under_plan: RegionModel) -> None:
    closing = []
    for ratio in (2.0, 1.0, 0.7, 0.3, 0.0):
        now = run_until_after(
            under_plan, "firms_close",
            lambda now, ratio=ratio: now.levers.move("early_closing_ratio", ratio, now.state.firms.rows()),
        )  # fmt: skip
        closing.append(set(now.state.firms.a.id[now.flows["closing"]].tolist()))
    assert all(fewer <= more for more, fewer in zip(closing, closing[1:], strict=False))
    assert len(closing[0]) > len(closing[-1])


def test_more_places_only_add_learners(under_plan: RegionModel) -> None:
    learners = []
    for places in (0.0, 2.0, 5.0, 100.0):
        now = run_until_after(
            under_plan,
            "dual_learners_start",
            lambda now, places=places: now.levers.move("dual_places", places),
        )
        learners.append(ids(now, now.flows["dual_learners"]))
    assert all(fewer < more for fewer, more in zip(learners, learners[1:], strict=False))


def test_more_support_makes_no_firm_less_productive(under_plan: RegionModel) -> None:
    before = None
    for support in (0.0, 0.1, 0.3, 0.8):
        now = run_until_after(
            under_plan, "firms_raise_productivity",
            lambda now, support=support: now.levers.move("digital_support", support, now.state.firms.rows()),
        )  # fmt: skip
        ln_tfp = now.state.firms.a.ln_tfp.copy()
        assert before is None or ((ln_tfp >= before).all() and (ln_tfp > before).any())
        before = ln_tfp
