"""The chain that every measure passes: partners, mandate, selection, permission, coordination, pace; and its money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.institutions.agents import Municipality
from regionsim.institutions.coalition import coordination_quality
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Governance, Measure, Plan, Target
from regionsim.model.setup import Setup
from regionsim.state import ledger as books
from regionsim.state.ledger import OBSTACLES, Account
from tests.fixtures import models
from tests.fixtures.models import IDEAL, copied

START, BEFORE = "2012Q1", 4


def digital(dose: float = 3.0, **changes: Any) -> Measure:
    return replace(models.measure("sme_digitalisation", dose), **changes)


def run(setup: Setup, rules: Governance, *measures: Measure, quarters: int = 8) -> RegionModel:
    plan = Plan("alone", START, measures, governance=rules)
    return RegionModel(setup, 0, plan, record=True).run(BEFORE + quarters)


def recorded(model: RegionModel, name: str) -> np.ndarray:
    """What was recorded of an outcome since the plan's start, (quarter, ...)."""
    assert model.recorder is not None
    values: np.ndarray = model.recorder._values[name][BEFORE : model.state.quarter]
    return values


def digital_column(model: RegionModel, name: str) -> np.ndarray:
    """The same of the measure."""
    assert model.recorder is not None
    return recorded(model, name)[:, model.recorder.coords["measure"].index("sme_digitalisation")]


def account(setup: Setup, rules: Governance, measure: Measure, quarters: int = 8) -> Account:
    return run(setup, rules, measure, quarters=quarters).state.ledger.accounts[measure.name]


# Gate, mandate, selection, permission --------------------------------------------------------------------------------


@pytest.mark.parametrize(("partners", "needed", "spends"), [(0, 2, False), (1, 2, False), (2, 2, True), (2, 3, False)])
def test_a_cooperative_measure_needs_its_partners(setup: Setup, partners: int, needed: int, spends: bool) -> None:
    rules = replace(IDEAL, partners=partners, partners_needed=needed)
    found = account(setup, rules, digital(cooperative=True))
    assert (found.total_eur > 0, found.obstacle == books.PARTNERS) == (spends, not spends)
    assert found.planned == 24 and found.partners == partners
    alone = account(setup, rules, digital())
    assert alone.total_eur > 0  # a measure of one body waits for nobody


def test_destinations_join_for_whom_the_benefit_exceeds_the_cost(setup: Setup) -> None:
    rules = replace(IDEAL, partners=None)
    few, many = (account(setup, rules, digital(dose, cooperative=True)) for dose in (1.0, 40.0))
    assert few.partners < many.partners <= 5
    # 1 x 8,000 EUR a quarter brings at most 8,000 x the largest share of residents: below 2,500 EUR for most
    assert few.partners == sum(share * 8000 > 2500 for share in (0.3, 0.2, 0.1, 0.25, 0.15))


def test_who_is_not_willing_does_not_join(setup: Setup) -> None:
    plan = Plan("alone", START, (digital(cooperative=True),), governance=IDEAL)
    model = RegionModel(setup, 0, plan).run(BEFORE)
    for place in list(model.agents_by_type[Municipality])[1:]:
        place.willing = False
    found = model.run(4).state.ledger.accounts["sme_digitalisation"]
    assert (found.partners, found.total_eur, found.obstacle) == (1, 0.0, books.PARTNERS)


def test_without_mandate_from_home_each_agreement_is_ratified(setup: Setup) -> None:
    waits = replace(IDEAL, mandate=False)
    assert account(setup, waits, digital(cooperative=True), quarters=2).obstacle == books.MANDATE
    assert account(setup, waits, digital(cooperative=True), quarters=3).total_eur > 0
    assert account(setup, waits, digital(), quarters=1).total_eur > 0


@pytest.mark.parametrize("change", [{"supra_local": False}, {"regional": False}, {"added_value": 0.2}])
def test_a_selective_organisation_takes_what_is_supra_local_regional_and_of_value(setup: Setup, change: Any) -> None:
    chosen = replace(IDEAL, selective=True)
    assert account(setup, chosen, digital(**change)).obstacle == books.SELECTION
    assert account(setup, chosen, digital()).total_eur > 0
    assert account(setup, IDEAL, digital(**change)).total_eur > 0


def test_only_governments_make_rules_and_bodies_act_in_their_domains(setup: Setup) -> None:
    assert account(setup, IDEAL, digital(steering="regulation")).obstacle == books.PERMISSION
    assert account(setup, IDEAL, digital(actor="municipality", steering="regulation")).total_eur > 0
    assert account(setup, IDEAL, digital(actor="tourism_board")).obstacle == books.PERMISSION
    assert account(setup, IDEAL, digital(actor="tourism_board", domain="tourism")).total_eur > 0


