"""Drivers of which single figures are published, and what their central paths are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.drivers.assumed import Assumed
from regionsim.drivers.history.disaggregate import denton
from regionsim.drivers.history.national import first_quarter, raw_series
from regionsim.drivers.history.observed import ObservedSeries
from regionsim.state.parameters import Block

Array = NDArray[np.float64]

TOURISM_ORIGINS = ("country", "neighbours", "elsewhere")
COHORT_YEARS = 5  # ages 15 to 19: one of five leaves school in a year


def assumed_drivers(
    tables: RegionTables, roles: Mapping[str, ObservedSeries], p: Block, quarters: int
) -> dict[str, Assumed]:
    """All assumed drivers; their central paths have so many quarters from the first quarter of the run."""
    first = first_quarter(tables)
    ones, now = np.ones(quarters), roles["prices"].last - first  # what has no figure at all stays at 1 until now
    found = [
        Assumed("energy_prices", ones, now, "relative to consumer prices, first quarter = 1", "none",
                p.energy_sd_year, published=False),
        Assumed("relative_wage_neighbours", ones, now, "wages of neighbouring regions / country's", "none",
                p.neighbour_wage_sd_year, published=False),
        _interest_rate(tables, p, first, quarters),
        _wage_index(tables, roles["prices"], p, first, quarters),
        _tightness(tables, roles["unemployment_country"], p, first, quarters),
        _school_leavers(tables, p, first, quarters),
        _through("frontier_workers", _facts(tables, "frontier_workers"), ones, first, now, ("persons", "driver_facts"),
                 p.frontier_sd_year),
        *_tourism(tables, p, first, quarters, now),
    ]  # fmt: skip
    return {a.name: a for a in found}


def _facts(tables: RegionTables, driver: str) -> dict[int, float]:
    rows = tables.driver_facts[tables.driver_facts["driver"] == driver]
    return dict(zip(rows["year"].astype(int), rows["value"].astype(float), strict=True))


def _between(facts: Mapping[int, float], indicator: Array, first: int) -> Array:
    """Quarterly values through yearly figures (Denton) from ordinal `first` to the year of the last figure.

    indicator: (quarters,) from ordinal `first`, the first quarter of a year; facts: at least one in its years.
    """
    start = min(first // 4, *facts)
    before = np.full(first - 4 * start, indicator[0])
    whole = np.concatenate([before, indicator])[: 4 * (max(facts) - start + 1)]
    return denton(whole, start, facts)[first - 4 * start :]


def _through(
    name: str,
    facts: Mapping[int, float],
    indicator: Array,
    first: int,
    now: int,
    told: tuple[str, str],
    sd: float,
    **rest: Any,
) -> Assumed:
    """An assumed driver through yearly figures; without a usable one the indicator itself, wandering from `now`.

    After the last figure it is held, times the indicator's own later changes.
    """
    facts = {year: value for year, value in facts.items() if year < (first + len(indicator)) // 4}
    if not facts or max(facts) < first // 4:
        return Assumed(name, indicator, now, "no figure published: index", told[1], sd, published=False, **rest)
    values = _between(facts, indicator, first)
    later = indicator[len(values) :] * values[-1] / indicator[len(values) - 1]
    return Assumed(name, np.concatenate([values, later]), len(values) - 1, *told, sd, **rest)


def _interest_rate(tables: RegionTables, p: Block, first: int, quarters: int) -> Assumed:
    (name,) = tables.driver_roles.loc[tables.driver_roles["role"] == "interest_rate", "series"]
    at, rates = raw_series(tables, name)
    known = np.interp(np.arange(first, max(int(at[-1]), first) + 1), at, rates)
    gap = (1 - p.interest_reversion_year) ** (np.arange(1, quarters - len(known) + 1) / 4)
    central = np.concatenate([known, p.interest_long_run + (known[-1] - p.interest_long_run) * gap])
    return Assumed("interest_rate", central, len(known) - 1, "% a year", name, p.interest_sd_year, relative=False,
                   reversion_year=p.interest_reversion_year)  # fmt: skip


def _wage_index(tables: RegionTables, prices: ObservedSeries, p: Block, first: int, quarters: int) -> Assumed:
    """Mean wages between and after the published years move as consumer prices do (indexation)."""
    rows = tables.wages[tables.wages["measure"] == "mean"]
    by_place = rows.groupby("geography").size()
    mine = rows[rows["geography"] == by_place.idxmax()] if len(rows) else rows
    facts = dict(zip(mine["year"].astype(int), mine["value"].astype(float), strict=True))
    indicator = prices.quarterly(first, first + quarters - 1)
    now = prices.last - first
    told = ("index, first quarter = 1", "wages, driver prices")
    found = _through("wage_index", facts, indicator, first, now, told, p.wage_gap_sd_year, follows="prices",
                     elasticity=1.0)  # fmt: skip
    at = np.minimum(np.arange(quarters), found.last)  # then held: paths follow the prices of their draw
    return replace(found, central=found.central[at] / found.central[0])


def _tightness(tables: RegionTables, unemployment: ObservedSeries, p: Block, first: int, quarters: int) -> Assumed:
    """Vacancy rate of the neighbouring regions over the country's unemployment rate, first quarter = 1.

    Between observed quarters the logarithm is straight; before the first one it follows unemployment.
    """
    (name,) = tables.driver_roles.loc[tables.driver_roles["role"] == "vacancy_rate_neighbours", "series"]
    at, rates = raw_series(tables, name)
    inside = (at >= first) & (at <= unemployment.last)
    at, rates = at[inside], rates[inside]
    ln_u = np.log(unemployment.quarterly(first, first + quarters - 1))
    ln, last = np.zeros(quarters), unemployment.last - first
    if len(at):
        ratio = np.log(rates) - ln_u[at - first]
        ln, last = np.interp(np.arange(first, first + quarters), at, ratio), int(at[-1]) - first
    before = np.arange(quarters) < (at[0] - first if len(at) else last)
    reference = int(at[0]) - first if len(at) else last
    ln[before] = ln[reference] + p.tightness_unemployment * (ln_u[before] - ln_u[reference])
    unit = "vacancy rate / unemployment rate, first quarter = 1"
    return Assumed("tightness_neighbours", np.exp(ln - ln[0]), last, unit, name,
                   p.tightness_sd_year, published=len(at) > 0, follows="unemployment_country",
                   elasticity=p.tightness_unemployment, reversion_year=p.tightness_reversion_year)  # fmt: skip


def _school_leavers(tables: RegionTables, p: Block, first: int, quarters: int) -> Assumed:
    """A fifth of the residents of 15 to 19; in years to come of those who are younger now, as they grow up."""
    frame = tables.population_history
    by_band = frame.groupby(["year", "age_band"])["persons"].sum()
    years = sorted(set(frame["year"].astype(int)))
    facts = {year: float(by_band[(year, "15-19")]) / COHORT_YEARS for year in years}
    for ahead, band in ((5, "10-14"), (10, "5-9"), (15, "0-4")):
        facts[years[-1] + ahead] = float(by_band[(years[-1], band)]) / COHORT_YEARS
    last = 4 * years[-1] + 3 - first
    told = ("persons a year", "population_history: cohorts of 15 to 19")
    found = _through("school_leavers", facts, np.ones(quarters), first, last, told, p.school_leavers_sd_year)
    return replace(found, last=last)


def _tourism(tables: RegionTables, p: Block, first: int, quarters: int, now: int) -> list[Assumed]:
    """Nights a quarter by origin: yearly totals with an assumed season, split by assumed shares."""
    season = np.tile(p.tourism_quarters, quarters // 4 + 1)[:quarters] / np.mean(p.tourism_quarters)
    facts = {year: nights / 4 for year, nights in _facts(tables, "tourism_nights").items()}
    told = ("nights a quarter", "driver_facts")
    total = _through("", facts, season, first, now, told, p.tourism_sd_year)
    shares = zip(TOURISM_ORIGINS, p.tourism_shares, strict=True)
    return [replace(total, name=f"tourism_nights/{origin}", central=share * total.central) for origin, share in shares]
