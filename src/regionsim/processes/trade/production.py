"""What firms make and sell: their orders, as far as workers, overtime and capital go (E-2; M36).

Trend productivity is fitted to published figures and holds what moves from firm to firm, so a firm's efficiency counts
relative to the mean of its sector.

Reads       firms.jobs, firms.needed, firms.capital, firms.ln_tfp, firms.efficiency, firms.sector;
            economy.productivity, economy.quality
Writes      firms.output; economy.production, economy.gva, economy.short, economy.efficiency
Parameters  configs/parameters/firms.yaml -> overtime_max, capital_share
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.firms import OUTSIDE
from regionsim.state.region_state import Now


def production(now: Now) -> None:
    """Output of every firm at base prices, value added of every sector, and the orders that could not be filled."""
    economy, base, p = now.state.economy, now.base, now.parameters.firms
    per_job = np.divide(base.output, base.jobs, out=np.zeros_like(base.output), where=base.jobs > 0)
    eur_per_job = per_job * economy.productivity * economy.quality / economy.efficiency * 1e6 * now.scale
    made, wanted = _produce(now.state.firms.a, eur_per_job, p.overtime_max, p.capital_share)
    economy.efficiency = mean_efficiency(now.state.firms.a, made.size)
    economy.production = made * 1e-6 / now.scale
    economy.gva = base.value_added_share * economy.production
    economy.short = 1.0 - np.divide(made, wanted, out=np.ones_like(made), where=wanted > 0)


@njit(cache=True)
def mean_efficiency(f, sectors):  # type: ignore[no-untyped-def]
    """Mean efficiency of the firms of each sector by jobs; 1 without jobs; float64, shape (sectors,)."""
    jobs, efficient = np.zeros(sectors), np.zeros(sectors)
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.kind[j] != OUTSIDE:
            jobs[f.sector[j]] += f.jobs[j]
            efficient[f.sector[j]] += f.jobs[j] * f.efficiency[j]
    return np.where(jobs > 0.0, efficient / np.maximum(jobs, 1.0), 1.0)


@njit(cache=True, inline="always")
def capacity(jobs, capital, capital_share):  # type: ignore[no-untyped-def]
    """What a firm can make, in jobs fully equipped: jobs ^ (1 - a) x capital ^ a, capital in jobs it equips."""
    return jobs ** (1.0 - capital_share) * max(capital, 0.0) ** capital_share


@njit(cache=True)
def _produce(f, eur_per_job, overtime, capital_share):  # type: ignore[no-untyped-def]
    made, wanted = np.zeros(eur_per_job.size), np.zeros(eur_per_job.size)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        s = f.sector[j]
        unit = eur_per_job[s] * f.efficiency[j] * np.exp(f.ln_tfp[j])
        could = capacity(f.jobs[j] * (1.0 + overtime), f.capital[j], capital_share) if f.jobs[j] > 0 else 0.0
        f.output[j] = unit * min(f.needed[j], could)
        made[s] += f.output[j]
        wanted[s] += unit * f.needed[j]
    return made, wanted
