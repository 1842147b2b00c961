"""What a job pays: education, experience, skill, firm and place; real wages follow norm, prices and unemployment
(E-12, M28).

Reads       flows.persons; economy.vacancies
Writes      economy.wage_index, economy.prices_in_wages, economy.ln_local_wage, economy.unemployment_trend,
            economy.base_unemployment_trend, economy.unemployment_by_place, economy.base_unemployment_by_place,
            economy.tightness, economy.base_tightness
Drivers     prices
Parameters  configs/parameters/labour.yaml -> real_wage_growth_year, wage_curve, indexation_q, profit_share,
            trend_weight_q; population.yaml -> wage_mean_eur_month, wage_education, wage_age_slope
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.people import EMPLOYED, JOB_SEEKER, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now

Array = NDArray[np.float64]

FIRST_YEAR_Q = 4  # quarters over which first levels are means, so that the season is in none of the gaps


def wages(now: Now) -> None:
    """Wages catch up with prices, grow with the norm, and stand lower where unemployment stands higher."""
    p, economy, prices = now.parameters.labour, now.state.economy, float(now.drivers["prices"])
    _follow_the_labour_market(now)
    economy.prices_in_wages += p.indexation_q * (prices - economy.prices_in_wages)
    relative = economy.unemployment_trend / economy.base_unemployment_trend
    catch_up = economy.prices_in_wages / prices
    economy.wage_index = real_wage_index(
        p.real_wage_growth_year, p.wage_curve, now.quarter + 1, relative, catch_up
    )
    by_place = economy.unemployment_by_place / economy.base_unemployment_by_place
    economy.ln_local_wage = p.wage_curve * np.log(by_place / relative)


def real_wage_index(
    norm_year: float, curve: float, quarters: int, relative_unemployment: float, caught_up: float = 1.0
) -> float:
    """Real wage after some quarters, 1 at first: norm, wage curve w ~ u ** curve, and prices in wages over prices."""
    return float(math.exp(norm_year * quarters / 4.0) * relative_unemployment**curve * caught_up)


def _follow_the_labour_market(now: Now) -> None:
    """Yearly means of unemployment and tightness; over the first year they are the first levels too."""
    economy, persons = now.state.economy, now.flows["persons"].sum(axis=(1, 2))
    seekers = persons[:, JOB_SEEKER].astype(np.float64)
    force = seekers + persons[:, EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum(axis=1)
    rate = float(seekers.sum() / max(force.sum(), 1.0))
    vacancies = float(economy.vacancies.sum())
    tightness = vacancies / max(float(force.sum()), 1.0) / max(rate, 1e-3)
    by_place = (seekers + 1.0) / (force + 20.0)  # a place without job-seekers is no place without a rate
    first = now.quarter < FIRST_YEAR_Q
    weight = 1.0 / (now.quarter + 1.0) if first else float(now.parameters.labour.trend_weight_q)
    economy.unemployment_trend += weight * (max(rate, 1e-3) - economy.unemployment_trend)
    economy.unemployment_by_place = economy.unemployment_by_place + weight * (by_place - economy.unemployment_by_place)
    economy.tightness += weight * (max(tightness, 1e-3) - economy.tightness)
    if first:
        economy.base_unemployment_trend = economy.unemployment_trend
        economy.base_unemployment_by_place = economy.unemployment_by_place
        economy.base_tightness = economy.tightness


def ln_pay_of_firms(now: Now) -> Array:
    """Ln pay of each firm above its sector's: lasting premium, shared productivity, unemployment of its place."""
    firms, share = now.state.firms.a, now.parameters.labour.profit_share
    local = now.state.economy.ln_local_wage[now.reference.arrondissement_of[firms.municipality]]
    return np.asarray(firms.ln_premium + share * firms.ln_tfp.astype(np.float64) + local)


def pay_rule(now: Now) -> tuple[Array, float, Array]:
    """What `hiring_wage` needs: EUR a quarter by education, slope by age, ln relative pay by firm."""
    p = now.parameters.population
    by_education = 3.0 * p.wage_mean_eur_month * now.reference.wage_level * np.array(p.wage_education)
    by_firm = ln_pay_of_firms(now) + now.reference.sector_ln_wage[now.state.firms.a.sector]
    return by_education, float(p.wage_age_slope), by_firm


@njit(cache=True, inline="always")
def hiring_wage(skill, by_education_q, age_q, slope_year, ln_relative):  # type: ignore[no-untyped-def]
    """Gross wage at hiring in EUR of 2011 a quarter: education, experience between 20 and 55, sector, firm, skill."""
    age = min(max(age_q * 0.25, 20.0), 55.0)
    return by_education_q * math.exp(slope_year * (age - 40.0) + ln_relative + skill)


@njit(cache=True)
def wages_by_rule(p, rows, by_education, slope_year, by_firm):  # type: ignore[no-untyped-def]
    """What the hiring rule pays the people in `rows` at their employers; float64, shape of rows."""
    out = np.empty(rows.size, np.float64)
    for k in range(rows.size):
        i = rows[k]
        out[k] = hiring_wage(p.skill[i], by_education[p.education[i]], p.age_q[i], slope_year, by_firm[p.employer[i]])
    return out