def test_a_board_has_so_many_result_areas(setup: Setup) -> None:
    """Fictland's has four: the fifth measure finds none, the least valuable one where the board selects."""
    many = [digital(name=f"m{i}", actor="tourism_board", domain="tourism", added_value=0.9 - 0.1 * i) for i in range(5)]
    many = [replace(m, parameters=models.renamed(m, m.name)) for m in many]
    for rules, left_out in ((IDEAL, "m4"), (replace(IDEAL, selective=True), "m0")):
        order = many if left_out == "m4" else [replace(m, added_value=0.5 + 0.1 * i) for i, m in enumerate(many)]
        model = run(setup, rules, *order, quarters=1)
        full = {n for n, a in model.state.ledger.accounts.items() if a.obstacle == books.CAPACITY}
        assert full == {left_out}


# Coordination ---------------------------------------------------------------------------------------------------------


def test_quality_follows_levels_actors_and_instruments(setup: Setup) -> None:
    p = setup.settings.parameters.central().institutions
    rules = Governance(instruments=("steering_group", "covenant"), early=True)
    found = account(setup, rules, digital(), quarters=1)
    gains = [float(p.coordination_gain)] * 2
    # the agency and the municipalities: two levels; the agency alone acts
    expected = coordination_quality(float(p.coordination_start), gains, float(p.coordination_cost), 2, 2)
    assert found.quality == pytest.approx(expected)
    later = account(setup, replace(rules, early=False), digital(), quarters=1)
    assert later.quality == pytest.approx(coordination_quality(0.6, [], 0.002, 2, 2))


def test_quality_scales_the_effect_and_never_the_cost(setup: Setup) -> None:
    good, poor = (run(setup, replace(IDEAL, quality=q), digital(), quarters=6) for q in (1.0, 0.5))
    treated = [m.state.ledger.treatments["sme_digitalisation"].intensity for m in (good, poor)]
    assert treated[0].max() == 1.0 and treated[1].max() == 0.5
    late = int(round(4 * 0.5))
    shifted = run(setup, IDEAL, digital(), quarters=6 - late).state.ledger.accounts["sme_digitalisation"]
    paid = poor.state.ledger.accounts["sme_digitalisation"]
    assert paid.total_eur >= shifted.total_eur  # what could not be spent while waiting is due afterwards
    assert paid.total_eur == pytest.approx(paid.delivered * 8000 * 1.08)


def test_measures_of_coordination_raise_the_quality_of_the_others(setup: Setup) -> None:
    lead = digital(name="lead", mechanism="coordinate", effects={"coordination": "digital_step"})
    lead = replace(lead, target=Target(unit="region"), settings={"full_units": 3.0}, dose=3.0, domain="knowledge")
    lead = replace(lead, parameters=models.renamed(lead, "lead"))
    rules = Governance(instruments=(), early=True, review_q=0)
    alone = run(setup, rules, digital(), quarters=4).state.ledger.accounts["sme_digitalisation"].quality
    led = run(setup, rules, digital(), lead, quarters=4).state.ledger.accounts["sme_digitalisation"].quality
    assert led > alone


def test_instruments_cost_while_measures_are_delivered(setup: Setup) -> None:
    rules = Governance(instruments=("steering_group", "covenant"), review_q=0)
    model = run(setup, rules, digital(quarters=3), quarters=6)
    assert recorded(model, "coordination_cost").tolist() == pytest.approx([0.05] * 3 + [0.0] * 3)
    early = run(setup, replace(rules, early=True), digital(quarters=3), quarters=2)
    assert recorded(early, "coordination_cost")[0] == pytest.approx(0.05 * 3)
    assert run(setup, rules, digital(0.0), quarters=2).state.ledger.coordination_eur == 0.0


# Pace, reviews, plans against delivery --------------------------------------------------------------------------------


def test_spending_grows_by_half_and_a_sum_a_quarter(setup: Setup) -> None:
    """100 x 8,000 EUR a quarter is more than can be absorbed at first: 250,000, then 1.5 x that + 250,000 and so on."""
    wide = digital(100.0, target=Target(kinds=("employer", "own_account"), below_jobs=50))
    absorbed, pace, planned = [], 0.0, 0.0
    for k in range(1, 5):
        planned += 800_000
        pace = min(1.5 * pace + 250_000, planned - sum(absorbed))
        absorbed.append(pace)
        found = account(setup, IDEAL, wide, quarters=k)
        assert found.absorbed_eur == pytest.approx(sum(absorbed))
    assert account(setup, IDEAL, wide, quarters=1).obstacle == books.ABSORPTION


