"""The money of a plan and what was delivered of it, on books that are known."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.compare import obstacle, ranking
from regionsim.analysis.effects import total_effect
from regionsim.analysis.money import OWN_MONEY, money, undelivered
from regionsim.analysis.select import start_index
from regionsim.state.ledger import ABSORPTION, FINISHED, FREE, NOBODY, NOT_STARTED, OBSTACLES

PLAN = "growth"


def with_books(ds: xr.Dataset, **quarterly: list[float]) -> xr.Dataset:
    """`ds` with values by measure, the same in every quarter of the plan, and 0 before and without it."""
    after = (xr.DataArray(np.arange(ds.sizes["quarter"]), dims="quarter") >= start_index(ds, PLAN)).astype(float)
    planned = (ds["plan"] == PLAN).astype(float) * after
    changed = {}
    for name, values in quarterly.items():
        of = xr.DataArray(values, dims="measure", coords={"measure": ds["measure"]})
        changed[name] = (xr.ones_like(ds[name]) * planned * of).transpose(*ds[name].dims).assign_attrs(ds[name].attrs)
    return ds.assign(changed)


@pytest.fixture
def books(ds: xr.Dataset) -> xr.Dataset:
    """The first measure spends half of what was planned, for want of anyone eligible; the second all of it."""
    return with_books(
        ds, public_cost=[1.0, 2.0], planned_cost=[2.0, 2.0], own_funds=[3.0, 0.0], deadweight_cost=[0.0, 0.6],
        delivery_obstacle=[float(NOBODY), float(FREE)],
    )  # fmt: skip


def test_sums_and_shares_are_those_of_the_books(books: xr.Dataset) -> None:
    quarters = books.sizes["quarter"] - start_index(books, PLAN)
    found = money(books, PLAN)
    assert found["public"] == pytest.approx(3.0 * quarters)
    assert found["planned"] == pytest.approx(4.0 * quarters)
    assert found["delivered"] == pytest.approx(0.75)
    assert found["own_per_public"] == pytest.approx(1.0)
    assert found["deadweight"] == pytest.approx(0.2)


def test_funds_bear_what_is_not_own_money(books: xr.Dataset) -> None:
    ds, fund = books, list(map(str, books["fund"].values))
    other = next(name for name in fund if name != OWN_MONEY)
    share = [{OWN_MONEY: 1.8, other: 1.2}.get(name, 0.0) for name in fund]
    of = xr.DataArray(share, dims="fund", coords={"fund": fund})
    bears = (xr.ones_like(ds["cost_by_fund"]) * of).transpose(*ds["cost_by_fund"].dims)
    assert money(ds.assign(cost_by_fund=bears), PLAN)["of_funds"] == pytest.approx(0.4)


def test_displacement_compares_jobs_supported_with_the_effect_and_is_none_without_any(books: xr.Dataset) -> None:
    effect = float(total_effect(books, "jobs", PLAN).isel(quarter=slice(start_index(books, PLAN), None)).mean())
    twice = books.assign(jobs_supported=xr.full_like(books["jobs_supported"], 2 * effect))
    assert money(twice, PLAN)["displacement"] == pytest.approx(0.5)
    nobody = books.assign(jobs_supported=xr.zeros_like(books["jobs_supported"]))
    assert money(nobody, PLAN)["displacement"] is None


def test_a_plan_that_spends_nothing_has_shares_of_zero(ds: xr.Dataset) -> None:
    nothing = [0.0, 0.0]
    idle = with_books(
        ds, public_cost=nothing, planned_cost=nothing, own_funds=nothing, deadweight_cost=nothing,
        delivery_obstacle=nothing,
    )  # fmt: skip
    found = money(idle, PLAN)
    assert (found["public"], found["delivered"], found["of_funds"], found["own_per_public"]) == (0, 0, 0, 0)
    assert undelivered(idle, PLAN) == []


def test_what_was_not_delivered_is_told_with_its_obstacle(books: xr.Dataset) -> None:
    ((name, share, why),) = undelivered(books, PLAN)
    assert name == books["measure"].values[0]
    assert share == pytest.approx(0.5) and why == "nobody eligible"


def test_the_most_frequent_obstacle_counts_and_quiet_ones_do_not() -> None:
    quiet = [float(code) for code in (FREE, NOT_STARTED, FINISHED) for _ in range(9)]
    assert obstacle(np.array([*quiet, np.nan])) == ""
    assert obstacle(np.array([*quiet, NOBODY, ABSORPTION, ABSORPTION])) == OBSTACLES[ABSORPTION]


def test_a_job_year_costs_what_was_spent_over_the_jobs_there_were(books: xr.Dataset) -> None:
    (row,) = ranking(books, at=(12,)).to_dict("records")
    assert row["spent"] == pytest.approx(36.0)
    assert row["spent_of_planned"] == pytest.approx(0.75)
    assert row["obstacle"] == "nobody eligible"
    if row["mean_12"] > 0:
        assert row["per_job_year"] == pytest.approx(36e6 / (3.0 * row["mean_12"]))
    else:
        assert np.isnan(row["per_job_year"])
