"""Composition: names of folders, scenarios, settings for a notebook."""

from __future__ import annotations

import pytest

from regionsim.cli.configs import LONGEST_NAME, compose_settings, scenario_name
from regionsim.state.errors import InputError


def test_a_folder_is_named_by_what_changes_numbers() -> None:
    assert scenario_name("r", "p", []) == "r_p"
    assert (
        scenario_name("r", "p", ["plan=p", "engine=serial", "engine.workers=3", "report=nl", "output=x"])
        == "r_p"
    )
    one = scenario_name("r", "p", ["world.brexit=hard", "ensemble=smoke"])
    assert one == scenario_name("r", "p", ["ensemble=smoke", "world.brexit=hard"])
    assert one == "r_p_ensemble-smoke_world.brexit-hard"


def test_long_names_stay_short_and_differ() -> None:
    names = {scenario_name("r", "p", [f"parameters.labour.some_long_name_{n}.value=0.1234567" for n in range(5, 5 + k)])
             for k in range(1, 9)}  # fmt: skip
    assert len(names) == 8
    assert max(map(len, names)) <= LONGEST_NAME


def test_a_scenario_sets_world_and_plan_and_gives_way_to_the_command_line() -> None:
    hard = compose_settings(["scenario=hard_brexit"])
    assert (hard.world.brexit, hard.plans[-1].name) == ("hard", "masterplan")
    assert hard.world.name == "brexit_hard-covid_observed-ageing_central"
    assert compose_settings(["scenario=hard_brexit", "plan=none"]).plans[-1].name == "none"
    assert compose_settings(["scenario=hard_brexit", "world.brexit=none"]).world.brexit == "none"


def test_the_default_is_as_the_product_says() -> None:
    settings = compose_settings()
    assert settings.region == "west_flanders"
    assert (settings.scale, settings.draws, settings.horizon) == (0.1, 24, "2044Q4")
    assert (settings.world.brexit, settings.plans[1].start) == ("tca", "2027Q1")
    assert compose_settings(["ensemble=standard"]).draws == 96
    split = compose_settings(["ensemble=split"])
    assert (split.variance_split, split.scale, split.draws) == (True, settings.scale, settings.draws)
    assert not settings.variance_split
    whole = compose_settings(["ensemble=one_to_one"])
    assert (whole.scale, whole.draws) == (1.0, 8)


def test_a_plans_dose_multiplies_those_of_its_measures() -> None:
    one, half = compose_settings().plans[1], compose_settings(["plan.dose=0.5"]).plans[1]
    assert [measure.dose for measure in half.measures] == [measure.dose / 2 for measure in one.measures]
    assert all(measure.dose == 0 for measure in compose_settings(["plan.dose=0"]).plans[1].measures)


def test_a_parameter_is_changed_by_its_key() -> None:
    settings = compose_settings(["parameters.labour.probes.value=3"])
    assert settings.parameters.central().labour.probes == 3


def test_a_measure_can_be_left_out_or_added() -> None:
    all_of_it = [measure.name for measure in compose_settings([]).plans[1].measures]
    names = [measure.name for measure in compose_settings(["~plan.measures.dual_learning"]).plans[1].measures]
    assert names == [name for name in all_of_it if name != "dual_learning"] and len(names) + 1 == len(all_of_it)
    more = compose_settings(["+intervention@plan.measures.more_places=dual_learning"]).plans[1]
    assert more.measures[-1].name == "more_places"
    assert [parameter.name for parameter in more.measures[-1].parameters] == ["more_places.retention"]


def test_a_notebook_gets_the_same_messages() -> None:
    with pytest.raises(InputError, match=r"ensemble.scale: got 0; allowed: a number above 0 and at most 1"):
        compose_settings(["ensemble.scale=0"])
