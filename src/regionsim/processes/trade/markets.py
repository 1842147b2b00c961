"""Firms enter and leave markets abroad: the exposed market, the rest of the union, the rest of the world (E-5).

A firm leaves less often the more markets it serves (M6c); firms enter so often that, without barriers, as many
customers are won as lost on census day. Barriers scare away and drive out; customers come and go gradually.

Reads       firms.markets, firms.expected, firms.digital, firms.real_jobs, firms.size_weight, firms.efficiency,
            firms.sector; base.customers_abroad
Writes      firms.markets, firms.reach_uk, firms.reach_eu, firms.reach_world; economy.entry_scale
Levers      market_entry
Parameters  configs/parameters/markets.yaml -> smallest_share, size_slope, leaves_year, more_markets,
            large_leaves_ratio, reach_q, barrier_response, digital_response
Flows       markets_entered (ABROAD,), markets_left (ABROAD,)
"""

from __future__ import annotations

import math
from collections import namedtuple

import numpy as np
from numba import njit

from regionsim.processes.trade import brexit
from regionsim.state.draws import event_key, u01
from regionsim.state.firms import ABROAD, EMPLOYER, LARGE_FIRM_JOBS
from regionsim.state.region_state import Now

MarketRules = namedtuple(
    "MarketRules",
    "smallest slope leaves_q more_markets large_leaves_ratio barrier_response digital_response reach_q",
)


def firms_enter_and_leave_markets(now: Now) -> None:
    """Entry and exit by firm and market, and how far firms are established in each."""
    p, firms = now.parameters.markets, now.state.firms.a
    worse = np.zeros((len(brexit.SIZES) + 1, len(ABROAD)))  # ln of what barriers take of the orders there
    worse[:, 0] = -np.log(brexit.demand_kept_by_size(now) / brexit.pulse(now))
    rules = MarketRules(
        np.array(p.smallest_share), np.array(p.size_slope), 1.0 - (1.0 - p.leaves_year) ** 0.25,
        np.array(p.more_markets), p.large_leaves_ratio, p.barrier_response, p.digital_response, p.reach_q,
    )  # fmt: skip
    rank, key = brexit.size_class(firms.real_jobs), now.key("firms_enter_and_leave_markets")
    promoted = now.levers.over_rows("market_entry", firms.id.size)
    if now.quarter == 0:
        now.state.economy.entry_scale = balanced_entry(firms, rules, now.base.customers_abroad)
    entered, left = np.zeros(len(ABROAD)), np.zeros(len(ABROAD))
    scale = now.state.economy.entry_scale
    _enter_and_leave(firms, rank, rules, scale, now.base.customers_abroad, worse, promoted, key, entered, left)
    now.count("markets_entered", entered)
    now.count("markets_left", left)


@njit(cache=True)
def balanced_entry(f, rules, customers_abroad):  # type: ignore[no-untyped-def]
    """Factor on entry at which, on census day, as many customers are won as lost, by market and sector; (ABROAD, S)."""
    lost, won = np.zeros(customers_abroad.shape), np.zeros(customers_abroad.shape)
    for j in range(f.id.size):
        if f.kind[j] != EMPLOYER:
            continue
        s, served = f.sector[j], count_bits(f.markets[j])
        reach = (f.reach_uk[j], f.reach_eu[j], f.reach_world[j])
        for m in range(3):
            if (f.markets[j] >> m) & 1:
                lost[m, s] += reach[m] * f.efficiency[j] * chance_of_leaving_q(rules, f.real_jobs[j], served, 0.0)
            else:
                gain = customers_abroad[m, s] * f.size_weight[j] * f.efficiency[j]
                won[m, s] += gain * chance_of_entering_q(rules, m, f.real_jobs[j], served, 0.0, 0.0)
    return np.where(won > 0.0, lost / np.maximum(won, 1e-12), 0.0)


@njit(cache=True, inline="always")
def count_bits(mask):  # type: ignore[no-untyped-def]
    """How many of the three markets abroad a firm serves."""
    return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1)


@njit(cache=True, inline="always")
def share_serving(smallest, slope, jobs):  # type: ignore[no-untyped-def]
    """Share of firms of a size that serve a market: logistic in ln jobs, `smallest` at one job."""
    return 1.0 / (1.0 + (1.0 - smallest) / smallest * math.exp(-slope * math.log(max(jobs, 1.0))))


@njit(cache=True, inline="always")
def chance_of_leaving_q(rules, jobs, served, worse):  # type: ignore[no-untyped-def]
    """Quarterly chance to leave a market: that of who serves one only, x {1, .5, .3} by number, x size, x barriers."""
    large = rules.large_leaves_ratio if jobs >= LARGE_FIRM_JOBS else 1.0
    number = rules.more_markets[min(max(served, 1), rules.more_markets.size) - 1]
    return min(rules.leaves_q * number * large * math.exp(rules.barrier_response * worse), 1.0)


@njit(cache=True, inline="always")
def chance_of_entering_q(rules, market, jobs, served, worse, tools):  # type: ignore[no-untyped-def]
    """Quarterly chance to enter: as often as those of its size who serve the market leave it, times the odds of
    serving it; less behind barriers, more with digital tools (`tools`, log points)."""
    share = share_serving(rules.smallest[market], rules.slope[market], jobs)
    like = chance_of_leaving_q(rules, jobs, served + 1, 0.0)
    return min(like * share / (1.0 - share) * math.exp(-rules.barrier_response * worse + tools), 1.0)


@njit(cache=True, inline="always")
def next_reach(reach, serves, normal, reach_q):  # type: ignore[no-untyped-def]
    """Customers abroad: who serves a market moves towards what is normal for its customers at home; who left loses
    them."""
    return reach + reach_q * (normal - reach) if serves else reach - reach_q * reach


@njit(cache=True)
def _enter_and_leave(f, rank, rules, entry_scale, customers_abroad, worse, promoted, key, entered, left):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] != EMPLOYER:
            continue
        mask, s = f.markets[j], f.sector[j]
        served = count_bits(mask)
        size = f.real_jobs[j] if f.real_jobs[j] >= LARGE_FIRM_JOBS else max(f.expected[j], 1.0)
        tools = rules.digital_response * (f.digital[j] - 0.5)
        for m in range(3):
            u = u01(event_key(key, np.uint64(m)), f.id[j])
            if (mask >> m) & 1:
                if u < chance_of_leaving_q(rules, size, served, worse[rank[j], m]):
                    f.markets[j] &= np.uint8(255 - (1 << m))
                    left[m] += 1.0
                continue
            enters = entry_scale[m, s] * chance_of_entering_q(rules, m, size, served, worse[rank[j], m], tools)
            if m > 0 and customers_abroad[m, s] > 0.0:  # help leads away from the exposed market, where there is demand
                enters += promoted[j]
            if u < enters:
                f.markets[j] |= np.uint8(1 << m)
                entered[m] += 1.0
        home = f.size_weight[j]
        f.reach_uk[j] = next_reach(f.reach_uk[j], f.markets[j] & 1, customers_abroad[0, s] * home, rules.reach_q)
        f.reach_eu[j] = next_reach(f.reach_eu[j], f.markets[j] & 2, customers_abroad[1, s] * home, rules.reach_q)
        f.reach_world[j] = next_reach(f.reach_world[j], f.markets[j] & 4, customers_abroad[2, s] * home, rules.reach_q)
