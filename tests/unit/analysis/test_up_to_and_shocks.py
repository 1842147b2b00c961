"""Effects up to one quarter, and what a world costs with and without a plan, on numbers made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.effects import effect_table
from regionsim.analysis.shocks import shocks
from regionsim.analysis.tables import tables
from regionsim.analysis.up_to import up_to
from regionsim.results.store import as_text
from regionsim.state.errors import InputError

DRAWS, QUARTERS = 4, 12


@pytest.fixture
def ds() -> xr.Dataset:
    """'early' adds 8 jobs and 2 million a quarter from 2027Q1, 'late' the same from 2028Q1; storm takes 100 jobs, and
    only 70 of those who are early."""
    noise = np.random.default_rng(1).normal(1000, 50, (1, 1, DRAWS, QUARTERS))
    jobs, gva = np.zeros((2, 3, DRAWS, QUARTERS)) + noise, np.zeros((2, 3, DRAWS, QUARTERS)) + noise / 10
    for plan, start in ((1, 4), (2, 8)):
        jobs[:, plan, :, start:] += 8
        gva[:, plan, :, start:] += 2
    jobs[1] -= 100
    jobs[1, 1, :, 4:] += 30
    dims = ("world", "plan", "draw", "quarter")
    return xr.Dataset(
        {
            "jobs": (dims, jobs, {"kind": "stock", "unit": "jobs"}),
            "gva": (dims, gva, {"kind": "flow", "unit": "million EUR per quarter"}),
            "rate": (dims, gva, {"kind": "ratio", "unit": "%"}),
        },
        {
            "world": ["calm", "storm"],
            "plan": ["none", "early", "late"],
            "draw": range(DRAWS),
            "quarter": [f"{2026 + q // 4}Q{q % 4 + 1}" for q in range(QUARTERS)],
        },
        {
            "plan_start": as_text({"early": "2027Q1", "late": "2028Q1"}),
            "measures": as_text([{"plan": "early", "measure": "rails"}, {"plan": "late", "measure": "rails"}]),
        },
    )


def test_effects_up_to_one_quarter_count_from_each_start(ds: xr.Dataset) -> None:
    table = up_to(ds, ["jobs", "gva"]).set_index(["world", "outcome", "plan"])
    assert table.loc[("calm", "jobs", "early"), "mean"] == pytest.approx(8 * 8 / 4)
    assert table.loc[("calm", "jobs", "late"), "mean"] == pytest.approx(8 * 4 / 4)
    assert table.loc[("calm", "gva", "late"), "mean"] == pytest.approx(2 * 4)
    assert table.loc[("calm", "jobs", "late"), "unit"] == "job-years"
    assert table.loc[("calm", "gva", "late"), "unit"] == "million EUR"


def test_the_cost_of_waiting_is_the_difference_with_who_does_not(ds: xr.Dataset) -> None:
    table = up_to(ds, ["gva"], "2028Q2", reference="early").set_index(["world", "plan"])
    assert table.loc[("calm", "late"), "mean"] == pytest.approx(-8)
    assert set(table.index.get_level_values("plan")) == {"late"}


def test_ratios_and_unknown_quarters_have_no_sum(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="do not add up"):
        up_to(ds, ["rate"])
    with pytest.raises(InputError, match="allowed: 2026Q1 to 2028Q4"):
        up_to(ds, ["jobs"], "2030Q1")


def test_a_shock_is_what_the_world_takes_with_and_without_the_plan(ds: xr.Dataset) -> None:
    row = shocks(ds, "calm", ["jobs"], quarters=4).set_index("plan").loc["early"]
    assert [row["mean"], row["with_plan"], row["avoided_mean"]] == pytest.approx([-100, -70, 30])
    assert row["avoided_p_positive"] == 1 and row["quarter"] == "2027Q4"
    effects = effect_table(ds, "early", [4], ["jobs"]).query("measure_of == 'average'").set_index("world")["mean"]
    assert effects["storm"] - effects["calm"] == pytest.approx(row["avoided_mean"])


def test_a_world_that_is_not_there_is_told(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="'mild' is not in the results; allowed: calm, storm"):
        shocks(ds, "mild", ["jobs"])


def test_both_are_among_the_tables_where_they_say_something(ds: xr.Dataset) -> None:
    asked = {"outcome": "jobs", "others": ["jobs"]}
    assert {"up_to", "shocks"} <= set(tables(_with_money(ds), **asked))
    same = as_text({"early": "2027Q1", "late": "2027Q1"})
    one_start = _with_money(ds.sel(world=["calm"])).assign_attrs(plan_start=same)
    assert not {"up_to", "shocks"} & set(tables(one_start, **asked))


def _with_money(ds: xr.Dataset) -> xr.Dataset:
    books = ("public_cost", "planned_cost", "delivery_obstacle")
    shape = (*ds["jobs"].shape, 1)
    zeros = {name: ((*ds["jobs"].dims, "measure"), np.zeros(shape), {"kind": "flow", "unit": ""}) for name in books}
    return ds.assign(zeros)
