"""Final demand of every market at this quarter's drivers, incomes and prices (E-5; model.md 'Shocks are worlds').

What the region's own users buy goes through the input-output table; what leaves the region is what its firms reach.
More firms in a market bring more orders, but with time buyers spread theirs: the customers that the base exports stand
for follow those the firms have (crowding).

Reads       drivers; economy.income_index for households, economy.investment for half of investment, economy.short,
            flows.tourism_index for visitors, flows.port_index, economy.price, economy.reach; firms.size_weight,
            firms.growth, firms.efficiency, firms.ln_price, firms.reach_uk, firms.reach_eu, firms.reach_world,
            firms.real_jobs, firms.sector
Writes      economy.final_demand, economy.demand, economy.productivity, economy.market_share, economy.reach
Levers      sector_demand, demand_ratio, local_purchases
Drivers     government_consumption, investment, gdp_country, gdp_uk, gdp_eu, gdp_world
Parameters  configs/parameters/trade.yaml -> demand_elasticity, import_elasticity, income_elasticity_exports,
            investment_by_firms; markets.yaml -> crowding_q; labour.yaml -> lost_orders_q, normal_short_share
Flows       market_index (CATEGORIES,), market_pull (firms, MARKETS); local_purchases (S,) million EUR that households
            buy here instead of outside the region
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.trade import brexit, covid
from regionsim.state.firms import OUTSIDE as OTHERS
from regionsim.state.reference import (
    CATEGORIES,
    EU,
    GOVERNMENT,
    HOUSEHOLDS,
    INVESTMENT,
    MARKETS,
    REST_OF_COUNTRY,
    REST_OF_WORLD,
    TOURISM,
    UK,
)
from regionsim.state.region_state import Now

OUTSIDE = slice(REST_OF_COUNTRY, REST_OF_WORLD + 1)


def demand_by_market(now: Now) -> None:
    """Final demand of every market, and the output it calls for."""
    economy, base = now.state.economy, now.base
    economy.productivity = base.trend_productivity(now.quarter / 4.0)
    index = market_index(now)
    trend = np.exp(base.demand_trend_year * now.quarter / 4.0)
    economy.final_demand = base.final_demand * index[:, None] * trend * now.levers.dense["sector_demand"]
    relative = economy.price / np.exp(now.flows["ln_rival_price"])
    economy.final_demand[: OUTSIDE.start] *= relative ** -float(now.parameters.trade.import_elasticity)
    open_share = 1.0 - covid.closed_share(now)
    economy.final_demand[[HOUSEHOLDS, GOVERNMENT, INVESTMENT]] *= open_share
    moved = shifted(base.household_imports * float(index[HOUSEHOLDS]), now.levers.dense["local_purchases"])
    now.flows["local_purchases"] = moved * open_share
    economy.final_demand[HOUSEHOLDS] += now.flows["local_purchases"]
    for category in (REST_OF_COUNTRY, EU):
        economy.final_demand[category, now.reference.port_sector] *= now.flows["port_index"]
    lose_orders(now)
    economy.final_demand[OUTSIDE] *= economy.market_share * reached(now)
    output = base.leontief @ economy.final_demand.sum(axis=0)
    economy.demand = np.divide(output, base.output, out=np.ones_like(output), where=base.output > 0)


def shifted(imports: float, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Purchases that move from outside the region to its sectors (M10c): shares of them, together at most 1; (S,)."""
    moved: NDArray[np.float64] = imports * share / max(float(share.sum()), 1.0)
    return moved


def lose_orders(now: Now) -> None:
    """Sectors that cannot fill orders lose some beyond the region for good, and win them back when they can."""
    p, economy = now.parameters.labour, now.state.economy
    economy.market_share = economy.market_share * np.exp(-p.lost_orders_q * (economy.short - p.normal_short_share))


