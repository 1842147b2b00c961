"""Institutions, coalitions and funds as agents: they show the state, and their rules are those of the sources."""

from __future__ import annotations

import pytest

from regionsim.data.tables import load_region
from regionsim.institutions.agents import Municipality
from regionsim.institutions.body import Body
from regionsim.institutions.coalition import Coalition, coordination_quality, gate_is_open
from regionsim.institutions.fund import Fund
from regionsim.institutions.kinds import CLASSES
from regionsim.institutions.participation_fund import ParticipationFund
from regionsim.institutions.research_site import ResearchSite
from regionsim.model.region_model import RegionModel
from regionsim.state.bodies import DOMAINS, FUNDED_BY_RESIDENTS, KINDS
from regionsim.state.region_state import RegionState
from tests.fixtures.models import copied


@pytest.fixture
def model(under_plan: RegionModel) -> RegionModel:
    return copied(under_plan)


def test_quality_rises_with_instruments_and_falls_with_levels_and_actors() -> None:
    assert coordination_quality(0.6, [], 0.0, 3, 20) == pytest.approx(0.6)
    assert coordination_quality(0.6, [0.1, 0.5], 0.0, 1, 1) == pytest.approx(1 - 0.4 * 0.9 * 0.5)
    assert coordination_quality(0.6, [0.1], 0.01, 2, 5) == pytest.approx((1 - 0.4 * 0.9) / 1.1)
    values = [coordination_quality(0.6, [0.1] * n, 0.002, 3, 21) for n in range(6)]
    assert values == sorted(values) and len(set(values)) == 6
    values = [coordination_quality(0.9, [], 0.002, 2, actors) for actors in range(1, 9)]
    assert values == sorted(values, reverse=True) and len(set(values)) == 8


def test_quality_stays_between_its_bounds() -> None:
    assert coordination_quality(0.0, [], 0.0, 1, 1) == 0.4
    assert coordination_quality(0.6, [], 1.0, 5, 50) == 0.4
    assert coordination_quality(1.0, [0.5], 0.0, 1, 1) == 0.98


def test_the_gate_needs_two_or_what_a_fund_asks_for() -> None:
    assert [gate_is_open(willing) for willing in range(4)] == [False, False, True, True]
    assert [gate_is_open(willing, 1) for willing in range(3)] == [False, True, True]


def test_every_kind_has_a_class_of_its_own() -> None:
    made = {"development_agency", "municipality", "coalition"}  # with what these need besides
    assert set(CLASSES) == set(KINDS) - made
    assert len(set(CLASSES.values())) == len(CLASSES)


def test_agents_show_their_row_of_the_state(model: RegionModel) -> None:
    bodies, roster = model.state.bodies, model.setup.reference.roster
    agents = [agent for agent in model.agents if isinstance(agent, Body)]
    assert sorted(agent.row for agent in agents) == list(range(len(roster.code)))
    for agent in agents:
        assert (agent.code, agent.kind) == (roster.code[agent.row], KINDS[roster.kind[agent.row]])
        shown = (agent.budget_eur, agent.running_eur, agent.capacity, agent.used)
        stored = (bodies.budget_eur, bodies.spent_eur, bodies.capacity, bodies.used)
        assert shown == tuple(values[agent.row] for values in stored)
        assert (agent.running_eur > 0) == (agent.kind not in ("participation_fund", "coalition"))
        assert bool(agent.serves) or agent.kind in {*FUNDED_BY_RESIDENTS, "participation_fund", "coalition"}
    (lab,) = model.agents_by_type[ResearchSite]
    assert lab.sectors == ("makers",) and lab.knowledge_eur > lab.running_eur
    (stakes,) = model.agents_by_type[ParticipationFund]
    assert stakes.nav_eur == model.parameters.institutions.participation_fund_start_eur


def test_institutions_are_copied_with_the_state(model: RegionModel) -> None:
    twin = copied(model)
    town = twin.agents_by_type[Municipality][0]
    town.willing = False
    twin.state.bodies.spent_eur[:] = -1.0
    assert model.agents_by_type[Municipality][0].willing
    assert (model.state.bodies.spent_eur >= 0).all()
    assert isinstance(twin.state, RegionState) and not twin.branch(twin.plan).agents_by_type[Municipality][0].willing


def test_a_coalition_acts_with_those_who_are_willing(model: RegionModel) -> None:
    (uplands,) = model.agents_by_type[Coalition]
    assert [member.code for member in uplands.members] == ["103", "202", "agency", "work"]
    assert uplands.levels == 3  # municipality, province, community
    with_all = uplands.quality(2)
    assert with_all == pytest.approx(coordination_quality(0.6, [0.1, 0.1], 0.002, 3, 4))
    for member in uplands.members[1:]:
        member.willing = False
    assert uplands.willing_members == uplands.members[:1] and not uplands.may_act
    assert uplands.quality(2) > with_all
    uplands.members[3].willing = True
    assert uplands.may_act


def test_a_fund_pays_for_its_domains_under_its_rules(model: RegionModel) -> None:
    own, abroad = model.agents_by_type[Fund]
    assert own.pays_for("starters", 1) and not own.pays_for("transport", 5) and not own.pays_for("starters", 0)
    assert abroad.pays_for("knowledge", 2, cross_border=True)
    assert not abroad.pays_for("knowledge", 2) and not abroad.pays_for("knowledge", 1, cross_border=True)
    assert (abroad.share(transition=False), abroad.share(transition=True)) == (0.4, 0.6)
    assert abroad.annual_ceiling_eur == 100_000 and own.annual_ceiling_eur != own.annual_ceiling_eur
    model.state.bodies.committed_eur[1] = 3.0
    assert (own.committed_eur, abroad.committed_eur) == (0.0, 3.0)


def test_the_real_region_has_the_institutions_of_its_sources() -> None:
    tables = load_region("west_flanders")
    frame = tables.institutions.set_index("institution")
    members = frame.loc["resoc_westhoek", "members"].split(";")
    part = dict(zip(tables.labels.municipalities, tables.labels.subregions, strict=True))
    assert len(members) == 18 and set(members) == {code for code, tag in part.items() if tag == "westhoek"}
    assert frame.loc["resoc_westhoek", "status"] == "recalled"
    names = frame[frame["kind"] == "research_site"].index.str.rsplit("_", n=1).str[0]
    spearheads = {"new_materials", "food", "blue_economy", "manufacturing", "drones", "building"}
    assert set(names) == spearheads | {"care"}  # the care hub flanks food and health
    assert frame.loc[frame["kind"] == "higher_education", "weight"].sum() == pytest.approx(1.0)
    paid = {domain for cell in tables.funds["domains"] for domain in cell.split(";")}
    assert paid == set(DOMAINS)
    across = tables.funds[tables.funds["cross_border_required"] == 1]
    assert len(across) == 3 and (across["min_partners"] >= 2).all()
