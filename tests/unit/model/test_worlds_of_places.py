"""What shocks do to places: the pandemic to visitors and shops, barriers to ports; nothing before they come."""

from __future__ import annotations

import pytest
import xarray as xr

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import World
from regionsim.model.setup import Setup
from tests.fixtures.models import changed, same

WORLDS = {"none": ("none", "none"), "tca": ("tca", "observed"), "hard": ("hard", "observed")}
OF_PLACES = ("tourism_turnover", "tourism_jobs", "uk_transit_share", "port_jobs", "retail_vacancy", "footfall")


@pytest.fixture(scope="module")
def worlds(setup: Setup) -> dict[str, xr.Dataset]:
    """2011Q1 to 2022Q4 without any shock, and with the pandemic and either form of barriers."""
    found = {}
    for name, (brexit, covid) in WORLDS.items():
        world = World(name, brexit=brexit, covid=covid)
        found[name] = RegionModel(changed(setup, world=world, horizon="2022Q4"), 0, record=True).run(48)
    return {name: model.recorder.finish(1.0) for name, model in found.items()}


def test_nothing_differs_before_the_pandemic(worlds: dict[str, xr.Dataset]) -> None:
    for name in OF_PLACES:
        before = [data[name].sel(quarter=slice(None, "2019Q4")).values for data in worlds.values()]
        assert same(before[0], before[1]) and same(before[0], before[2]), name


def test_the_pandemic_cuts_what_visitors_spend(worlds: dict[str, xr.Dataset]) -> None:
    spent = {name: data.tourism_turnover.sum("visitor") for name, data in worlds.items()}
    spring = spent["tca"].sel(quarter="2020Q2") / spent["none"].sel(quarter="2020Q2")
    after = spent["tca"].sel(quarter="2022Q2") / spent["none"].sel(quarter="2022Q2")
    assert 0.1 < float(spring) < 0.5
    assert float(after) == pytest.approx(1.0)
    for quarter in ("2020Q2", "2021Q1"):
        jobs = {name: float(data.tourism_jobs.sel(quarter=quarter)) for name, data in worlds.items()}
        assert jobs["tca"] < 0.6 * jobs["none"]


def test_the_pandemic_empties_shops_and_streets(worlds: dict[str, xr.Dataset]) -> None:
    vacancy = {name: float(data.retail_vacancy.sel(quarter="2021Q4")) for name, data in worlds.items()}
    assert vacancy["tca"] > vacancy["none"]
    crowd = {name: data.footfall.sel(quarter="2020Q2") for name, data in worlds.items()}
    assert bool((crowd["tca"] < crowd["none"]).all())


def test_barriers_turn_transit_away(worlds: dict[str, xr.Dataset]) -> None:
    late = {name: data.sel(quarter=slice("2022Q1", None)) for name, data in worlds.items()}
    share = {name: float(data.uk_transit_share.mean()) for name, data in late.items()}
    assert share["none"] > share["tca"] > share["hard"] > 0.5 * share["none"]
    jobs = {name: float(data.port_jobs.mean()) for name, data in late.items()}
    assert jobs["tca"] > jobs["hard"]


def test_the_first_quarter_is_no_quarter_of_amenity(worlds: dict[str, xr.Dataset]) -> None:
    assert not worlds["none"].amenity.isel(quarter=0).any()
    assert bool(worlds["none"].amenity.isel(quarter=-1).any())