def market_index(now: Now) -> NDArray[np.float64]:
    """Real demand of each category relative to the first quarter, before prices and barriers; shape (CATEGORIES,)."""
    d, p = now.drivers, now.parameters.trade
    e, by_firms = float(p.income_elasticity_exports), float(p.investment_by_firms)
    index = np.ones(len(CATEGORIES))
    index[HOUSEHOLDS] = now.state.economy.income_index
    index[GOVERNMENT] = d["government_consumption"]
    index[INVESTMENT] = by_firms * now.state.economy.investment + (1.0 - by_firms) * d["investment"]
    index[TOURISM] = now.flows["tourism_index"]
    index[REST_OF_COUNTRY] = d["gdp_country"]
    index[UK] = d["gdp_uk"] ** e
    index[EU] = d["gdp_eu"] ** e
    index[REST_OF_WORLD] = d["gdp_world"] ** e
    now.flows["market_index"] = index
    return index


def reached(now: Now) -> NDArray[np.float64]:
    """Orders from each market relative to what its demand alone would bring: how many firms serve it, at which
    prices and barriers; (MARKETS, S). Firms' own parts are kept in flows['market_pull']."""
    economy, firms = now.state.economy, now.state.firms.a
    barrier = brexit.demand_kept_by_size(now)
    elasticity = float(now.parameters.trade.demand_elasticity)
    demand_ratio = now.levers.over_rows("demand_ratio", firms.id.size)
    pull = np.zeros((firms.id.size, len(MARKETS)))
    sums = np.zeros((len(MARKETS), economy.price.size))
    rank = brexit.size_class(firms.real_jobs)
    _pull(firms, rank, barrier, elasticity, now.flows["ln_rival_price"], demand_ratio, pull, sums)
    now.flows["market_pull"], now.flows["market_pull_sum"] = pull, sums
    customers = _customers(firms, economy.price.size)
    at_home: NDArray[np.float64] = customers[0]
    won = customers / np.maximum(at_home, 1e-12)
    served = economy.reach * at_home
    economy.reach = economy.reach + now.parameters.markets.crowding_q * (won - economy.reach)
    ratio: NDArray[np.float64] = np.divide(sums, served, out=np.zeros_like(sums), where=served > 0)
    return ratio


@njit(cache=True)
def _customers(f, sectors):  # type: ignore[no-untyped-def]
    """Customers won at home and in each market abroad by sector, in units of efficiency; (MARKETS, sectors)."""
    won = np.zeros((4, sectors))
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.kind[j] != OTHERS and f.size_weight[j] > 0.0:
            s, e = f.sector[j], f.efficiency[j]
            won[0, s] += f.size_weight[j] * e
            won[1, s] += f.reach_uk[j] * e
            won[2, s] += f.reach_eu[j] * e
            won[3, s] += f.reach_world[j] * e
    return won


@njit(cache=True, inline="always")
def orders_pulled(customers, ln_relative_price, elasticity, kept):  # type: ignore[no-untyped-def]
    """Orders a firm attracts from a market: its customers there, at its price relative to rivals, behind barriers."""
    return customers * np.exp(-elasticity * ln_relative_price) * kept


@njit(cache=True)
def _pull(f, rank, barrier, elasticity, ln_rival, demand_ratio, pull, sums):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OTHERS or f.size_weight[j] <= 0.0:
            continue
        s = f.sector[j]
        attraction = f.efficiency[j] * np.exp(f.growth[j]) * demand_ratio[j]
        relative = f.ln_price[j] - ln_rival[s]
        abroad = (np.float64(f.reach_uk[j]), np.float64(f.reach_eu[j]), np.float64(f.reach_world[j]))
        customers = (f.size_weight[j], *abroad)
        for m in range(4):
            kept = barrier[rank[j]] if m == 1 else 1.0
            pull[j, m] = orders_pulled(attraction * customers[m], relative, elasticity, kept)
            sums[m, s] += pull[j, m]
