"""The fictional region and the central parameters of the synthesis."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from regionsim.data.tables import RegionTables, load_region
from regionsim.population.build import Population, build_population
from regionsim.state.parameters import Block, parse_parameters

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def parameters() -> Block:
    raw = yaml.safe_load((ROOT / "configs" / "parameters" / "population.yaml").read_text(encoding="utf-8"))
    return parse_parameters({"population": raw}).central().population


@pytest.fixture(scope="session")
def fictland() -> RegionTables:
    return load_region(ROOT / "tests" / "fixtures" / "regions" / "fictland")


@pytest.fixture(scope="session")
def whole(fictland: RegionTables, parameters: Block) -> Population:
    return build_population(fictland, parameters, 1.0, seed=1)
