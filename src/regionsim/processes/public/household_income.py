"""Household income, which next quarter's consumption follows (E-5: the loop closes locally).

Reads       flows.wage_sums, flows.firms_paid, flows.persons (from the count of the population); economy.wage_index
Writes      economy.income_index, economy.base_income
Parameters  configs/parameters/trade.yaml -> benefit_*, income_tax, consumption_smoothing; finance.yaml -> owners_here
"""

from __future__ import annotations

from regionsim.state.people import INACTIVE, JOB_SEEKER, RETIRED, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now


def household_income(now: Now) -> None:
    """Real disposable income relative to the first quarter, smoothed as households smooth consumption."""
    economy, smoothing = now.state.economy, now.parameters.trade.consumption_smoothing
    income = disposable_income(now)
    if now.quarter == 0:
        economy.base_income = income
    economy.income_index += smoothing * (income / economy.base_income - economy.income_index)


def gross_earnings(now: Now) -> float:
    """Wages and mixed income of residents, million EUR of 2011 a quarter."""
    wages = now.flows["wage_sums"]
    return float((wages["residents_here"] + wages["residents_outside"]) * now.state.economy.wage_index)


def benefits(now: Now) -> float:
    """Pensions and benefits paid to residents, million EUR of 2011 a quarter; they follow real wages."""
    p, persons = now.parameters.trade, now.flows["persons"].sum(axis=(0, 1, 2))
    per_head = {
        RETIRED: p.benefit_retired_q,
        JOB_SEEKER: p.benefit_job_seeker_q,
        INACTIVE: p.benefit_inactive_q,
        TEMPORARILY_UNEMPLOYED: p.benefit_job_seeker_q,
    }
    total = sum(persons[activity] * euro for activity, euro in per_head.items())
    return float(total / now.scale * 1e-6 * now.state.economy.wage_index)


def disposable_income(now: Now) -> float:
    """Earnings after tax, benefits and profits paid to households here, million EUR of 2011 a quarter."""
    profits = now.flows["firms_paid"]["profits"] * now.parameters.finance.owners_here * 1e-6 / now.scale
    return float(gross_earnings(now) * (1.0 - float(now.parameters.trade.income_tax)) + benefits(now) + profits)
