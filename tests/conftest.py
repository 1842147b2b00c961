"""What tests of the model share: fictland prepared once, and its population kept in a folder of this session."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import NO_PLAN, Plan
from regionsim.model.setup import Setup, prepare
from tests.fixtures import models


@pytest.fixture(scope="session")
def population_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Populations are kept in a folder that the workers of this session share."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGIONSIM_CACHE", str(root / "populations"))
        yield


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The three measures, at doses for a region of this size, from 2012Q1."""
    return models.plan()


@pytest.fixture(scope="session")
def setup(population_cache: None, plan: Plan) -> Setup:
    """Fictland at scale 1, 2011Q1 to 2016Q4, with the plan beside 'none'."""
    return prepare(models.settings(plans=(NO_PLAN, plan)))


@pytest.fixture(scope="session")
def under_plan(setup: Setup, plan: Plan) -> RegionModel:
    """A model that has run ten quarters under the plan: its next is 2013Q3. Copy it, never step it."""
    return RegionModel(setup, 0, plan, record=True).run(10)


@pytest.fixture(scope="session")
def start(setup: Setup) -> RegionModel:
    """A model before its first quarter, without a plan. Copy it, never step it."""
    return RegionModel(setup, 0)
