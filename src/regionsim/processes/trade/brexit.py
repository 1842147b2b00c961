"""What leaving the single market does to one export market and to inputs from it (M34).

Reads       world.brexit
Writes      nothing; used by demand, markets, prices and ports
Parameters  configs/parameters/brexit.yaml -> trade_cost_*, stockpile_2020q4, drop_2021q1, size_*; trade.yaml ->
            demand_elasticity
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state import calendar
from regionsim.state.parameters import Block
from regionsim.state.region_state import Now

_FIRST = calendar.ordinal("2021Q1")
SIZES = (6, 40, 107)  # real jobs up to which a firm is micro, small, medium


def trade_cost(now: Now) -> float:
    """Ad-valorem equivalent of the new barriers in this quarter; 0 before they exist."""
    if now.first_ordinal + now.quarter < _FIRST:
        return 0.0
    return float(getattr(now.parameters.brexit, f"trade_cost_{now.world.brexit}"))


def pulse(now: Now) -> float:
    """Orders around the date relative to what lasts: brought forward before it, missing after it."""
    p, quarter = now.parameters.brexit, now.first_ordinal + now.quarter
    if now.world.brexit == "none":
        return 1.0
    brought_forward, missing = 1.0 + float(p.stockpile_2020q4), 1.0 - float(p.drop_2021q1)
    return {_FIRST - 1: brought_forward, _FIRST: missing}.get(quarter, 1.0)


def demand_kept(cost: NDArray[np.float64], elasticity: float) -> NDArray[np.float64]:
    """Demand at a trade cost relative to none: (1 + cost) ^ -elasticity."""
    kept: NDArray[np.float64] = (1.0 + cost) ** -elasticity
    return kept


def export_factor(now: Now) -> float:
    """Demand of the exposed market that the average exporter keeps in this quarter."""
    lasting = demand_kept(np.array(trade_cost(now)), float(now.parameters.trade.demand_elasticity))
    return float(lasting) * pulse(now)


def demand_kept_by_size(now: Now) -> NDArray[np.float64]:
    """Demand of the exposed market that firms of each size class keep in this quarter; (4,)."""
    cost = trade_cost(now) * size_gradient(now.parameters.brexit)
    return demand_kept(cost, float(now.parameters.trade.demand_elasticity)) * pulse(now)


def size_gradient(p: Block) -> NDArray[np.float64]:
    """How hard the new barriers are for firms of each size class, relative to the average exporter; (4,)."""
    return np.array([p.size_micro, p.size_small, p.size_medium, p.size_large])


def size_class(real_jobs: NDArray[np.int32]) -> NDArray[np.int64]:
    """0 micro, 1 small, 2 medium, 3 large; same shape."""
    return np.searchsorted(np.array(SIZES), real_jobs, side="left")