def test_what_does_not_deliver_ends_at_the_review(setup: Setup) -> None:
    nobody = digital(target=Target(sectors=("none_such",)))
    rules = replace(IDEAL, review_q=4)
    assert account(setup, rules, nobody, quarters=4).obstacle == books.NOBODY
    ended = account(setup, rules, nobody, quarters=5)
    assert ended.ended and ended.obstacle == books.REVIEW and ended.total_eur == 0.0
    assert not account(setup, rules, digital(), quarters=5).ended


def test_planned_and_delivered_are_reported_side_by_side(setup: Setup) -> None:
    model = run(setup, replace(IDEAL, partners=1), digital(cooperative=True))
    assert (digital_column(model, "planned_units")[-1], digital_column(model, "treated")[-1]) == (24.0, 0.0)
    assert digital_column(model, "planned_cost").sum() == pytest.approx(24 * 8000 * 1.08 * 1e-6)
    assert OBSTACLES[int(digital_column(model, "delivery_obstacle")[-1])] == "too few willing partners"


# Money ----------------------------------------------------------------------------------------------------------------


def knowledge(dose: float, **changes: Any) -> Measure:
    return digital(dose, domain="knowledge", **changes)


def by_fund(model: RegionModel) -> list[float]:
    total: list[float] = recorded(model, "cost_by_fund").sum(axis=0).tolist()
    return total


def test_a_fund_pays_its_share_across_the_border_up_to_its_ceiling(setup: Setup) -> None:
    """Fictland's border fund: 40 % for knowledge, two partners, across the border, 100,000 EUR a year, a year later."""
    model = run(setup, IDEAL, knowledge(10.0, cross_border=True), quarters=4)
    total = model.state.ledger.accounts["sme_digitalisation"].total_eur * 1e-6
    own_budget, abroad, own = by_fund(model)
    assert own_budget == 0.0 and abroad == pytest.approx(0.1) and own == pytest.approx(total - 0.1)
    assert model.state.ledger.claims_eur.sum() == pytest.approx(100_000)
    later = copied(model).run(8)
    assert later.state.bodies.committed_eur[1] <= 100_000
    here = run(setup, IDEAL, knowledge(3.0), quarters=4)
    assert by_fund(here)[1] == 0.0
    few = run(setup, replace(IDEAL, partners=1), knowledge(3.0, cross_border=True), quarters=4)
    assert by_fund(few)[1] == 0.0


def test_a_region_in_transition_gets_a_larger_share(setup: Setup) -> None:
    small = knowledge(0.5, cross_border=True)
    shares = [by_fund(run(setup, replace(IDEAL, transition=t), small, quarters=4)) for t in (False, True)]
    assert [s[1] / sum(s) for s in shares] == pytest.approx([0.4, 0.6])


def test_a_bundle_shares_its_partners_and_its_border(setup: Setup) -> None:
    crossing = knowledge(0.5, cross_border=True)
    other = replace(knowledge(0.5), name="other", parameters=models.renamed(knowledge(0.5), "other"))
    apart, together = (
        by_fund(run(setup, replace(IDEAL, bundled=b), crossing, other, quarters=4))[1] for b in (False, True)
    )
    assert together == pytest.approx(2 * apart, rel=0.5) and together > apart > 0


def test_what_a_fund_promised_is_forgotten_in_a_new_year(setup: Setup) -> None:
    model = run(setup, IDEAL, digital(quarters=1), quarters=2)
    model.state.bodies.committed_eur[:] = 7.0
    assert (model.run(2).state.bodies.committed_eur == 7.0).all()
    assert (model.run(1).state.bodies.committed_eur == 0.0).all()


def test_own_funds_and_deadweight_are_recorded(setup: Setup) -> None:
    model = run(setup, IDEAL, digital(3.0), quarters=8)
    reached = model.state.ledger.accounts["sme_digitalisation"].delivered
    anyway = (model.state.ledger.treatments["sme_digitalisation"].intensity == 0.0).sum()
    assert digital_column(model, "own_funds").sum() == pytest.approx(reached * 18_000 * 1e-6)
    assert digital_column(model, "deadweight_cost").sum() == pytest.approx(anyway * 8_000 * 1e-6) and anyway > 0
    for split in ("cost_by_category", "cost_by_fund"):
        assert recorded(model, split).sum() == pytest.approx(recorded(model, "public_cost").sum())
