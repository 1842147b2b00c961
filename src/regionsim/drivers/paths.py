"""Driver paths: history as observed, then joint random walks with drift, the same path d in every world and plan.

Changes in the quarters of the pandemic (2020Q1-2021Q4) are history in the paths, and are left out where drift and
spread are estimated. The paths of draw d depend only on (seed, driver, d, quarter).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.drivers.observed import ObservedSeries, observed_series
from regionsim.state import calendar
from regionsim.state.draws import code, normal, stream
from regionsim.state.parameters import Block

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
PANDEMIC = (calendar.ordinal("2020Q1"), calendar.ordinal("2021Q4"))


@dataclass(frozen=True)
class DriverModel:
    """A random walk with drift for every driver, with the correlation of quarterly changes between drivers."""

    series: dict[str, ObservedSeries]
    drift: dict[str, float]  # per step: a quarter, or a year for annual series
    spread: dict[str, float]  # standard deviation of a step
    loading: Array  # lower-triangular factor of the correlation of quarterly drivers
    quarterly: tuple[str, ...]
    vintage: str

    @property
    def names(self) -> tuple[str, ...]:
        """All drivers, in order."""
        return tuple(self.series)


def fit_drivers(tables: RegionTables, p: Block, age_at_birth_sd: float) -> DriverModel:
    """Estimate drift and spread of every driver from its history; parameters block 'drivers' for what has none."""
    series = observed_series(tables, age_at_birth_sd)
    quarterly = tuple(name for name, s in series.items() if not s.annual)
    drift, spread = {}, {}
    for name, s in series.items():
        steps = _steps(s)
        if s.annual:
            drift[name] = 0.0  # short annual series: the last level is the best guess
            spread[name] = _annual_spread(name, series, p)
        else:
            drift[name], spread[name] = float(steps.mean()), float(steps.std(ddof=1))
    digest = hashlib.sha256("".join(f"{k}={v}" for k, v in sorted(tables.hashes.items())).encode()).hexdigest()[:12]
    return DriverModel(series, drift, spread, _loading(series, quarterly), quarterly, digest)


def _steps(s: ObservedSeries) -> Array:
    """Changes from one observation to the next, without the pandemic quarters."""
    values = np.log(s.values) if s.logarithmic else s.values
    steps = np.diff(values)
    at = s.start + (np.arange(len(steps)) + 1) * (4 if s.annual else 1)
    kept: Array = steps[(at < PANDEMIC[0]) | (at > PANDEMIC[1])]
    return kept


def _annual_spread(name: str, series: dict[str, ObservedSeries], p: Block) -> float:
    """Spread of annual steps: mortality's is an assumption; regional series pool theirs over the arrondissements."""
    family = name.split("/")[0]
    if family == "mortality":
        return float(p.mortality_sd_year)
    if family == "fertility":
        members = [s for n, s in series.items() if n.startswith(family + "/")]
        return float(np.concatenate([_steps(s) for s in members]).std())
    return float(_steps(series[name]).std())


def _loading(series: dict[str, ObservedSeries], names: tuple[str, ...]) -> Array:
    """Cholesky factor of the correlation of changes over the quarters that all quarterly drivers share."""
    first = max(series[n].start for n in names)
    last = min(series[n].last for n in names)
    changes = np.stack([np.diff(np.log(series[n].quarterly(first, last))) for n in names])
    at = np.arange(first + 1, last + 1)
    changes = changes[:, (at < PANDEMIC[0]) | (at > PANDEMIC[1])]
    correlation = np.corrcoef(changes)
    shrunk = 0.9 * correlation + 0.1 * np.eye(len(names))  # keeps the factor well conditioned
    factor: Array = np.linalg.cholesky(shrunk)
    return factor


def driver_path(model: DriverModel, seed: int, draw: int, first: int, last: int) -> dict[str, Array]:
    """Path d of every driver for the ordinal quarters first..last; observed values until each driver's last one."""
    steps = np.arange(first, last + 1)
    shocks = {name: _shocks(name, seed, draw, steps) for name in model.names}
    joint = model.loading @ np.stack([shocks[n] for n in model.quarterly])
    shocks |= dict(zip(model.quarterly, joint, strict=True))
    return {name: _path(model, name, shocks[name], first, last) for name in model.names}


def _shocks(name: str, seed: int, draw: int, steps: NDArray[np.int64]) -> Array:
    key = np.uint64(stream(np.uint64(seed), code("driver: " + name), np.uint64(draw)))
    return np.array([normal(key, np.uint64(s)) for s in steps])


def _path(model: DriverModel, name: str, shock: Array, first: int, last: int) -> Array:
    s = model.series[name]
    path = s.quarterly(first, last)
    at = np.arange(first, last + 1)
    ahead = at > s.last
    if s.annual:  # one step a year, in its first quarter
        ahead = ahead & (at % 4 == 0)
    step = np.where(ahead, model.drift[name] + model.spread[name] * shock, 0.0)
    walked: Array = path * np.exp(np.cumsum(step)) if s.logarithmic else path + np.cumsum(step)
    return walked


def driver_dataset(model: DriverModel, seed: int, draws: list[int], first: str, last: str) -> xr.Dataset:
    """All paths as one dataset: value(driver, draw, quarter), last observation, unit, vintage, model and seed."""
    import xarray as xr

    start, end = calendar.ordinal(first), calendar.ordinal(last)
    values = np.stack([np.stack(list(driver_path(model, seed, d, start, end).values())) for d in draws], axis=1)
    return xr.Dataset(
        {
            "value": (("driver", "draw", "quarter"), values),
            "last_observed": ("driver", [calendar.text(s.last) for s in model.series.values()]),
            "unit": ("driver", [s.unit for s in model.series.values()]),
            "source": ("driver", [s.source for s in model.series.values()]),
        },
        coords={"driver": list(model.names), "draw": draws, "quarter": calendar.quarters(first, last)},
        attrs={
            "model": "joint random walk with drift after the last observation",
            "seed": seed,
            "vintage": model.vintage,
        },
    )
