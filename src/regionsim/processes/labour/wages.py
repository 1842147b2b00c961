"""What a job pays: education, experience and the firm; real wages follow tightness (E-12, M28).

Writes      economy.wage_index
Parameters  configs/parameters/labour.yaml -> real_wage_growth_year, wage_curve
"""

from __future__ import annotations

import math

from numba import njit

from regionsim.state.region_state import Now


def wages(now: Now) -> None:
    """Real wages grow with the norm and stand lower where unemployment stands higher."""
    p, economy = now.parameters.labour, now.state.economy
    relative = max(economy.unemployment_rate, 1e-3) / max(economy.base_unemployment_rate, 1e-3)
    economy.wage_index = real_wage_index(p.real_wage_growth_year, p.wage_curve, now.quarter + 1, relative)


def real_wage_index(norm_year: float, curve: float, quarters: int, relative_unemployment: float) -> float:
    """Real wage after some quarters, 1 at first: the norm's growth times the wage curve w ~ u ** curve."""
    return math.exp(norm_year * quarters / 4.0) * relative_unemployment**curve


@njit(cache=True, inline="always")
def hiring_wage(by_education_q, age_q, slope_year, ln_relative):  # type: ignore[no-untyped-def]
    """Gross wage at hiring in EUR of 2011 a quarter: education, experience between 20 and 55, sector and firm (ln)."""
    age = min(max(age_q * 0.25, 20.0), 55.0)
    return by_education_q * math.exp(slope_year * (age - 40.0) + ln_relative)
