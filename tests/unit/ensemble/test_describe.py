"""What a results file says about itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regionsim.data.tables import load_region
from regionsim.ensemble.describe import assumptions, describe, history
from regionsim.model.settings import World
from tests.fixtures.fake_model import FICTLAND, small
from tests.unit.ensemble.test_content_key import BASE


def test_every_number_is_listed_with_its_status_doses_and_costs_as_assumptions() -> None:
    rows = {row["name"]: row for row in assumptions([BASE])}
    assert rows["labour.quit"] == {
        "name": "labour.quit",
        "value": 1.0,
        "unit": "share",
        "status": "verified",
        "source": "a study",
    }
    assert rows["help.step"]["status"] == "verified"
    assert (rows["help.dose"]["value"], rows["help.dose"]["status"]) == (10.0, "assumption")
    assert (rows["help.unit_cost_eur"]["value"], rows["help.unit_cost_eur"]["unit"]) == (100.0, "EUR")


def test_a_measure_is_as_weak_as_its_weakest_parameter() -> None:
    described = describe([BASE], load_region(FICTLAND))
    assert [row["status"] for row in described["measures"]] == ["verified"]
    assert described["plan_start"] == {"some": "2012Q1"}
    assert described["measures"][0]["plan"] == "some"


@pytest.mark.parametrize("brexit", ["none", "tca", "hard"])
@pytest.mark.parametrize("ageing", ["central", "fast", "slow"])
def test_every_world_has_a_title_in_both_languages(brexit: str, ageing: str) -> None:
    world = World("w", brexit, ageing=ageing)
    told = describe([replace(small(), world=world)], load_region(FICTLAND))["world"]["w"]
    assert told["title_en"] and told["title_nl"] and told["title_en"] != told["title_nl"]


def test_history_starts_at_the_census_level_and_moves_with_the_survey() -> None:
    tables = load_region(FICTLAND)
    series = history(tables)["employed_residents"]
    people, survey = tables.census_people, tables.labour_history
    census = people.loc[people["activity"] == "employed", "persons"].sum()
    employed = survey[survey["indicator"] == "employed"].set_index("year")["value"]
    assert series["2011"] == census
    last = max(series)
    assert series[last] / series["2011"] == pytest.approx(employed[int(last)] / employed[2011])
