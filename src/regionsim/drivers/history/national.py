"""Quarterly series of the country and its markets: what is forecast, and the roles made of it.

A part is a published series, deflated where the role says so: parts are forecast. A role is a weighted mean of parts,
each averaged over its last quarters where they have a season, as an index with the first quarter = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.data.schema_economy import HELD_ROLES
from regionsim.data.tables import RegionTables
from regionsim.drivers.history.observed import JOINT, ObservedSeries
from regionsim.drivers.series import Series
from regionsim.state import calendar

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Role:
    """What a driver is made of: (part, weight), and how many quarters are averaged."""

    name: str
    parts: tuple[tuple[str, float], ...]
    smooth: int


def forecast_series(tables: RegionTables) -> list[Series]:
    """The parts of all forecast roles, each once, as published (deflated where the role says so)."""
    rows = tables.driver_roles[~tables.driver_roles["role"].isin(HELD_ROLES)]
    found = {}
    for name, deflator in zip(rows["series"], rows["deflator"], strict=True):
        found[part_name(name, deflator)] = _part(tables, name, deflator)
    return list(found.values())


def part_name(series: str, deflator: str) -> str:
    """How a part is called: 'investment_be / gdp_deflator_be'."""
    return f"{series} / {deflator}" if deflator else series


def roles_of(tables: RegionTables) -> list[Role]:
    """The forecast roles, in the order of the table."""
    frame = tables.driver_roles
    out = []
    for role in dict.fromkeys(frame["role"]):
        rows = frame[frame["role"] == role]
        if role not in HELD_ROLES:
            names = [part_name(s, d) for s, d in zip(rows["series"], rows["deflator"], strict=True)]
            weights = rows["weight"].to_numpy(float) / rows["weight"].sum()
            parts = tuple(zip(names, weights.tolist(), strict=True))
            out.append(Role(role, parts, int(rows["smooth_quarters"].iloc[0])))
    return out


def observed_roles(tables: RegionTables) -> dict[str, ObservedSeries]:
    """History of every forecast role, from the first quarter that all its parts have to the last one."""
    parts = {s.name: s for s in forecast_series(tables)}
    base = first_quarter(tables)
    out = {}
    for role in roles_of(tables):
        mine = [parts[name] for name, _ in role.parts]
        first, last = max(s.first for s in mine), min(s.last for s in mine)
        values = {s.name: s.values[first - s.first : last - s.first + 1] for s in mine}
        start = first + role.smooth - 1
        source = " + ".join(name for name, _ in role.parts)
        unit = "index, first quarter = 1"
        index = role_index(role, values, first, base)
        out[role.name] = ObservedSeries(role.name, start, index, False, True, unit, source, JOINT)
    return out


def role_index(role: Role, values: Mapping[str, Array], first: int, base: int) -> Array:
    """The role from its parts' values (..., quarters) from ordinal `first`: relative to quarter `base`, averaged.

    The trailing mean uses no later quarter; the result is shorter by smooth - 1 quarters. (..., quarters)
    """
    total: Array | float = 0.0
    for name, weight in role.parts:
        smooth = trailing_mean(values[name], role.smooth)
        at = base - (first + role.smooth - 1)
        total = total + weight * smooth / smooth[..., at : at + 1]
    return np.asarray(total)


def trailing_mean(values: Array, quarters: int) -> Array:
    """Mean of each quarter and those before it, `quarters` in all, along the last axis."""
    windows = np.lib.stride_tricks.sliding_window_view(values, quarters, axis=-1)
    return np.asarray(windows.mean(axis=-1))


def first_quarter(tables: RegionTables) -> int:
    """Ordinal of the first quarter of the census year."""
    return calendar.ordinal(str(tables.region.set_index("key")["value"]["census_day"])[:4] + "Q1")


def raw_series(tables: RegionTables, name: str) -> tuple[NDArray[np.int64], Array]:
    """Ordinals and values of a published series, in order of time; there may be gaps."""
    rows = tables.drivers[tables.drivers["series"] == name]
    ordinals = np.array([calendar.ordinal(p) for p in rows["period"]], dtype=np.int64)
    order = np.argsort(ordinals)
    return ordinals[order], rows["value"].to_numpy(float)[order]


def _part(tables: RegionTables, name: str, deflator: str) -> Series:
    described = tables.drivers_series.set_index("series")
    at, values = raw_series(tables, name)
    seasonal = not int(described["seasonally_adjusted"][name])
    if deflator:
        also, prices = raw_series(tables, deflator)
        _, mine, theirs = np.intersect1d(at, also, return_indices=True)
        at, values = at[mine], values[mine] / prices[theirs]
        seasonal = seasonal or not int(described["seasonally_adjusted"][deflator])
    shift = str(described["level_shift"][name])
    return Series(
        part_name(name, deflator), int(at[0]), values, 4, seasonal, True, calendar.ordinal(shift) if shift else None
    )
