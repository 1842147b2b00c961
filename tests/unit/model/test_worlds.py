"""Worlds change drivers and prices, never outcomes by hand: Brexit as none, as it happened, and hard."""

from __future__ import annotations

import pytest
import xarray as xr

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import World
from regionsim.model.setup import Setup
from regionsim.results.outcomes import OUTCOMES
from tests.fixtures.models import changed, same

FORMS = ("none", "tca", "hard")


@pytest.fixture(scope="module", params=[0, 3], ids=["draw 0", "draw 3"])
def worlds(request: pytest.FixtureRequest, setup: Setup) -> dict[str, xr.Dataset]:
    """2011Q1 to 2023Q4 of one draw in each world."""
    found = {}
    for form in FORMS:
        other = changed(setup, world=World(form, brexit=form), horizon="2023Q4")
        found[form] = RegionModel(other, request.param, record=True).run(52).recorder.finish(1.0)
    return found


def test_nothing_differs_before_the_rush_of_2020q4(worlds: dict[str, xr.Dataset]) -> None:
    before = {form: data.sel(quarter=slice("2011Q1", "2020Q3")) for form, data in worlds.items()}
    for name in OUTCOMES:
        assert same(before["none"][name].values, before["tca"][name].values), name
        assert same(before["none"][name].values, before["hard"][name].values), name


def test_firms_rush_to_export_before_the_barriers_come(worlds: dict[str, xr.Dataset]) -> None:
    exports = {form: float(data.exports.sel(market="uk", quarter="2020Q4")) for form, data in worlds.items()}
    assert exports["tca"] == exports["hard"] > 1.1 * exports["none"]


def test_exports_to_the_exposed_market_are_ordered_ever_after(worlds: dict[str, xr.Dataset]) -> None:
    after = {form: data.exports.sel(market="uk", quarter=slice("2021Q1", None)) for form, data in worlds.items()}
    assert bool((after["none"] > after["tca"]).all()) and bool((after["tca"] > after["hard"]).all())
    lasting = float((after["tca"] / after["none"]).sel(quarter=slice("2021Q2", None)).mean())
    assert 0.6 < lasting < 0.95  # an ad-valorem cost of 3 to 7 % at an elasticity of 3 to 6
    assert float((after["tca"] / after["none"]).sel(quarter="2021Q1")) < lasting


def test_the_region_loses_work_and_value_added_and_more_in_the_hard_form(
    worlds: dict[str, xr.Dataset],
) -> None:
    late = {form: data.sel(quarter=slice("2022Q1", None)) for form, data in worlds.items()}
    gva = {form: float(data.gva.sum()) for form, data in late.items()}
    jobs = {form: float(data.jobs.sum()) for form, data in late.items()}
    assert gva["none"] > gva["tca"] > gva["hard"] > 0.85 * gva["none"]
    assert jobs["none"] > jobs["hard"]


def test_births_and_deaths_of_those_there_are_no_matter_of_trade(worlds: dict[str, xr.Dataset]) -> None:
    """Deaths are keyed by person: only who moved for work differs, a few in a thousand."""
    dead = {form: float(data.deaths.sum()) for form, data in worlds.items()}
    assert abs(dead["hard"] - dead["none"]) <= 0.005 * dead["none"]
