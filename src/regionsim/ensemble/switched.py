"""The switched units of an ensemble, read for the split of the variance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xarray as xr

from regionsim.analysis.select import headline_outcomes, total
from regionsim.analysis.variance_split import variance_split
from regionsim.ensemble.units import Unit
from regionsim.results.store import read_unit
from regionsim.state.sources import SOURCES


def split_of(dataset: xr.Dataset, files: Mapping[Unit, Path]) -> pd.DataFrame:
    """The table of `variance_split` of a collected dataset and its switched units, one per draw and source."""
    units = {source: [unit for unit in files if unit.switched == source] for source in SOURCES}
    other = {unit.draw: unit.other for unit in units[SOURCES[0]] if unit.other is not None}
    outcomes = headline_outcomes(dataset)
    switched = {
        source: xr.concat([_totals(files[unit], outcomes) for unit in of_source], dim="draw")
        for source, of_source in units.items()
    }
    return variance_split(dataset, switched, other)


def _totals(file: Path, outcomes: list[str]) -> xr.Dataset:
    """The region's totals of one unit: (world, plan, draw, quarter); little remains in memory."""
    unit = read_unit(file)
    return xr.Dataset({name: total(unit, name) for name in outcomes})
