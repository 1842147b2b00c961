"""RegionModel is a Mesa model: clock, institutions as agents, data collector, batch run; and it branches into plans."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import mesa
import numpy as np
import pytest

from regionsim.institutions.agents import DevelopmentAgency, Municipality
from regionsim.institutions.coalition import Coalition
from regionsim.institutions.fund import Fund
from regionsim.institutions.kinds import CLASSES
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import NO_PLAN, Plan
from regionsim.model.setup import Setup, prepare
from regionsim.state.errors import InputError
from tests.fixtures.models import changed, copied, differences, settings


def test_it_is_a_mesa_model_with_a_clock(setup: Setup) -> None:
    model = RegionModel(setup, 0)
    assert isinstance(model, mesa.Model)
    assert (model.quarter_text, model.steps, model.state.quarter) == ("2010Q4", 0, 0)
    model.step()
    assert (model.quarter_text, model.steps, model.state.quarter) == ("2011Q1", 1, 1)
    assert model.run(3) is model
    assert model.quarter_text == "2011Q4"


def test_a_model_that_nobody_uses_is_freed(setup: Setup) -> None:
    model = RegionModel(setup, draw=0)
    assert len(model.agents) == len({agent.unique_id for agent in model.agents}) > 10
    watched = weakref.ref(model)
    del model
    gc.collect()
    assert watched() is None


def test_agents_are_the_institutions(setup: Setup) -> None:
    model = RegionModel(setup, 0)
    kinds = {kind: len(model.agents_by_type[kind]) for kind in model.agent_types}
    rows = setup.tables.institutions["kind"].value_counts()
    assert kinds.pop(DevelopmentAgency) == 1
    assert kinds.pop(Municipality) == len(setup.tables.labels.municipalities)
    assert kinds.pop(Fund) == len(setup.tables.funds)
    assert kinds.pop(Coalition) == rows["coalition"]
    assert kinds == {CLASSES[kind]: many for kind, many in rows.drop(["development_agency", "coalition"]).items()}
    names = model.agents_by_type[Municipality].get("name")
    assert names == list(setup.tables.labels.municipality_names)


def test_municipalities_see_their_residents(setup: Setup) -> None:
    model = RegionModel(setup, 0)
    for _ in range(2):
        towns = model.agents_by_type[Municipality]
        people = model.people.a
        here = np.bincount(people.municipality[people.place == 0], minlength=len(towns))
        assert towns.get("residents") == here.tolist()
        model.step()


def test_the_agency_says_what_it_spends(under_plan: RegionModel) -> None:
    model = copied(under_plan).run(1)  # 2013Q3: trajectories, guidance and a new school year
    assert model.agency.spent_eur == sum(model.state.ledger.spent_eur.values()) > 0
    assert {measure.name for measure in model.agency.measures} == set(model.state.ledger.spent_eur)


def test_it_stops_running_at_the_horizon(setup: Setup) -> None:
    model = RegionModel(changed(setup, horizon="2011Q3"), 0)
    model.run(2)
    assert model.running
    model.step()
    assert not model.running


def test_outcomes_are_counts_of_the_columns(setup: Setup) -> None:
    model = RegionModel(setup, 0)
    for _ in range(2):  # before the first quarter, and after it
        residents = model.people.select(lambda a: a.place == 0)
        assert model.outcomes == {
            "residents": residents.count(),
            "employed": residents.select(lambda a: (a.activity >= 4) & (a.activity <= 6)).count(),
            "self_employed": residents.select(lambda a: a.activity == 5).count(),
            "job_seekers": residents.select(lambda a: a.activity == 7).count(),
        }
        model.step()


def test_the_data_collector_collects_every_quarter(setup: Setup) -> None:
    model = RegionModel(setup, 0).run(3)
    table = model.datacollector.get_model_vars_dataframe()
    assert table["quarter"].tolist() == ["2011Q1", "2011Q2", "2011Q3"]
    assert table["residents"].iloc[-1] == model.outcomes["residents"]
    assert (table["employed"] > 4000).all() and (table["job_seekers"] > 50).all()


def test_a_data_collector_of_ones_own_works(setup: Setup) -> None:
    model = RegionModel(setup, 0)
    own = mesa.DataCollector(
        model_reporters={"firms": lambda m: len(m.firms)},
        agenttype_reporters={Municipality: {"residents": "residents"}},
    )
    model.step()
    own.collect(model)
    assert own.get_model_vars_dataframe()["firms"].tolist() == [len(model.firms)]
    assert own.get_agenttype_vars_dataframe(Municipality)["residents"].sum() == model.outcomes["residents"]


@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="this Mesa has no batch_run")
def test_batch_run_runs_draws_and_plans(setup: Setup, plan: Plan) -> None:
    short = changed(setup, horizon="2012Q2")
    rows = mesa.batch_run(
        RegionModel,
        {"setup": short, "draw": [0, 1], "plan": [NO_PLAN, plan]},
        max_steps=20,
        display_progress=False,
    )
    assert len(rows) == 4
    assert {row["quarter"] for row in rows} == {"2012Q2"}
    for row in rows:
        model = RegionModel(short, row["draw"], row["plan"]).run(6)
        assert row["residents"] == model.outcomes["residents"]
        assert row["employed"] == model.outcomes["employed"]


# Branches ----------------------------------------------------------------------------------------------------------


def test_a_branch_goes_on_from_the_present_state_and_leaves_the_original_alone(
    under_plan: RegionModel,
) -> None:
    before = under_plan.state.copy()
    twin = copied(under_plan)
    assert differences(twin.state, under_plan.state) == []
    assert twin.quarter_text == under_plan.quarter_text
    twin.run(3)
    assert differences(under_plan.state, before) == []
    assert "people.age_q" in differences(twin.state, under_plan.state)


def test_a_plan_from_the_first_quarter_is_the_plan_branched_at_its_start(setup: Setup, plan: Plan) -> None:
    whole = RegionModel(setup, 0, plan).run(12)
    branched = RegionModel(setup, 0).run(4).branch(plan).run(8)
    assert differences(whole.state, branched.state) == []
    assert "people.employer" in differences(whole.state, RegionModel(setup, 0).run(12).state)


def test_a_branch_records_on_from_what_was_recorded(setup: Setup, plan: Plan) -> None:
    short = changed(setup, horizon="2012Q2")
    history = RegionModel(short, 0, record=True).run(4)
    branch = history.branch(plan).run(2)
    straight = history.run(2)
    one, other = (m.recorder.finish(1.0) for m in (branch, straight))
    first_year = {"quarter": slice("2011Q1", "2011Q4")}
    assert one.sel(first_year).equals(other.sel(first_year))
    assert float(one.treated.sum()) > 0 == float(other.treated.sum())


def test_draws_differ_and_the_same_draw_is_the_same(setup: Setup) -> None:
    one, again, other = (RegionModel(setup, draw).run(2) for draw in (0, 0, 1))
    assert differences(one.state, again.state) == []
    assert {"people.activity", "firms.desired", "economy.demand"} <= set(differences(one.state, other.state))


def test_models_share_no_state_with_the_setup(setup: Setup) -> None:
    """A run must not change what the next one starts from."""
    first = RegionModel(setup, 0).state.copy()
    RegionModel(setup, 0).run(4)
    assert differences(RegionModel(setup, 0).state, first) == []


def test_another_first_quarter_than_census_day_is_refused() -> None:
    with pytest.raises(InputError, match="starts on its census day, so it must be 2011Q1"):
        prepare(settings(first="2012Q1"))


def test_an_unknown_mechanism_is_refused_with_those_there_are(setup: Setup, plan: Plan) -> None:
    wrong = replace(plan, measures=(replace(plan.measures[0], mechanism="share_cos"),))
    with pytest.raises(InputError, match=r"unknown mechanism 'share_cos' \(did you mean 'share_cost'\?\)"):
        RegionModel(setup, 0, wrong)
