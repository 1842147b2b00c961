"""What the pandemic closes, sector by sector (M35); what it does to markets abroad is in their drivers.

Reads       world.covid
Writes      flows.closed; used by demand, tourism and temporary unemployment
Parameters  configs/parameters/covid.yaml -> closed_visitor, closed_retail
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state import calendar
from regionsim.state.region_state import Now

FIRST, LAST = calendar.ordinal("2020Q1"), calendar.ordinal("2021Q4")


def in_pandemic(now: Now) -> bool:
    """Whether closures, and the rules that soften them, are in force in this quarter."""
    return now.world.covid == "observed" and FIRST <= now.first_ordinal + now.quarter <= LAST


def closed_share(now: Now) -> NDArray[np.float64]:
    """Share of its normal demand that each sector cannot serve in this quarter; (S,)."""
    closed = np.zeros(now.base.gva.size)
    if not in_pandemic(now):
        return closed
    p, k = now.parameters.covid, now.first_ordinal + now.quarter - FIRST
    closed[now.reference.retail_sector] = p.closed_retail[k]
    closed[now.reference.visitor_sector] = p.closed_visitor[k]
    return closed
