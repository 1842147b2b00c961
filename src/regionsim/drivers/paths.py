"""Driver paths: history as observed, then sample paths, the same path d in every world and plan.

Paths come in blocks of BLOCK_DRAWS: a block is one joint sample (its margins are pooled and shuffled together), made
once from the seed and the block's number, so that more draws change no earlier path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.drivers.assumed import Assumed, assumed_paths
from regionsim.drivers.forecast import forecast, generator
from regionsim.drivers.history.demography import (
    mortality_steps,
    net_migration_steps,
    observed_demography,
    residents,
)
from regionsim.drivers.history.national import (
    Role,
    first_quarter,
    forecast_series,
    observed_roles,
    role_index,
    roles_of,
)
from regionsim.drivers.history.observed import ASSUMED, POOLED_WALK, ObservedSeries
from regionsim.drivers.history.sparse import assumed_drivers
from regionsim.drivers.models.annual import pooled_walk
from regionsim.drivers.series import Series
from regionsim.state import calendar
from regionsim.state.errors import InputError
from regionsim.state.parameters import Block

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

BLOCK_DRAWS = 200


@dataclass(frozen=True)
class DriverModel:
    """History of every driver and what its paths are made from; `driver_path` gives those of a draw.

    series: history by driver, in order; parts, roles, assumed: what is forecast and what is made of it; steps: past
    yearly changes by annual family, (members, years), relative to `sizes` of its drivers; first: ordinal of the first
    quarter of the run; vintage: digest of the tables; blocks: those made so far, (BLOCK_DRAWS, drivers, quarters).
    """

    series: dict[str, ObservedSeries]
    parts: list[Series]
    roles: list[Role]
    sizes: dict[str, float]
    assumed: dict[str, Assumed]
    steps: dict[str, Array]
    first: int
    seed: int
    vintage: str
    blocks: dict[int, Array] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All drivers, in order."""
        return tuple(self.series)

    @property
    def digest(self) -> str:
        """Hash of the blocks made so far: equal digests mean equal paths."""
        content = b"".join(self.blocks[k].tobytes() for k in sorted(self.blocks))
        return hashlib.sha256(content).hexdigest()[:16]


def observe_drivers(tables: RegionTables, p: Block, age_at_birth_sd: float, seed: int) -> DriverModel:
    """Histories of all drivers, ready to be forecast; parameters block 'drivers' for those that are assumed."""
    first = first_quarter(tables)
    roles = observed_roles(tables)
    demography = observed_demography(tables, age_at_birth_sd)
    assumed = assumed_drivers(tables, roles, p, calendar.ordinal(calendar.LAST_QUARTER) - first + 1)
    return DriverModel(
        series={**roles, **demography, **{name: a.history(first) for name, a in assumed.items()}},
        parts=forecast_series(tables),
        roles=roles_of(tables),
        sizes=_sizes(tables, demography),
        assumed=assumed,
        steps=_annual_steps(tables, demography),
        first=first,
        seed=seed,
        vintage=tables.digest[:12],
    )


def _sizes(tables: RegionTables, series: Mapping[str, ObservedSeries]) -> dict[str, float]:
    """Residents on census day of a place whose migration is in persons, so that places pool; 1 for all else."""
    people = residents(tables)
    places = {f"net_migration/{code}": n for code, n in zip(tables.labels.arrondissements, people, strict=True)}
    return {name: float(places.get(name, 1.0)) for name in series}


def _annual_steps(tables: RegionTables, series: Mapping[str, ObservedSeries]) -> dict[str, Array]:
    families: dict[str, list[Array]] = {}
    for name, s in series.items():
        families.setdefault(name.split("/")[0], []).append(np.log(s.values) if s.logarithmic else s.values)
    steps = {family: np.diff(np.stack(values), axis=1) for family, values in families.items()}
    return {**steps, "net_migration": net_migration_steps(tables), "mortality": mortality_steps(tables)}


