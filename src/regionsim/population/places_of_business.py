"""Visitors, ports, shops and business parks of the first quarter, and visitors as a market of the base economy.

What is published of later years is taken back to the first with the growth of what drives it (`growth`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.population.sectors import on_park_odds
from regionsim.state.firms import EMPLOYER, OUTSIDE, Firms
from regionsim.state.parameters import Block, Sample
from regionsim.state.places import Places
from regionsim.state.reference import HOUSEHOLDS, MARKETS, TOURISM, BaseEconomy

Array = NDArray[np.float64]
Growth = Mapping[str, float]

SPENDING_TAGS = ("visitor", "retail", "port", "business", "public")  # order of tourism.spending_shares


def build_places(
    tables: RegionTables, parameters: Sample, firms: Firms, base: BaseEconomy, growth: Mapping[int, Growth]
) -> Places:
    """All of Places at the scale of `firms`; growth: by year, each driver's mean over that of the first year."""
    p, labels = parameters, tables.labels
    municipalities = len(labels.municipalities)
    nights, day_trips, per_night, per_trip = visitors(tables, p, growth)
    shares = spending_shares(tables, p.tourism)
    known = tables.visitor_places.set_index("municipality")["share"]
    share = known.reindex(list(labels.municipalities)).fillna(0.0).to_numpy(float)
    persons = tables.population_municipality.groupby("municipality")["persons"].sum()
    residents = np.array([float(persons[m]) for m in labels.municipalities])
    spending = float(nights @ per_night + day_trips * per_trip) * 1e-6 / 4.0
    shops = _shops(firms, _shop_sectors(tables), municipalities) * float(p.retail.core_share)
    units = shops / (1.0 - float(p.retail.first_vacancy))
    used = _park_jobs(firms, municipalities) * float(p.parks.hectares_per_job)
    terminals = _terminals(tables, p.ports, growth)
    local = np.isin(np.arange(shares.size), _shop_sectors(tables))
    return Places(
        nights_level=np.zeros(nights.size), throughput=(terminals["terminal_uk"] + terminals["terminal_other"]) / 4.0,
        modal_split=np.array(p.freight.base_shares),
        shop_units=units, vacant_units=units - shops, online_share=float(p.retail.first_online_share),
        footfall=np.ones(municipalities), core_attraction=np.ones(municipalities),
        park_hectares=used / (1.0 - float(p.parks.first_free_share)), park_used=used, park_room=np.ones(municipalities),
        vitality=np.ones(len(labels.arrondissements)), base_vitality=np.ones(len(labels.arrondissements)),
        nights=nights, day_trips=day_trips, spend_per_night=per_night, spend_per_trip=per_trip,
        spending_shares=shares, visitor_share=share,
        visitor_weight=_visitor_weight(share, residents, spending * shares[local].sum(), base, local),
        first_residents=residents, first_vacancy=float(p.retail.first_vacancy),
        first_online_share=float(p.retail.first_online_share),
        on_park_odds=on_park_odds(labels, p.population.on_park_share), **terminals,
    )  # fmt: skip


def visitors(
    tables: RegionTables, p: Sample, growth: Mapping[int, Growth]
) -> tuple[Array, float, Array, float]:
    """Nights and day trips of the first year, and what is spent on each, EUR of 2011.

    Published for one year: nights and trips of every form of stay and the turnover they make; who spends how much
    relative to others is assumed.
    """
    year = fact_year(tables, "tourism_turnover")
    now = growth[year]
    by_origin = tables.fact("tourism_nights", year) * np.array(p.drivers.tourism_shares) / sum(p.drivers.tourism_shares)
    trips = tables.fact("tourism_day_trips", year)
    relative, trip = np.array(p.tourism.spend_by_origin), float(p.tourism.spend_per_trip)
    turnover = tables.fact("tourism_turnover", year) * 1e6 / now["prices"]
    unit = turnover / float(by_origin @ relative + trips * trip)
    return by_origin / now["tourism_nights"], trips / now["tourism_nights"], unit * relative, unit * trip


def fact_year(tables: RegionTables, fact: str) -> int:
    """The first year of a published figure."""
    return int(tables.single_facts.loc[tables.single_facts["fact"] == fact, "year"].min())


