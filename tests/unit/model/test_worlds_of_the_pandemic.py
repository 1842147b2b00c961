"""The pandemic as a world: nothing before it comes, output falls with it, work hardly does, and most comes back."""

from __future__ import annotations

import pytest
import xarray as xr

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import World
from regionsim.model.setup import Setup
from regionsim.results.outcomes import OUTCOMES
from tests.fixtures.models import changed, same

FORMS = ("none", "observed")


@pytest.fixture(scope="module", params=[0, 3], ids=["draw 0", "draw 3"])
def worlds(request: pytest.FixtureRequest, setup: Setup) -> dict[str, xr.Dataset]:
    """2011Q1 to 2023Q4 of one draw with the pandemic and without it, no barriers in either."""
    found = {}
    for form in FORMS:
        other = changed(setup, world=World(form, brexit="none", covid=form), horizon="2023Q4")
        found[form] = RegionModel(other, request.param, record=True).run(52).recorder.finish(1.0)
    return found


def test_nothing_differs_before_2020(worlds: dict[str, xr.Dataset]) -> None:
    before = {form: data.sel(quarter=slice(None, "2019Q4")) for form, data in worlds.items()}
    for name in OUTCOMES:
        assert same(before["none"][name].values, before["observed"][name].values), name


def test_the_spring_of_2020_makes_less(worlds: dict[str, xr.Dataset], setup: Setup) -> None:
    """Value added falls by the closures and by what markets abroad ask less; most where visitors are served, though
    they too sell a part to markets that stay open."""
    gva = {form: data.gva.sel(quarter="2020Q2") for form, data in worlds.items()}
    assert 0.8 < float(gva["observed"].sum() / gva["none"].sum()) < 0.95
    kept = (gva["observed"] / gva["none"]).values
    closed, visitors = setup.settings.parameters.central().covid.closed_visitor[1], setup.reference.visitor_sector
    assert (kept[visitors] < 1 - 0.75 * closed).all()
    assert (kept[visitors].max() < kept[~visitors]).all() and (kept < 1).all()


def test_hardly_anyone_loses_a_job_because_most_wait_at_home(worlds: dict[str, xr.Dataset]) -> None:
    """Three times as many are temporarily unemployed; jobs and the unemployment rate move by half a point at most, a
    twentieth of the fall in output."""
    spring = {form: data.sel(quarter="2020Q2") for form, data in worlds.items()}
    rates = [float(data.unemployment_rate) for data in spring.values()]
    assert abs(rates[1] - rates[0]) < 0.5
    jobs = [float(data.jobs.sum()) for data in spring.values()]
    assert abs(jobs[1] / jobs[0] - 1) < 0.005
    assert float(spring["observed"].temporarily_unemployed) > 3 * float(spring["none"].temporarily_unemployed)


def test_support_keeps_firms_from_closing_until_it_ends(worlds: dict[str, xr.Dataset]) -> None:
    """No firm goes insolvent while support and moratorium last; what they put off comes in the year after."""
    closed = {form: data.firms_closed.sum("sector") for form, data in worlds.items()}
    during = {form: float(each.sel(quarter=slice("2020Q2", "2021Q4")).sum()) for form, each in closed.items()}
    after = {form: float(each.sel(quarter=slice("2022Q1", "2022Q4")).sum()) for form, each in closed.items()}
    assert during["observed"] < during["none"]
    assert after["observed"] > after["none"]


def test_two_years_later_most_has_come_back(worlds: dict[str, xr.Dataset]) -> None:
    late = {form: data.sel(quarter="2023Q4") for form, data in worlds.items()}
    assert float(late["observed"].gva.sum()) == pytest.approx(float(late["none"].gva.sum()), rel=0.03)
    assert float(late["observed"].jobs.sum()) == pytest.approx(float(late["none"].jobs.sum()), rel=0.03)
