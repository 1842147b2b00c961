"""Synthetic results shared by the tests of this folder."""

from __future__ import annotations

import pytest
import xarray as xr

from tests.fixtures.results import synthetic


@pytest.fixture(scope="session")
def ds(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Twelve draws of two plans in one world."""
    return synthetic(tmp_path_factory.mktemp("results"), 12)