def published_years(tables: RegionTables) -> list[int]:
    """Years of the figures that are taken back to the first one."""
    return sorted({fact_year(tables, "tourism_turnover"), *tables.terminals["year"].astype(int)})


def spending_shares(tables: RegionTables, p: Block) -> Array:
    """Output of each sector per unit of visitors' spending, by its tags; of goods only the trade margin; (S,)."""
    out = np.zeros(len(tables.labels.sectors))
    for tag, share in zip(SPENDING_TAGS, p.spending_shares, strict=True):
        sectors = tables.labels.sectors_with(tag)
        if sectors.size:
            out[sectors] += float(share) * (float(p.trade_margin) if tag == "retail" else 1.0) / sectors.size
    return out


def with_visitors(base: BaseEconomy, places: Places) -> BaseEconomy:
    """The base economy with visitors as a market: carved out of what leaves the region, then out of households.

    Output stays as it was. Where what leaves does not reach, residents spend less here and as much more elsewhere.
    """
    wanted = places.base_spending * places.spending_shares
    demand = base.final_demand.copy()
    markets = demand[-len(MARKETS) :]
    leaving = markets.sum(axis=0)
    taken = np.minimum(wanted, leaving)
    markets *= 1.0 - np.divide(taken, leaving, out=np.zeros_like(taken), where=leaving > 0)
    from_households = np.minimum(wanted - taken, demand[HOUSEHOLDS])
    demand[HOUSEHOLDS] -= from_households
    demand[TOURISM] = taken + from_households
    imports = base.household_imports + float(from_households.sum())
    return replace(base, final_demand=demand, household_imports=imports)


def _terminals(tables: RegionTables, p: Block, growth: Mapping[int, Growth]) -> dict[str, NDArray[Any]]:
    """Arrays by terminal; tonnes of the year of the figures taken back to the first year."""
    frame = tables.terminals
    index = {code: i for i, code in enumerate(tables.labels.municipalities)}
    weights, e = np.array(p.other_markets), float(p.trade_elasticity)
    tonnes, uk = frame["throughput_mt"].to_numpy(float), frame["uk_share"].to_numpy(float)
    since = [growth[int(year)] for year in frame["year"]]
    roles = ("gdp_country", "gdp_eu", "gdp_world")
    other = np.array([float(weights @ np.array([g[role] for role in roles]) ** e) for g in since])
    exposed = np.array([g["gdp_uk"] ** e for g in since])
    return {
        "terminal_municipality": np.array([index[m] for m in frame["municipality"]], np.int64),
        "terminal_capacity": frame["capacity_mt"].to_numpy(float),
        "terminal_uk": tonnes * uk / np.maximum(exposed, 1e-12),
        "terminal_other": tonnes * (1.0 - uk) / np.maximum(other, 1e-12),
        "terminal_reference": tonnes,
        "terminal_jobs": frame["jobs"].to_numpy(float),
    }


def _visitor_weight(
    share: Array, residents: Array, visitors: float, base: BaseEconomy, local: NDArray[np.bool_]
) -> Array:
    """Visitors in what visitors and residents spend in the shops and horeca of a municipality; (M,)."""
    households = float(base.final_demand[HOUSEHOLDS, local].sum()) * residents / residents.sum()
    weight: Array = visitors * share / np.maximum(visitors * share + households, 1e-12)
    return weight


def _shop_sectors(tables: RegionTables) -> NDArray[np.intp]:
    return np.union1d(tables.labels.sectors_with("retail"), tables.labels.sectors_with("visitor"))


def _shops(firms: Firms, sectors: NDArray[np.intp], municipalities: int) -> Array:
    f = firms.a
    rows = (f.kind >= 0) & (f.kind != OUTSIDE) & np.isin(f.sector, sectors)
    return np.bincount(f.municipality[rows], minlength=municipalities).astype(np.float64)


def _park_jobs(firms: Firms, municipalities: int) -> Array:
    f = firms.a
    on_park = (f.kind == EMPLOYER) & (f.on_park == 1)
    jobs = np.bincount(f.municipality[on_park], weights=f.jobs[on_park], minlength=municipalities)
    return np.asarray(jobs, np.float64)
