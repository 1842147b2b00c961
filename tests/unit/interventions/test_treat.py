"""Mechanisms that treat firms, each once: who is reached, what it costs, what it moves and for how long."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.interventions import MECHANISMS
from regionsim.interventions.base import moved_by
from regionsim.model.settings import Measure, Target
from regionsim.model.setup import Setup, prepare
from regionsim.state.firms import EMPLOYER, KINDS
from regionsim.state.ledger import NOBODY
from tests.fixtures import models
from tests.fixtures.models import IDEAL, with_parameter
from tests.unit.interventions.alone import (
    OVERHEAD,
    START_Q,
    account,
    alone,
    at,
    delivered,
    everyone_takes_part,
    lever,
    named,
    treated,
)

TREAT = ("share_cost", "inform", "grant")
NAME = "sme_digitalisation"
every_kind = pytest.mark.parametrize("kind", TREAT)


def of(kind: str, dose: float, **changes: Any) -> Measure:
    """Support for digital tools, given by a mechanism."""
    return replace(at(NAME, dose, **changes), mechanism=kind)


def sure(dose: float, **changes: Any) -> Measure:
    """A shared cost that moves every firm it reaches by a fifth."""
    return at(NAME, dose, **{"deadweight": 0.0, "digital_step": 0.2, **changes})


# Who is reached, and when --------------------------------------------------------------------------------------------


@every_kind
def test_every_unit_is_reached_once_and_paid_once(setup: Setup, kind: str) -> None:
    what = of(kind, 3)
    model, spent = alone(setup, what), 0.0
    for _ in range(what.quarters):
        model.step()
        spent += model.agency.spent_eur
    ids = model.state.ledger.treatments[NAME].ids
    assert np.unique(ids).size == ids.size == 3 * what.quarters
    assert (ids != 0).all()
    assert spent == pytest.approx(ids.size * what.unit_cost_eur * OVERHEAD)
    assert account(model, what).total_eur == pytest.approx(spent)


@every_kind
def test_nothing_is_moved_or_paid_before_the_first_quarter(setup: Setup, kind: str) -> None:
    model = alone(setup, of(kind, 20), quarters=START_Q - 1)
    now = delivered(model)
    assert all(not rows.size for rows, _ in now.levers.sparse.values())
    assert treated(model, NAME) == set() and model.agency.spent_eur == 0


@every_kind
def test_the_dose_ends_after_its_quarters(setup: Setup, kind: str) -> None:
    """Four quarters of dose, then no unit enters and nothing is paid; what was reached stays in the books."""
    model = alone(setup, of(kind, 3, quarters=4), quarters=START_Q + 4)
    reached, spent = treated(model, NAME), 0.0
    for _ in range(5):
        model.step()
        spent += model.agency.spent_eur
    assert len(reached) == 12 and treated(model, NAME) == reached
    assert spent == 0


def test_the_dose_follows_the_scale_of_the_run(setup: Setup) -> None:
    """Half the region, half the units, so that effects per head stay the same."""
    half = prepare(models.settings(scale=0.5))
    assert [len(treated(alone(s, sure(4), quarters=START_Q + 4), NAME)) for s in (setup, half)] == [16, 8]


TARGETS: dict[str, tuple[Target, Callable[[Any, Any, int], Any]]] = {
    "size": (Target(below_jobs=50), lambda f, g, q: f.real_jobs < 50),
    "largest": (Target(least_jobs=5, below_jobs=20), lambda f, g, q: (f.real_jobs >= 5) & (f.real_jobs < 20)),
    "tag": (Target(tags=("industry",)), lambda f, g, q: f.sector == 0),
    "tags": (Target(tags=("industry", "visitor")), lambda f, g, q: np.isin(f.sector, (0, 2))),
    "sector": (Target(sectors=("inns",)), lambda f, g, q: f.sector == 2),
    "both": (Target(tags=("industry",), sectors=("inns",)), lambda f, g, q: f.sector < 0),
    "age": (Target(max_age_q=8), lambda f, g, q: q - f.birth_q <= 8),
    "park": (Target(on_park=True), lambda f, g, q: f.on_park == 1),
    "coast": (Target(coast=True), lambda f, g, q: f.municipality == 0),
    "subregion": (Target(subregion="uplands"), lambda f, g, q: np.isin(f.municipality, (2, 4))),
    "kind of body": (Target(at=("port",)), lambda f, g, q: f.municipality == 0),
    "body": (Target(at=("hub", "lab")), lambda f, g, q: np.isin(f.municipality, (1, 3))),
}


@pytest.mark.parametrize("name", TARGETS)
def test_who_may_be_treated_meets_every_condition_of_the_target(setup: Setup, name: str) -> None:
    target, meets = TARGETS[name]
    model = alone(everyone_takes_part(setup), sure(100_000, unit_cost_eur=1.0, target=target))
    f, gazetteer = model.firms.a, model.setup.reference.gazetteer
    expected = f.id[(f.kind == EMPLOYER) & meets(f, gazetteer, model.state.quarter)]
    now = delivered(model)
    assert set(now.state.ledger.treatments[NAME].ids.tolist()) == set(expected.tolist())
    assert now.state.ledger.accounts[NAME].obstacle == NOBODY  # the dose is larger than what there is


def test_own_account_firms_are_reached_where_the_target_says_so(setup: Setup) -> None:
    kinds = ("employer", "own_account")
    model = alone(everyone_takes_part(setup), sure(100_000, unit_cost_eur=1.0, target=Target(kinds=kinds)))
    f = model.firms.a
    expected = f.id[np.isin(f.kind, [KINDS.index(kind) for kind in kinds])]
    assert set(delivered(model).state.ledger.treatments[NAME].ids.tolist()) == set(expected.tolist())


def test_in_a_region_without_what_the_target_names_nobody_is_reached_and_nothing_paid(setup: Setup) -> None:
    what = sure(3, target=Target(at=("somewhere_else",)))
    model = alone(setup, what, quarters=START_Q + 3)
    books = account(model, what)
    assert (books.delivered, books.total_eur, books.obstacle) == (0, 0, NOBODY)


def test_who_takes_part_at_a_lower_share_also_does_at_a_higher(setup: Setup) -> None:
    found = []
    for share in (0.2, 0.5, 1.0):
        few = with_parameter(setup, "institutions", take_up=share)
        now = delivered(alone(few, sure(100_000, unit_cost_eur=1.0)))
        found.append(set(now.state.ledger.treatments[NAME].ids.tolist()))
    assert found[0] < found[1] < found[2]
    n = len(found[2])
    for share, ids in zip((0.2, 0.5), found, strict=False):
        assert abs(len(ids) - share * n) <= 4 * math.sqrt(n * share * (1 - share))


def test_who_comes_first_differs_by_measure_and_draw_but_not_by_dose(setup: Setup) -> None:
    setup = everyone_takes_part(setup)

    def first(what: Measure, draw: int = 0) -> set[int]:
        return treated(alone(setup, what, quarters=START_Q + 1, draw=draw), what.name)

    few = first(sure(20))
    assert len(few) == 20 and few < first(sure(30))
    assert len(few & first(sure(20), draw=1)) < 10
    assert len(few & first(named(sure(20), "other"))) < 10


# What it moves -------------------------------------------------------------------------------------------------------


def test_the_size_of_an_effect_follows_intensity_by_the_rule_of_the_lever() -> None:
    intensity = np.array([0.0, 0.5, 1.0])
    assert moved_by("digital_support", 0.2, intensity) == pytest.approx([0.0, 0.1, 0.2])
    assert moved_by("demand_ratio", 0.21, intensity) == pytest.approx([1.0, 1.1, 1.21])
    assert moved_by("demand_ratio", -0.19, intensity) == pytest.approx([1.0, 0.9, 0.81])
    assert (moved_by("demand_ratio", 0.0, intensity) == 1.0).all()
    assert (moved_by("demand_ratio", -2.0, intensity) > 0.0).all()


@every_kind
def test_the_reached_move_the_levers_of_the_effects_and_nobody_else_does(setup: Setup, kind: str) -> None:
    effects = {"digital_support": "digital_step", "demand_ratio": "digital_step"}
    now = delivered(alone(setup, of(kind, 20, deadweight=0.0, digital_step=0.2, effects=effects)))
    rows = now.state.ledger.treatments[NAME].rows
    support, ratio = lever(now, "digital_support"), lever(now, "demand_ratio")
    assert rows.size == 20
    assert support[rows] == pytest.approx(0.2) and ratio[rows] == pytest.approx(1.2)
    assert not np.delete(support, rows).any() and (np.delete(ratio, rows) == 1.0).all()


@pytest.mark.parametrize("quality", [1.0, 0.5])
def test_poor_coordination_takes_from_the_effect_and_not_from_the_cost(setup: Setup, quality: float) -> None:
    what = sure(5, quarters=1, effects={"digital_support": "digital_step", "demand_ratio": "digital_step"})
    model = alone(setup, what, rules=replace(IDEAL, quality=quality), quarters=START_Q + 6)
    now, books = delivered(model), account(model, what)
    rows = model.state.ledger.present(NAME, model.firms.a.id).rows
    assert books.total_eur == pytest.approx(books.delivered * what.unit_cost_eur * OVERHEAD) and rows.size
    assert lever(now, "digital_support")[rows] == pytest.approx(0.2 * quality)
    assert lever(now, "demand_ratio")[rows] == pytest.approx(1.2**quality)


@pytest.mark.parametrize(("deadweight", "share"), [(0.0, 1.0), (0.3, 0.7), (1.0, 0.0)])
def test_what_would_have_come_anyway_costs_and_adds_nothing(setup: Setup, deadweight: float, share: float) -> None:
    what = sure(100_000, unit_cost_eur=1.0, deadweight=deadweight)
    now = delivered(alone(everyone_takes_part(setup), what))
    support, books = lever(now, "digital_support"), now.state.ledger.accounts[NAME]
    assert set(np.unique(support)) <= {0.0, 0.2}
    helped, reached = int((support > 0).sum()), int(books.delivered)
    assert abs(helped - share * reached) <= 4 * math.sqrt(reached * share * (1 - share))
    assert books.spent_eur == pytest.approx(reached * OVERHEAD)
    assert books.wasted_eur == reached - helped
    assert books.own_eur == reached * what.own_funds_eur


def test_who_is_reached_and_does_not_act_costs_too_and_is_no_deadweight(setup: Setup) -> None:
    what = sure(100_000, unit_cost_eur=1.0)
    block = what.parameters.blocks[NAME]
    block["uptake"] = replace(block["deadweight"], name="uptake", value=0.25)
    now = delivered(alone(everyone_takes_part(setup), what))
    helped, reached = int((lever(now, "digital_support") > 0).sum()), now.state.ledger.accounts[NAME].delivered
    assert abs(helped - 0.25 * reached) <= 4 * math.sqrt(reached * 0.25 * 0.75)
    assert now.state.ledger.accounts[NAME].wasted_eur == 0


def test_who_would_have_come_anyway_is_a_lasting_trait(setup: Setup) -> None:
    model = alone(setup, sure(20, deadweight=0.5), quarters=START_Q + 1)

    def helped() -> set[int]:
        now = delivered(model)
        return set(now.state.firms.a.id[lever(now, "digital_support") > 0].tolist())

    first = helped()
    model.run(6)
    assert first and first & set(model.firms.a.id.tolist()) <= helped()


def test_two_measures_of_one_mechanism_add_up(setup: Setup) -> None:
    """Firms that both reach are supported twice; who is reached by one is not the same as by the other."""
    one = sure(20, digital_step=0.1)
    model = alone(everyone_takes_part(setup), one, named(one, "second"), quarters=START_Q + 4)
    support = lever(delivered(model), "digital_support")
    assert set(np.round(support[support > 0], 12)) == {0.1, 0.2}
    first, second = treated(model, NAME), treated(model, "second")
    assert first != second and first & second


LASTING = [(0, 0), (0, 3), (2, 0), (2, 3)]
EACH = [(kind, *each) for kind in TREAT for each in LASTING if kind != "grant" or each[1]]  # a grant has an end


@pytest.mark.parametrize(("kind", "lag", "lasts"), EACH)
def test_an_effect_starts_after_its_lag_and_lasts_as_long_as_stated(
    setup: Setup, kind: str, lag: int, lasts: int
) -> None:
    settings = {"lag_q": lag, "lasts_q": lasts}
    model = alone(setup, of(kind, 5, quarters=1, deadweight=0.0, digital_step=0.2, settings=settings))
    for age in range(8):
        now = delivered(model)
        at_work = age >= lag and (not lasts or age < lag + lasts)
        rows = now.state.ledger.present(NAME, now.state.firms.a.id).rows
        assert set(np.flatnonzero(lever(now, "digital_support"))) == (set(rows.tolist()) if at_work else set())
        model.step()


def test_a_firm_that_closed_moves_nothing_nor_does_who_takes_its_row(setup: Setup) -> None:
    what = sure(100_000, unit_cost_eur=1.0, quarters=1)
    model = alone(everyone_takes_part(setup), what, quarters=START_Q + 1)
    reached = treated(model, NAME)
    model.run(8)
    present = set(model.firms.a.id[model.firms.rows()].tolist())
    now = delivered(model)
    helped = set(now.state.firms.a.id[lever(now, "digital_support") > 0].tolist())
    assert helped == reached & present != reached


def test_support_raises_productivity_to_the_stated_gain_and_no_further(setup: Setup) -> None:
    """ln tfp of treated firms rises towards step x ln(1 + gain), quarter by quarter; others stay at their trend."""
    setup = with_parameter(with_parameter(setup, "training", gain=0.0), "research", output_elasticity=0.0)
    setup = with_parameter(setup, "firms", digital_needs_skills=0.0, digital_skill_complement=0.0)  # tools alone
    model = alone(setup, sure(20))
    gain = 0.2 * math.log1p(model.parameters.firms.digital_tfp_gain)
    before = 0.0
    for quarter in range(16):
        model.step()
        f, t = model.firms.a, model.state.ledger.present(NAME, model.firms.a.id)
        values = f.ln_tfp[t.rows[(t.start_q == START_Q) & (f.digital[t.rows] < 0.8)]]
        part = 1 - (1 - 1 / model.parameters.firms.digital_lag_q) ** (quarter + 1)
        assert np.allclose(values, gain * part, rtol=1e-3)
        assert values.mean() > before
        before = values.mean()
        assert not f.ln_tfp[np.setdiff1d(model.firms.rows(), t.rows)].any()
    assert before < gain


# One by one ----------------------------------------------------------------------------------------------------------


def test_no_mechanism_but_the_grant_gives_money_for_research() -> None:
    assert "research_grant" in MECHANISMS["grant"].moves_always
    assert not {"research_grant", "equity_eur"} & MECHANISMS["share_cost"].may_move


def test_information_is_forgotten_after_a_year(setup: Setup) -> None:
    model = alone(setup, of("inform", 5, quarters=1, deadweight=0.0))
    supported = []
    for _ in range(6):
        supported.append(bool(lever(delivered(model), "digital_support").any()))
        model.step()
    assert supported == [True] * 4 + [False] * 2


def awareness(dose: float, size: float) -> Measure:
    effects = {"awareness": "digital_step"}
    what = of("inform", dose, deadweight=0.0, digital_step=size, unit_cost_eur=1.0, effects=effects)
    return named(what, "campaign")


def test_awareness_rises_with_the_share_that_was_reached(setup: Setup) -> None:
    model = alone(everyone_takes_part(setup), awareness(20, 0.3))
    f, now = model.firms.a, delivered(model)
    allowed = int(((f.kind == EMPLOYER) & (f.real_jobs < 50)).sum())
    assert now.levers.region("awareness") == pytest.approx(0.3 * 20 / allowed)
    everyone = delivered(alone(everyone_takes_part(setup), awareness(100_000, 0.3)))
    assert everyone.levers.region("awareness") == pytest.approx(0.3)


def test_who_has_heard_takes_part_in_other_measures_wherever_the_campaign_stands_in_the_plan(setup: Setup) -> None:
    few = with_parameter(setup, "institutions", take_up=0.4)
    other, campaign = sure(100_000, unit_cost_eur=1.0), awareness(100_000, 0.5)
    found = [treated(alone(few, *plan, quarters=START_Q + 1), NAME) for plan in ((other,), (other, campaign))]
    assert found[0] < found[1]
    assert found[1] == treated(alone(few, campaign, other, quarters=START_Q + 1), NAME)


def grant(dose: float, **changes: Any) -> Measure:
    given = {"effects": {}, "deadweight": 0.0, "unit_cost_eur": 20_000.0, "settings": {"lasts_q": 4}, **changes}
    return of("grant", dose, **given)


def test_a_grant_is_paid_in_equal_parts_over_its_quarters(setup: Setup) -> None:
    model, got = alone(setup, grant(5, quarters=1)), []
    for _ in range(6):
        now = delivered(model)
        eur = lever(now, "research_grant")
        rows = now.state.ledger.present(NAME, now.state.firms.a.id).rows
        got.append(eur[eur > 0])
        assert set(np.flatnonzero(eur)) <= set(rows.tolist())
        model.step()
    assert [np.allclose(eur, 5_000.0) for eur in got[:4]] == [True] * 4 and got[0].size == 5
    assert not got[4].size and not got[5].size


@pytest.mark.parametrize("additional", [0.0, 1.0, 1.5])
def test_small_firms_spend_on_research_what_the_grant_adds(setup: Setup, additional: float) -> None:
    """One euro per euro where nothing is crowded out and nothing comes on top."""
    setup = with_parameter(setup, "research", grant_additionality_small=additional)

    def spent(dose: float) -> float:
        model = alone(setup, grant(dose), quarters=START_Q + 1)
        return float(model.flows["research_spending"].sum())

    assert spent(10) - spent(0) == pytest.approx(10 * 5_000 * additional * 1e-6, abs=1e-9)


def test_nothing_compounds_from_quarter_to_quarter(setup: Setup) -> None:
    model = alone(setup, sure(5, quarters=1), quarters=START_Q + 3)
    for _ in range(3):
        assert set(np.unique(lever(delivered(model), "digital_support"))) == {0.0, 0.2}
        model.step()
