"""The switched units of an ensemble, read for the split of the variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from regionsim.analysis.select import headline_outcomes, total
from regionsim.analysis.variance_split import variance_split
from regionsim.ensemble.units import Unit
from regionsim.results.store import as_text, read_unit
from regionsim.state.sources import SOURCES


def split_of(attrs: Mapping[str, Any], files: Mapping[Unit, Path]) -> pd.DataFrame:
    """The table of `variance_split` of an ensemble with switched units; attrs: those of the dataset."""
    plain = _totals([file for unit, file in files.items() if not unit.switched])
    plain.attrs = {name: as_text(value) for name, value in attrs.items()}
    switched = {s: _totals([file for unit, file in files.items() if unit.switched == s]) for s in SOURCES}
    other = {unit.draw: unit.other for unit in files if unit.switched == SOURCES[0] and unit.other is not None}
    return variance_split(plain, switched, other)


def _totals(files: Sequence[Path]) -> xr.Dataset:
    """The region's totals of headline outcomes: (world, plan, draw, quarter); little remains in memory."""
    return xr.combine_by_coords([_total(read_unit(file)) for file in files], combine_attrs="override")  # type: ignore[return-value]


def _total(unit: xr.Dataset) -> xr.Dataset:
    return xr.Dataset({name: total(unit, name) for name in headline_outcomes(unit)})
