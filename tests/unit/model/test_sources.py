"""A run may take driver path, parameters and chance from different draws; a plain draw takes all three from one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from regionsim.ensemble.unit import run_unit
from regionsim.ensemble.units import Unit
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.state.parameters import Parameters
from regionsim.state.sources import Sources
from tests.fixtures.models import changed, differences, plan


@pytest.fixture(scope="module")
def short(setup: Setup) -> Setup:
    return changed(setup, horizon="2013Q4")


def test_three_times_the_same_draw_is_that_draw(setup: Setup) -> None:
    plain = RegionModel(setup, 1, plan()).run(6)
    assert differences(RegionModel(setup, 1, plan(), sources=Sources(1, 1, 1)).run(6).state, plain.state) == []
    mixed = RegionModel(setup, 0, plan(), sources=Sources(1, 1, 1)).run(6)  # the number alone decides nothing
    assert differences(mixed.state, plain.state) == []


@pytest.mark.parametrize("source", ["driver", "parameter", "chance"])
def test_a_switched_source_is_the_others_and_the_rest_is_the_draws(setup: Setup, source: str) -> None:
    own, other = RegionModel(setup, 0, plan()), RegionModel(setup, 1, plan())
    mixed = RegionModel(setup, 0, plan(), sources=Sources.of_draw(0).switched(source, 1))
    from_ = {name: other if name == source else own for name in ("driver", "parameter", "chance")}
    assert all(np.array_equal(path, mixed.path[name]) for name, path in from_["driver"].path.items())
    assert mixed.parameters == from_["parameter"].parameters
    assert [m.p for m in mixed.agency.measures] == [m.p for m in from_["parameter"].agency.measures]
    assert mixed.draws.seed == from_["chance"].draws.seed
    assert own.draws.seed != other.draws.seed and own.parameters != other.parameters
    assert mixed.branch(plan()).sources == mixed.sources


def test_what_a_source_does_not_vary_in_changes_nothing_when_it_is_switched(short: Setup) -> None:
    blocks = short.settings.parameters.blocks
    fixed = {b: {n: replace(p, distribution=None) for n, p in each.items()} for b, each in blocks.items()}
    still = changed(short, parameters=Parameters(fixed), plans=short.settings.plans[:1])
    plain = run_unit(still, Unit(0))
    xr.testing.assert_identical(run_unit(still, Unit(0, "parameter", 1)), plain)
    assert not run_unit(still, Unit(0, "chance", 1)).equals(plain)


def test_every_source_moves_the_outcomes(setup: Setup) -> None:
    alone = changed(setup, plans=setup.settings.plans[:1], horizon="2028Q4")  # beyond what is observed of drivers
    runs = [run_unit(alone, unit) for unit in (Unit(0), *(Unit(0, s, 1) for s in ("driver", "parameter", "chance")))]
    ends = {float(run["employed_residents"].isel(quarter=-1).sum()) for run in runs}
    assert len(ends) == 4 and all(run["draw"].item() == 0 for run in runs)
