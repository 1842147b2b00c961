"""Orders reach firms: of each market those that serve it, of the region all firms of the sector (E-5).

Reads       economy.final_demand, economy.demand, economy.productivity, economy.quality, economy.efficiency;
            firms.size_weight, firms.growth, firms.efficiency, firms.ln_price, firms.ln_tfp, firms.sector, firms.jobs,
            firms.municipality; places.core_attraction
Writes      firms.needed; economy.call
Levers      demand_ratio, start_size_ratio
Parameters  configs/parameters/trade.yaml -> local_elasticity; firms.yaml -> overtime_max
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from regionsim.state.reference import MARKETS, REST_OF_COUNTRY
from regionsim.state.region_state import Now


def orders_reach_firms(now: Now) -> None:
    """Jobs that the orders of the quarter call for in every firm."""
    economy, base, firms = now.state.economy, now.base, now.state.firms.a
    outside = economy.final_demand[REST_OF_COUNTRY : REST_OF_COUNTRY + len(MARKETS)]
    local: NDArray[np.float64] = np.maximum(economy.demand * base.output - outside.sum(axis=0), 0.0)
    per_job = np.divide(base.output, base.jobs, out=np.ones_like(base.output), where=base.jobs > 0)
    per_job = per_job * economy.productivity * economy.quality / economy.efficiency
    ratio = now.levers.over_rows("demand_ratio", firms.id.size)
    ratio *= now.levers.over_rows("start_size_ratio", firms.id.size)
    shops = (now.reference.retail_sector | now.reference.visitor_sector)[firms.sector]
    ratio[shops] *= now.state.places.core_attraction[firms.municipality[shops]]
    pull = _local_pull(firms, float(now.parameters.trade.local_elasticity), ratio)
    total = np.bincount(firms.sector, weights=pull, minlength=local.size).astype(np.float64)
    jobs_local = _per(local / per_job, total)
    jobs_outside = _per(outside / per_job, now.flows["market_pull_sum"])
    _orders(firms, pull, now.flows["market_pull"], jobs_local, jobs_outside)
    _pass_on(firms, float(now.parameters.firms.overtime_max), local.size)
    economy.call = np.vstack([jobs_local, jobs_outside])


def _per(values: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(values, by, out=np.zeros_like(values), where=by > 0)


@njit(cache=True)
def _local_pull(f, elasticity, ratio):  # type: ignore[no-untyped-def]
    """What each firm of the region weighs among those that serve it; (firms,)."""
    pull = np.zeros(f.id.size, np.float64)
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.kind[j] != OUTSIDE:
            weight = f.size_weight[j] * f.efficiency[j] * ratio[j]
            pull[j] = weight * np.exp(f.growth[j] - elasticity * f.ln_price[j])
    return pull


@njit(cache=True)
def _orders(f, local_pull, market_pull, jobs_local, jobs_outside):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        s = f.sector[j]
        jobs = local_pull[j] * jobs_local[s]
        for m in range(market_pull.shape[1]):
            jobs += market_pull[j, m] * jobs_outside[m, s]
        f.needed[j] = jobs * np.exp(-f.ln_tfp[j]) / f.efficiency[j]


@njit(cache=True)
def _pass_on(f, overtime, sectors):  # type: ignore[no-untyped-def]
    """Own-account firms pass on what their owner cannot do to the employers of the sector, in proportion."""
    passed_on, of_employers = np.zeros(sectors), np.zeros(sectors)
    for j in range(f.id.size):
        if f.kind[j] == OWN_ACCOUNT:
            beyond = max(f.needed[j] - f.jobs[j] * (1.0 + overtime), 0.0)
            f.needed[j] -= beyond
            passed_on[f.sector[j]] += beyond * f.efficiency[j]
        elif f.kind[j] == EMPLOYER:
            of_employers[f.sector[j]] += f.needed[j] * f.efficiency[j]
    for j in range(f.id.size):
        if f.kind[j] == EMPLOYER and of_employers[f.sector[j]] > 0.0:
            f.needed[j] *= 1.0 + passed_on[f.sector[j]] / of_employers[f.sector[j]]
