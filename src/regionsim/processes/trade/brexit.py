"""What leaving the single market does to one export market and to inputs from it (M34).

Reads       world.brexit
Writes      flows.uk_loss; used by demand and prices
Parameters  configs/parameters/brexit.yaml -> trade_cost_*, stockpile_2020q4, drop_2021q1, size_*;
            trade.yaml -> demand_elasticity
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state import calendar
from regionsim.state.parameters import Block
from regionsim.state.region_state import Now

_FIRST = calendar.ordinal("2021Q1")


def trade_cost(now: Now) -> float:
    """Ad-valorem equivalent of the new barriers in this quarter; 0 before they exist."""
    if now.first_ordinal + now.quarter < _FIRST:
        return 0.0
    return float(getattr(now.parameters.brexit, f"trade_cost_{now.world.brexit}"))


def export_factor(now: Now) -> float:
    """Demand of the exposed market relative to no barriers: lasting trade cost, and the pulses around the date."""
    p, quarter = now.parameters.brexit, now.first_ordinal + now.quarter
    if now.world.brexit == "none":
        return 1.0
    if quarter == _FIRST - 1:
        return 1.0 + float(p.stockpile_2020q4)
    lasting: float = (1.0 + trade_cost(now)) ** -float(now.parameters.trade.demand_elasticity)
    return lasting * (1.0 - float(p.drop_2021q1)) if quarter == _FIRST else lasting


def size_gradient(real_jobs: NDArray[np.int32], p: Block) -> NDArray[np.float64]:
    """How hard the loss falls on a firm of this size, relative to the average exporter."""
    larger = np.where(real_jobs <= 107, p.size_medium, p.size_large)
    smaller = np.where(real_jobs <= 6, p.size_micro, p.size_small)
    gradient: NDArray[np.float64] = np.where(real_jobs <= 40, smaller, larger)
    return gradient
