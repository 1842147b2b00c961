"""Observed history of what comes from outside, one series a role, on the quarterly calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.data.profiles import fertility_profile
from regionsim.data.tables import RegionTables
from regionsim.state import calendar

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ObservedSeries:
    """One driver's history: `values` for consecutive quarters (or years) from ordinal `start`."""

    name: str
    start: int  # ordinal quarter of the first value; of the year's first quarter for annual series
    values: Array
    annual: bool
    logarithmic: bool  # changes are of the logarithm, else of the level
    unit: str
    source: str

    @property
    def last(self) -> int:
        """Ordinal of the last quarter observed."""
        return self.start + len(self.values) * (4 if self.annual else 1) - 1

    def quarterly(self, first: int, last: int) -> Array:
        """Values from quarter `first` to `last`; an annual value holds for its four quarters (stated in the docs)."""
        steps = (np.arange(first, last + 1) - self.start) // (4 if self.annual else 1)
        return self.values[np.clip(steps, 0, len(self.values) - 1)]


def observed_series(tables: RegionTables, age_at_birth_sd: float) -> dict[str, ObservedSeries]:
    """Every driver's history: roles of national and foreign series, then fertility, net migration and mortality."""
    series = {role: _role(tables, role) for role in dict.fromkeys(tables.driver_roles["role"])}
    return series | _fertility(tables, age_at_birth_sd) | _net_migration(tables) | {"mortality": _mortality(tables)}


def _role(tables: RegionTables, role: str) -> ObservedSeries:
    """Weighted mean of the role's series, each deflated and indexed to 1 in the quarter of the census day."""
    rows = tables.driver_roles[tables.driver_roles["role"] == role]
    made_of = [
        (str(series), str(deflator), int(smooth))
        for series, deflator, smooth in zip(rows["series"], rows["deflator"], rows["smooth_quarters"], strict=True)
    ]
    parts = [_deflated(tables, *part) for part in made_of]
    first, last = max(p[0] for p in parts), min(p[0] + len(p[1]) - 1 for p in parts)
    weights = rows["weight"].to_numpy(float) / rows["weight"].sum()
    base = calendar.ordinal(str(tables.region.set_index("key")["value"]["census_day"])[:4] + "Q1")
    total = np.zeros(last - first + 1)
    for weight, (start, values) in zip(weights, parts, strict=True):
        total += weight * values[first - start : last - start + 1] / values[base - start]
    text = " + ".join(series + (f" / {deflator}" if deflator else "") for series, deflator, _ in made_of)
    return ObservedSeries(role, first, total, False, True, "index, first quarter = 1", text)


def _deflated(tables: RegionTables, name: str, deflator: str, smooth: int) -> tuple[int, Array]:
    start, values = _raw(tables, name)
    if deflator:
        other, prices = _raw(tables, deflator)
        first, last = max(start, other), min(start + len(values), other + len(prices)) - 1
        values = values[first - start : last - start + 1] / prices[first - other : last - other + 1]
        start = first
    if smooth > 1:  # trailing mean: removes the season of a series that is not adjusted, uses no later value
        values = np.convolve(values, np.ones(smooth) / smooth, mode="valid")
        start += smooth - 1
    return start, values


def _raw(tables: RegionTables, name: str) -> tuple[int, Array]:
    rows = tables.drivers[tables.drivers["series"] == name]
    ordinals = np.array([calendar.ordinal(p) for p in rows["period"]])
    order = np.argsort(ordinals)
    return int(ordinals[order][0]), rows["value"].to_numpy(float)[order]


def _from_census(tables: RegionTables, column: str) -> tuple[int, dict[str, Array]]:
    frame, census = tables.vital_events, int(str(tables.region.set_index("key")["value"]["census_day"])[:4])
    frame = frame[frame["year"] >= census].sort_values("year")
    codes = tables.labels.arrondissements
    return census * 4, {c: frame[frame["arrondissement"] == c][column].to_numpy(float) for c in codes}


def _fertility(tables: RegionTables, sd: float) -> dict[str, ObservedSeries]:
    """Births relative to what the age profile gives women of the year at one child each: a total fertility rate."""
    start, births = _from_census(tables, "births")
    profile = fertility_profile(tables, sd)
    out = {}
    for code, values in births.items():
        exposure = np.array([_women_weight(tables, profile, code, start // 4 + k) for k in range(len(values))])
        name = f"fertility/{code}"
        out[name] = ObservedSeries(
            name, start, values / exposure, True, True, "children per woman", "vital_events, population_history"
        )
    return out


def _women_weight(tables: RegionTables, profile: Array, code: str, year: int) -> float:
    """Women of 15 to 49 times the share of births at their age (normal profile around the published mean age)."""
    frame = tables.population_history
    year = min(max(year, int(frame["year"].min())), int(frame["year"].max()))
    rows = frame[(frame["arrondissement"] == code) & (frame["sex"] == "F") & (frame["year"] == year)]
    total = 0.0
    for band, persons in zip(rows["age_band"], rows["persons"], strict=True):
        low = int(band.split("-")[0].rstrip("+"))
        if 15 <= low < 50:
            total += float(persons) * float(profile[low : low + 5].mean())
    return total


def _net_migration(tables: RegionTables) -> dict[str, ObservedSeries]:
    start, values = _from_census(tables, "net_migration")
    return {
        f"net_migration/{code}": ObservedSeries(
            f"net_migration/{code}", start, v, True, False, "persons a year", "vital_events"
        )
        for code, v in values.items()
    }


def _mortality(tables: RegionTables) -> ObservedSeries:
    """Level of mortality relative to the table and its trend: 1 through the observed years, uncertain afterwards."""
    start, deaths = _from_census(tables, "deaths")
    years = len(next(iter(deaths.values())))
    return ObservedSeries("mortality", start, np.ones(years), True, True, "ratio to table and trend", "mortality")
