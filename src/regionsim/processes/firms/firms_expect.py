"""Firms form expectations of orders and want jobs for them (E-9).

What a sector will be asked for is expected to follow what it is asked for now with a delay; how many of the customers
are its own a firm knows. On a business park that is full, firms grow only as far as there is room.

Reads       firms.needed, firms.jobs, firms.size_weight, firms.dither, firms.sector, firms.on_park,
            firms.municipality; places.park_room
Writes      firms.growth, firms.expected, firms.desired, firms.slack; economy.expected_jobs
Parameters  configs/parameters/firms.yaml -> growth_sd_q, growth_reversion_q, overtime_max; labour.yaml ->
            expectation_q; covid.yaml -> seen_through
Drivers     employment_country
World       covid
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.trade.covid import in_pandemic
from regionsim.state.draws import normal
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from regionsim.state.region_state import Now


def firms_expect(now: Now) -> None:
    """Desired jobs of every employer establishment; own-account firms stay with their owner."""
    p, economy, firms = now.parameters.firms, now.state.economy, now.state.firms.a
    needed = _needed(firms, now.base.gva.size)
    economy.expected_jobs += weight_of_news(now) * (needed - economy.expected_jobs)
    outlook = np.divide(economy.expected_jobs, needed, out=np.ones_like(needed), where=needed > 0)
    _expect(firms, outlook, p.overtime_max, now.state.places.park_room)
    _grow(firms, 1.0 - p.growth_reversion_q, p.growth_sd_q, now.key("firms_expect"))
    outside_demand(now)


def weight_of_news(now: Now) -> float:
    """How far expectations move to the orders of the quarter; less in a pandemic, whose closures end one day."""
    seen_through = float(now.parameters.covid.seen_through) if in_pandemic(now) else 0.0
    return float(now.parameters.labour.expectation_q) * (1.0 - seen_through)


def outside_demand(now: Now) -> None:
    """Employers beyond the border follow national employment."""
    firms = now.state.firms.a
    outside = np.flatnonzero(firms.kind == OUTSIDE)
    wanted = firms.size_weight[outside] * float(now.drivers["employment_country"])
    firms.desired[outside] = np.floor(wanted + firms.dither[outside]).astype(np.int32)


@njit(cache=True, inline="always")
def next_growth(growth, kept, sd, z):  # type: ignore[no-untyped-def]
    """Customers gained or lost by chance: a walk that returns, so that no firm drifts away; z standard normal."""
    return kept * growth + sd * z


@njit(cache=True)
def _grow(f, kept, sd, key):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] == EMPLOYER:
            f.growth[j] = next_growth(f.growth[j], kept, sd, normal(key, f.id[j]))


@njit(cache=True, inline="always")
def spare_share(jobs, needed, overtime):  # type: ignore[no-untyped-def]
    """Share of its jobs that a firm's orders do not need; down to minus the overtime there may be."""
    return min(max(1.0 - needed / jobs, -overtime), 1.0) if jobs > 0 else 0.0


@njit(cache=True)
def _needed(f, sectors):  # type: ignore[no-untyped-def]
    """Jobs that the orders of the quarter call for, by sector; float64, shape (sectors,)."""
    needed = np.zeros(sectors, np.float64)
    for j in range(f.id.size):
        if f.kind[j] == EMPLOYER or f.kind[j] == OWN_ACCOUNT:
            needed[f.sector[j]] += f.needed[j]
    return needed


@njit(cache=True)
def _expect(f, outlook, overtime, park_room):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] != EMPLOYER and f.kind[j] != OWN_ACCOUNT:
            continue
        f.expected[j] = f.needed[j] * outlook[f.sector[j]]
        f.slack[j] = spare_share(f.jobs[j], f.needed[j], overtime)
        if f.kind[j] == EMPLOYER:  # a firm that closes wants nobody, whatever its dither
            staff = f.expected[j]
            if f.on_park[j] and staff > f.jobs[j]:
                staff = f.jobs[j] + park_room[f.municipality[j]] * (staff - f.jobs[j])
            wanted = max(int(np.floor(staff + f.dither[j])), 0)
            f.desired[j] = wanted if f.size_weight[j] > 0.0 else 0
