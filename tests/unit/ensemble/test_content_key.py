"""Equal keys must mean equal numbers, and nothing else may change a key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regionsim.ensemble import content_key as module
from regionsim.ensemble.content_key import content_key, unit_files
from regionsim.ensemble.units import Unit
from regionsim.model.settings import NO_PLAN, Measure, Plan, World
from regionsim.state.parameters import parse_parameters
from tests.fixtures.fake_model import small

HASHES = {"region.csv": "ab"}
NUMBER = {"value": 1.0, "unit": "share", "source": "a study", "status": "verified"}
MEASURE = Measure(
    name="help",
    mechanism="share_cost",
    title_en="Help",
    title_nl="Hulp",
    pillar="I",
    domain="digital",
    dose=10.0,
    unit="firms a quarter",
    quarters=4,
    unit_cost_eur=100.0,
    evidence="none",
    settings={"max_real_jobs": 50},
    parameters=parse_parameters({"help": {"step": NUMBER}}),
)
PLAN = Plan("some", "2012Q1", (MEASURE,), "Some", "Enkele")
BASE = small(plans=(NO_PLAN, PLAN), parameters=parse_parameters({"labour": {"quit": NUMBER}}))


def with_measure(**changes: object) -> Plan:
    return replace(PLAN, measures=(replace(MEASURE, **changes),))


def parameters(**changes: object) -> object:
    return parse_parameters({"labour": {"quit": {**NUMBER, **changes}}})


@pytest.mark.parametrize(
    "changes",
    [
        {"draws": 99},
        {"first_draw": 5},
        {"variance_split": True},
        {"plans": (NO_PLAN, replace(PLAN, title_en="Another title"))},
        {
            "plans": (
                NO_PLAN,
                with_measure(evidence="a new study", title_nl="Anders", unit="firms", pillar="II"),
            )
        },
        {"parameters": parameters(source="another study", status="recalled", note="read again", unit="%")},
    ],
)
def test_what_changes_no_number_changes_no_key(changes: dict[str, object]) -> None:
    assert content_key(replace(BASE, **changes), HASHES) == content_key(BASE, HASHES)


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 2},
        {"scale": 0.2},
        {"horizon": "2013Q1"},
        {"first": "2010Q1"},
        {"as_of": "2010Q4"},
        {"world": World(brexit="hard")},
        {"world": World(covid="none")},
        {"world": World(ageing="fast")},
        {"plans": (NO_PLAN,)},
        {"plans": (NO_PLAN, replace(PLAN, start="2012Q2"))},
        {"plans": (NO_PLAN, with_measure(dose=11.0))},
        {"plans": (NO_PLAN, with_measure(quarters=5))},
        {"plans": (NO_PLAN, with_measure(unit_cost_eur=101.0))},
        {"plans": (NO_PLAN, with_measure(settings={"max_real_jobs": 51}))},
        {
            "plans": (
                NO_PLAN,
                with_measure(parameters=parse_parameters({"help": {"step": {**NUMBER, "value": 2}}})),
            )
        },
        {"parameters": parameters(value=1.5)},
        {"parameters": parameters(distribution={"uniform": [0, 1]})},
    ],
)
def test_what_may_change_a_number_changes_the_key(changes: dict[str, object]) -> None:
    assert content_key(replace(BASE, **changes), HASHES) != content_key(BASE, HASHES)


def test_tables_code_and_packages_change_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_key(BASE, HASHES)
    assert content_key(BASE, {"region.csv": "cd"}) != before
    with monkeypatch.context() as patch:
        patch.setattr(module, "code_hash", lambda: "other code")
        assert content_key(BASE, HASHES) != before
    with monkeypatch.context() as patch:
        patch.setattr(module, "package_versions", lambda names: {"numpy": "0"})
        assert content_key(BASE, HASHES) != before
    assert content_key(BASE, HASHES) == before


def test_every_draw_has_a_file_of_its_own_and_more_draws_keep_the_first(tmp_path) -> None:
    few, more = (unit_files(tmp_path, replace(BASE, draws=n), "key") for n in (2, 5))
    assert list(more) == [Unit(draw) for draw in range(5)]
    assert len(set(more.values())) == 5
    assert {draw: more[draw] for draw in few} == few
    assert list(unit_files(tmp_path, replace(BASE, draws=2, first_draw=7), "key")) == [Unit(7), Unit(8)]
