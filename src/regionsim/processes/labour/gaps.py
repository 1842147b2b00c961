"""How work here compares with work in the neighbouring regions: pure functions for those who choose where to live.

Both gaps are log points above the first quarter's, in which they are zero. The neighbours share the norm, the
indexation and the wage curve of the country.
"""

from __future__ import annotations

import math

from regionsim.state.region_state import Now


def ln_wage_gap(now: Now) -> float:
    """Ln real wage here over that of the neighbours (E-7, E-12): wage curve here and there, and their driver."""
    if now.quarter == 0:
        return 0.0
    p, economy, d = now.parameters.labour, now.state.economy, now.drivers
    here = math.log(economy.unemployment_trend / economy.base_unemployment_trend)
    there = math.log(max(float(d["unemployment_country"]), 1e-3))
    return float(p.wage_curve * (here - there) - math.log(d["relative_wage_neighbours"]))


def ln_tightness_gap(now: Now) -> float:
    """Ln tightness here over that of the neighbours (E-7): vacancy rate over unemployment rate, mean of a year."""
    if now.quarter == 0:
        return 0.0
    economy = now.state.economy
    return math.log(economy.tightness / economy.base_tightness) - math.log(now.drivers["tightness_neighbours"])
