"""Firms form expectations of sales and want jobs for them (E-5, E-9).

A sector's labour demand is split over its establishments by size weight, productivity and exposure; firms plan on
smoothed demand and feel current demand as slack.

Reads       economy.demand, economy.productivity; firms.sector, firms.jobs, firms.real_jobs, firms.dither,
            firms.ln_tfp, firms.uk_share
Writes      firms.desired, firms.slack, firms.size_weight; economy.expected_labour
Levers      start_size_ratio, demand_ratio
Parameters  configs/parameters/firms.yaml -> growth_sd_q, overtime_max; labour.yaml -> expectation_q;
            trade.yaml -> demand_elasticity
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.trade.brexit import size_gradient
from regionsim.state.draws import normal
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.region_state import Now


def firms_expect(now: Now) -> None:
    """Desired jobs of every employer establishment; own-account firms stay with their owner."""
    p, economy, firms = now.parameters.firms, now.state.economy, now.state.firms.a
    grow_weights(firms, p.growth_sd_q, now.key("firms_expect"))
    needed = now.base.labour * economy.demand / economy.productivity
    economy.expected_labour += now.parameters.labour.expectation_q * (needed - economy.expected_labour)
    share = relative_size(now)
    total = np.bincount(firms.sector, weights=share, minlength=needed.size)
    per_weight = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    plan_jobs(firms, share, economy.expected_labour * per_weight, needed * per_weight, p.overtime_max)
    outside_demand(now)


def relative_size(now: Now) -> NDArray[np.float64]:
    """What each establishment stands for within its sector; 0 for firms that are not employers here."""
    firms, p = now.state.firms.a, now.parameters.trade
    elasticity = p.demand_elasticity * now.base.value_added_share[firms.sector] - 1.0
    exposure = 1.0 - firms.uk_share * now.flows["uk_loss"] * size_gradient(firms.real_jobs, now.parameters.brexit)
    ratio = now.levers.over_rows("start_size_ratio", firms.id.size)
    ratio *= now.levers.over_rows("demand_ratio", firms.id.size)
    size = firms.size_weight * np.exp(elasticity * firms.ln_tfp) * exposure * ratio
    of_employers: NDArray[np.float64] = np.where(firms.kind == EMPLOYER, size, 0.0)
    return of_employers


def outside_demand(now: Now) -> None:
    """Employers beyond the border follow national employment."""
    firms = now.state.firms.a
    outside = np.flatnonzero(firms.kind == OUTSIDE)
    wanted = firms.size_weight[outside] * float(now.drivers["employment_country"])
    firms.desired[outside] = np.floor(wanted + firms.dither[outside]).astype(np.int32)


@njit(cache=True)
def grow_weights(f, sd, key):  # type: ignore[no-untyped-def]
    """Idiosyncratic growth: a random walk of the log weight."""
    for j in range(f.id.size):
        if f.kind[j] == EMPLOYER:
            f.size_weight[j] *= np.exp(sd * normal(key, f.id[j]))


@njit(cache=True)
def plan_jobs(f, share, expected, needed, overtime_max):  # type: ignore[no-untyped-def]
    """Desired jobs from expected demand; slack from current demand, down to minus the overtime there may be."""
    for j in range(f.id.size):
        if f.kind[j] != EMPLOYER:
            continue
        s = f.sector[j]
        wanted = max(int(np.floor(share[j] * expected[s] + f.dither[j])), 0)
        f.desired[j] = wanted if share[j] > 0.0 else 0  # a firm that closes wants nobody, whatever its dither
        if f.jobs[j] > 0:
            spare = 1.0 - share[j] * needed[s] / f.jobs[j]
            f.slack[j] = min(max(spare, -overtime_max), 1.0)
        else:
            f.slack[j] = 0.0
