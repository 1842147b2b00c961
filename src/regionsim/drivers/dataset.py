"""A forecast as one labelled dataset: every series' history, then its sample paths."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from regionsim.drivers.forecast import Paths
from regionsim.drivers.periods import text

if TYPE_CHECKING:
    import xarray as xr

MODEL = "half Minnesota BVAR, half pool of ets, airline, level, theta; joint by Schaake shuffle"
ALONE = "pool of ets, airline, level, theta"


def forecast_dataset(paths: Paths, seed: int, vintage: str, source: str, units: Mapping[str, str]) -> xr.Dataset:
    """value(series, draw, period): what was observed in every draw, then path d; NaN before a series begins.

    Coordinates: `period` as text and `year`, its start as a decimal year. last_observed, unit ('as in the data' where
    it is not known), model, seasonal and log by series. Attributes: seed, vintage (sha256 of the data), hash (sha256 of
    the values).
    """
    import xarray as xr

    series = [s.series for s in paths.series]
    periods, (draws, steps, _) = series[0].periods, paths.default.shape
    start, end = min(s.first for s in series), paths.first + steps
    value = np.full((len(series), draws, end - start), np.nan)
    for i, s in enumerate(series):
        value[i, :, s.first - start :] = paths.whole(i)
    ordinals = range(start, end)
    joint = "bvar" in paths.margins
    by_series = {
        "last_observed": [text(s.last, periods) for s in series],
        "unit": [units.get(s.name, "as in the data") for s in series],
        "model": [MODEL if joint else ALONE for _ in series],
        "seasonal": np.array([s.season > 1 for s in series], dtype=np.int8),
        "log": np.array([s.log for s in series], dtype=np.int8),
    }
    return xr.Dataset(
        {"value": (("series", "draw", "period"), value), **{k: ("series", v) for k, v in by_series.items()}},
        coords={
            "series": [s.name for s in series],
            "draw": np.arange(draws),
            "period": [text(o, periods) for o in ordinals],
            "year": ("period", np.array([o / periods for o in ordinals])),
        },
        attrs={
            "title": "history and sample paths",
            "model": MODEL if joint else ALONE,
            "periods_a_year": periods,
            "seed": seed,
            "source": source,
            "vintage": vintage,
            "hash": hashlib.sha256(value.tobytes()).hexdigest(),
        },
    )
