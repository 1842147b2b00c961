"""How work here compares with work in the neighbouring regions: pure functions for those who choose where to live.

Both gaps are log points above the first quarter's, in which they are zero.
"""

from __future__ import annotations

import math

from regionsim.state.region_state import Now


def ln_wage_gap(now: Now) -> float:
    """Ln real wage here over that of the neighbours, who follow the country's norm and their driver."""
    if now.quarter == 0:
        return 0.0
    norm = now.parameters.labour.real_wage_growth_year * now.quarter / 4.0
    return math.log(now.state.economy.wage_index) - norm - math.log(now.drivers["relative_wage_neighbours"])


def ln_tightness_gap(now: Now) -> float:
    """Ln tightness (vacancies per job-seeker) here over that of the neighbours."""
    if now.quarter == 0:
        return 0.0
    economy = now.state.economy
    here = 2.0 * math.log(economy.base_unemployment_rate / max(economy.unemployment_rate, 1e-3))
    return here - math.log(now.drivers["tightness_neighbours"])