def simulated_block(model: DriverModel, block: int) -> Array:
    """One joint sample of all drivers from the first quarter of the run: (BLOCK_DRAWS, drivers, quarters)."""
    roles = _role_paths(model, block)
    quarters = calendar.ordinal(calendar.LAST_QUARTER) - model.first + 1
    annual = _annual_paths(model, quarters, block)
    assumed = {n: assumed_paths(a, roles, BLOCK_DRAWS, model.seed, block) for n, a in model.assumed.items()}
    every = {**roles, **annual, **assumed}
    return np.stack([every[name] for name in model.names], axis=1)


def _role_paths(model: DriverModel, block: int) -> dict[str, Array]:
    """Paths of the roles, (BLOCK_DRAWS, quarters) each, from their parts' history and joint forecast."""
    ahead = forecast(model.parts, calendar.ordinal(calendar.LAST_QUARTER), BLOCK_DRAWS, model.seed, block)
    whole = {s.name: ahead.whole(i) for i, s in enumerate(model.parts)}
    starts = {s.name: s.first for s in model.parts}
    out = {}
    for role in model.roles:
        first = max(starts[name] for name, _ in role.parts)
        parts = {name: whole[name][:, first - starts[name] :] for name, _ in role.parts}
        index = role_index(role, parts, first, model.first)
        out[role.name] = index[:, model.first - (first + role.smooth - 1) :]
    return out


def _annual_paths(model: DriverModel, quarters: int, block: int) -> dict[str, Array]:
    """Paths of the annual drivers: one step a year, in its first quarter, pooled over the family."""
    out = {}
    for family, steps in model.steps.items():
        members = [n for n, s in model.series.items() if n.split("/")[0] == family and s.model == POOLED_WALK]
        rng = generator(model.seed, family, block)
        walks = pooled_walk(steps, quarters // 4 + 1, BLOCK_DRAWS, rng)
        for k, name in enumerate(members):
            s = model.series[name]
            known = s.quarterly(model.first, model.first + quarters - 1) if len(s.values) else np.zeros(quarters)
            year = (model.first + np.arange(quarters) - (s.last + 1)) // 4  # years after the last one observed, from 0
            walk = np.where(year >= 0, walks[:, k, np.clip(year, 0, None)], 0.0)
            out[name] = known * np.exp(walk) if s.logarithmic else known + model.sizes[name] * walk
    return out


def driver_path(model: DriverModel, draw: int, first: int, last: int) -> dict[str, Array]:
    """Path d of every driver for the ordinal quarters first..last; observed values until each driver's last one.

    Raises InputError for quarters after calendar.LAST_QUARTER.
    """
    if last > calendar.ordinal(calendar.LAST_QUARTER):
        allowed = f"allowed: a quarter up to {calendar.LAST_QUARTER}"
        raise InputError("ensemble.horizon", f"got {calendar.text(last)}; {allowed}")
    block = draw // BLOCK_DRAWS
    if block not in model.blocks:
        model.blocks[block] = simulated_block(model, block)
    paths = model.blocks[block][draw % BLOCK_DRAWS, :, first - model.first : last - model.first + 1]
    return dict(zip(model.names, paths, strict=True))


def driver_dataset(model: DriverModel, draws: list[int], first: str, last: str) -> xr.Dataset:
    """All paths as one dataset: value(driver, draw, quarter) with what each driver is and how it was forecast."""
    import xarray as xr

    start, end = calendar.ordinal(first), calendar.ordinal(last)
    values = np.stack([np.stack(list(driver_path(model, d, start, end).values())) for d in draws], axis=1)
    series = model.series.values()
    told = {
        "last_observed": [calendar.text(s.last) if len(s.values) else "" for s in series],
        "unit": [s.unit for s in series],
        "source": [s.source for s in series],
        "model": [s.model for s in series],
    }
    return xr.Dataset(
        {
            "value": (("driver", "draw", "quarter"), values),
            "assumption": ("driver", [s.model == ASSUMED for s in series]),
            **{name: ("driver", texts) for name, texts in told.items()},
        },
        coords={"driver": list(model.names), "draw": draws, "quarter": calendar.quarters(first, last)},
        attrs={"seed": model.seed, "vintage": model.vintage, "hash": model.digest},
    )
