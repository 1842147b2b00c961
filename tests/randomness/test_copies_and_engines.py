"""The same data however a run is cut, copied, spread over workers or ordered."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
import xarray as xr

from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import run_ensemble
from regionsim.ensemble.unit import run_unit
from regionsim.ensemble.units import Unit
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.results.store import read_results
from tests.fixtures import models
from tests.fixtures.models import NO_PLAN, changed, copied, differences

LENGTH = 16


@pytest.fixture(scope="module", params=["none", "plan"])
def straight(request: pytest.FixtureRequest, setup: Setup) -> RegionModel:
    """A run of four years without a stop."""
    plan = models.plan() if request.param == "plan" else NO_PLAN
    return RegionModel(changed(setup, horizon="2014Q4"), 0, plan, record=True).run(LENGTH)


@pytest.mark.parametrize("quarter", [0, 1, 3, 7, 10, 15])
def test_copy_at_a_quarter_and_continue_is_the_straight_run(straight: RegionModel, quarter: int) -> None:
    """All columns of people and firms, the economy, the ledger and every outcome; also where rows had to be added."""
    original = RegionModel(straight.setup, 0, straight.plan, record=True).run(quarter)
    twin = copied(original).run(LENGTH - quarter)
    original.run(LENGTH - quarter)
    assert differences(twin.state, straight.state) == []
    assert differences(original.state, straight.state) == []
    assert twin.recorder.finish(1.0).equals(straight.recorder.finish(1.0))


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
def test_the_state_is_one_object_that_can_be_kept(straight: RegionModel, way: str) -> None:
    model = RegionModel(straight.setup, 0, straight.plan).run(6)
    kept = copy.deepcopy(model.state) if way == "deepcopy" else pickle.loads(pickle.dumps(model.state))
    model.run(2)
    again = RegionModel(straight.setup, 0, straight.plan, state=kept).run(LENGTH - 6)
    assert differences(again.state, straight.state) == []


def test_a_population_that_had_to_grow_is_the_same(setup: Setup) -> None:
    """Free rows run out at another moment; who lives where and works for whom does not notice."""
    tight = RegionModel(setup, 0)
    for columns in (tight.people, tight.firms):
        columns.free_count = 2  # the others are as good as taken
    rows = tight.people.capacity, tight.firms.capacity
    roomy = RegionModel(setup, 0).run(10)
    tight.run(10)
    assert tight.people.capacity > rows[0] and tight.firms.capacity > rows[1]
    names = [c.name for c in roomy.people.declared if c.name not in ("employer", "training_firm")]
    assert models.by_id(tight.people, *names) == models.by_id(roomy.people, *names)
    names = [c.name for c in roomy.firms.declared]
    assert models.by_id(tight.firms, *names) == models.by_id(roomy.firms, *names)


# Engines ----------------------------------------------------------------------------------------------------------


def run(folder: Path, kind: str, workers: int | None = None, **changes: int) -> xr.Dataset:
    settings = models.settings(plans=(NO_PLAN, models.plan()), horizon="2012Q4", **changes)
    found = read_results(run_ensemble(settings, EngineSettings(kind, workers), folder))
    return found.drop_attrs(deep=False)


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory, population_cache: None) -> xr.Dataset:
    """Three draws, one after the other in this process."""
    return run(tmp_path_factory.mktemp("serial"), "serial", draws=3)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_give_the_numbers_of_one_process(serial: xr.Dataset, tmp_path: Path, workers: int) -> None:
    assert run(tmp_path, "processes", workers, draws=3).identical(serial)


def test_adding_draws_changes_no_earlier_draw(serial: xr.Dataset, tmp_path: Path) -> None:
    assert run(tmp_path, "serial", draws=2).identical(serial.sel(draw=[0, 1]))


def test_draws_later_in_a_run_do_not_depend_on_those_before(serial: xr.Dataset, tmp_path: Path) -> None:
    assert run(tmp_path, "serial", draws=1, first_draw=2).identical(serial.sel(draw=[2]))


def test_the_order_of_draws_does_not_matter(setup: Setup) -> None:
    short = changed(setup, horizon="2012Q3")
    forwards = [run_unit(short, Unit(draw)) for draw in (0, 1, 2)]
    backwards = [run_unit(short, Unit(draw)) for draw in (2, 1, 0)]
    assert all(one.identical(other) for one, other in zip(forwards, reversed(backwards), strict=True))
    assert not forwards[0].equals(forwards[1].assign_coords(draw=[0]))


def test_another_seed_is_another_run(serial: xr.Dataset, tmp_path: Path) -> None:
    other = run(tmp_path, "serial", draws=1, seed=2)
    assert not other.employed_residents.equals(serial.employed_residents.sel(draw=[0]))
