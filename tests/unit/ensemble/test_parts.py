"""A plan in parts: the plans that are run, and that what was run is what the attribution finds again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.players import main_plan, players
from regionsim.analysis.select import plans
from regionsim.ensemble.parts import in_parts
from regionsim.model.settings import Measure, Plan
from regionsim.results.store import as_text
from regionsim.state.errors import InputError


def measure(name: str, domain: str, dose: float = 1.0) -> Measure:
    texts = {"mechanism": "treat", "title_en": name.title(), "title_nl": name.title(), "evidence": "", "unit": "units"}
    return Measure(name, pillar=domain, domain="education", dose=dose, quarters=4, unit_cost_eur=1.0, **texts)


DOMAINS = ("I.A", "I.B", "II.A", "III.A", "III.B", "III.C")
PLAN = Plan("whole", measures=tuple(measure(f"m{i}", domain) for i, domain in enumerate(DOMAINS)), title_en="Whole")


def test_pillars_are_run_alone_and_in_every_union() -> None:
    found = in_parts(PLAN, "pillar", 2)
    assert [plan.name for plan in found] == ["I", "II", "III", "I+II", "I+III", "II+III", "whole"]
    assert [m.name for m in found[3].measures] == ["m0", "m1", "m2"]
    assert found[-1] == PLAN and found[0].title_en == "Whole: I" and found[0].start == PLAN.start


def test_of_many_parts_the_unions_of_some_orders_are_run() -> None:
    few, more = in_parts(PLAN, "domain", 2), in_parts(PLAN, "domain", 6)
    assert [plan.name for plan in few][: len(DOMAINS)] == list(DOMAINS)
    assert {plan.name for plan in few} < {plan.name for plan in more}
    assert len(more) < 2 ** len(DOMAINS) - 1


@pytest.mark.parametrize("number", [2, 6])
def test_the_attribution_finds_the_orders_again(number: int) -> None:
    made = in_parts(PLAN, "domain", number)
    rows = [{"plan": plan.name, "measure": m.name} for plan in made for m in plan.measures]
    ds = xr.Dataset(coords={"plan": ["none", *(plan.name for plan in made)]}, attrs={"measures": as_text(rows)})
    parts, orders = players(ds)
    assert sorted(parts) == sorted(DOMAINS) and orders is not None and len(orders) >= number
    fewer = ds.sel(plan=[plan for plan in ds["plan"].values if "+" not in str(plan)])
    rows = [row for row in rows if row["plan"] in plans(fewer)]
    assert players(fewer.assign_attrs(measures=as_text(rows))) == ([], None)


def test_the_page_is_about_the_whole() -> None:
    made = in_parts(PLAN, "pillar", 2)
    rows = [{"plan": plan.name, "measure": m.name} for plan in made for m in plan.measures]
    ds = xr.Dataset(coords={"plan": ["none", *(plan.name for plan in made)]}, attrs={"measures": as_text(rows)})
    assert main_plan(ds) == "whole"
    assert main_plan(ds.sel(plan=["none", "II", "I"])) == "II"
    assert main_plan(ds.sel(plan=["none"])) is None


def test_every_measure_alone_on_its_own_budget() -> None:
    doubled = in_parts(
        PLAN, "measure", 2, lambda part: replace(part, measures=(replace(part.measures[0], dose=2.0),))
    )
    assert [plan.name for plan in doubled] == [m.name for m in PLAN.measures]
    assert np.all([plan.measures[0].dose == 2 for plan in doubled]) and doubled[0].title_en == "M0"


def test_what_is_budgeted_in_a_part_has_that_dose_in_every_union() -> None:
    def budgeted(part: Plan) -> Plan:
        return replace(part, measures=tuple(replace(m, dose=len(part.measures)) for m in part.measures))

    found = in_parts(PLAN, "pillar", 2, budgeted)
    assert [m.dose for m in found[-1].measures] == [2, 2, 1, 3, 3, 3]


def test_measures_without_a_dose_are_no_part() -> None:
    idle = replace(PLAN, measures=(measure("a", "I.A", 0.0), measure("b", "II.A")))
    assert [plan.name for plan in in_parts(idle, "pillar", 2)] == ["whole"]
    with pytest.raises(InputError, match="no measure of plan 'whole' has a dose"):
        in_parts(replace(PLAN, measures=(measure("a", "I.A", 0.0),)), "pillar", 2)
