"""What a job pays: education, experience and the firm; real wages follow tightness (E-12, M28).

Reads       economy.unemployment_rate, economy.base_unemployment_rate
Writes      economy.wage_index
Parameters  configs/parameters/labour.yaml -> real_wage_growth_year, wage_curve; population.yaml ->
            wage_mean_eur_month, wage_education, wage_age_slope, wage_sd_log
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.draws import normal
from regionsim.state.region_state import Now

_ABILITY = np.uint64(0xAB1117)  # stream of the lasting pay difference between persons


def wages(now: Now) -> None:
    """Real wages grow with the norm and stand lower where unemployment stands higher."""
    p, economy = now.parameters.labour, now.state.economy
    relative = max(economy.unemployment_rate, 1e-3) / max(economy.base_unemployment_rate, 1e-3)
    economy.wage_index = real_wage_index(p.real_wage_growth_year, p.wage_curve, now.quarter + 1, relative)


def real_wage_index(norm_year: float, curve: float, quarters: int, relative_unemployment: float) -> float:
    """Real wage after some quarters, 1 at first: the norm's growth times the wage curve w ~ u ** curve."""
    return float(math.exp(norm_year * quarters / 4.0) * relative_unemployment**curve)


def pay_rule(now: Now) -> tuple[NDArray[np.float64], float, NDArray[np.float64], float]:
    """What `hiring_wage` needs: EUR a quarter by education, slope by age, ln relative pay by firm, spread by person."""
    p, firms = now.parameters.population, now.state.firms.a
    by_education = 3.0 * p.wage_mean_eur_month * now.reference.wage_level * np.array(p.wage_education)
    by_firm = firms.ln_premium.astype(np.float64) + now.reference.sector_ln_wage[firms.sector]
    return by_education, float(p.wage_age_slope), by_firm, float(p.wage_sd_log)


@njit(cache=True, inline="always")
def hiring_wage(person, by_education_q, age_q, slope_year, ln_relative, sd):  # type: ignore[no-untyped-def]
    """Gross wage at hiring in EUR of 2011 a quarter: education, experience between 20 and 55, sector, firm, person."""
    age = min(max(age_q * 0.25, 20.0), 55.0)
    return by_education_q * math.exp(slope_year * (age - 40.0) + ln_relative + sd * normal(_ABILITY, person))


@njit(cache=True)
def wages_by_rule(p, rows, by_education, slope_year, by_firm, sd):  # type: ignore[no-untyped-def]
    """What the hiring rule pays the people in `rows` at their employers; float64, shape of rows."""
    out = np.empty(rows.size, np.float64)
    for k in range(rows.size):
        i = rows[k]
        out[k] = hiring_wage(p.id[i], by_education[p.education[i]], p.age_q[i], slope_year, by_firm[p.employer[i]], sd)
    return out
