"""What is produced with the jobs that are filled, and the value added of it (E-2, first form).

Reads       firms.sector, firms.jobs, firms.slack, firms.ln_tfp; economy.productivity
Writes      economy.production, economy.gva
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.firms import OUTSIDE
from regionsim.state.region_state import Now


def production(now: Now) -> None:
    """Output follows effective jobs: filled, less slack, times productivity relative to the first quarter."""
    economy, base = now.state.economy, now.base
    effective = effective_jobs(now.state.firms.a, base.gva.size)
    ratio = np.divide(effective, base.jobs, out=np.ones_like(effective), where=base.jobs > 0) * economy.productivity
    economy.production = base.output * ratio
    economy.gva = base.gva * ratio


@njit(cache=True)
def effective_jobs(f, sectors):  # type: ignore[no-untyped-def]
    """Jobs at work by sector, weighted with productivity above trend; float64, shape (sectors,)."""
    out = np.zeros(sectors, np.float64)
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.kind[j] != OUTSIDE:
            out[f.sector[j]] += f.jobs[j] * (1.0 - f.slack[j]) * np.exp(f.ln_tfp[j])
    return out
