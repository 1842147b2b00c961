"""Firms invest: replace what wears out, close part of the gap to the capital that orders call for (E-2, M36).

Capital is counted in jobs it equips; its price in euro follows the sector's capital per job and trend productivity.
What closing firms leave behind is taken over by firms of the sector that lack capital, at no price worth counting.

Reads       firms.expected, firms.cash, firms.debt, firms.size_weight, firms.efficiency, firms.sector;
            economy.productivity, base.capital_per_job
Writes      firms.capital; economy.investment
Levers      investment_support
Drivers     interest_rate
Parameters  configs/parameters/finance.yaml -> depreciation_q, capital_adjustment_q, interest_response, credit_limit
Flows       invested (firms,) EUR
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.firms import OUTSIDE
from regionsim.state.region_state import Now


def firms_invest(now: Now) -> None:
    """Investment within what the firm can pay; invested sums are paid when firms settle their accounts."""
    p, economy, firms = now.parameters.finance, now.state.economy, now.state.firms.a
    price = now.base.capital_per_job * economy.productivity
    ln_real = np.log(max(1.0 + (now.drivers["interest_rate"] - now.base.interest_rate) / 100.0, 0.5))
    wanted_ratio = float(np.exp(-p.interest_response * ln_real))
    support = now.levers.over_rows("investment_support", firms.id.size)
    target = firms.expected * wanted_ratio * (1.0 + support)
    _take_over(firms, target, now.flows["closing"], price.size)
    invested = np.zeros(firms.id.size)
    rates = (p.depreciation_q, p.capital_adjustment_q, p.credit_limit)
    _invest(firms, price, target, rates, now.reference.public_sector, invested)
    now.flows["invested"] = invested
    economy.investment = float(invested.sum() * 1e-6 / now.scale / now.base.investment_of_firms)


@njit(cache=True, inline="always")
def investment_wanted(capital, target, depreciation, adjustment):  # type: ignore[no-untyped-def]
    """In units of capital: what wears out and a part of the gap to the target; never below nothing."""
    return max(depreciation * capital + adjustment * (target - capital), 0.0)


@njit(cache=True)
def _take_over(f, target, closing, sectors):  # type: ignore[no-untyped-def]
    """Capital of closing firms goes to the others of the sector, in proportion to what they lack, never more."""
    left, lacking = np.zeros(sectors), np.zeros(sectors)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        if closing[j]:
            left[f.sector[j]] += f.capital[j] * f.efficiency[j]
            f.capital[j] = 0.0
        else:
            lacking[f.sector[j]] += max(target[j] - f.capital[j], 0.0) * f.efficiency[j]
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.kind[j] != OUTSIDE and not closing[j] and target[j] > f.capital[j]:
            f.capital[j] += min(left[f.sector[j]] / lacking[f.sector[j]], 1.0) * (target[j] - f.capital[j])


@njit(cache=True)
def _invest(f, price, target, rates, public, invested):  # type: ignore[no-untyped-def]
    depreciation, adjustment, credit_limit = rates
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE or f.size_weight[j] <= 0.0:
            continue
        s = f.sector[j]
        unit = price[s] * f.efficiency[j]
        bought = investment_wanted(f.capital[j], target[j], depreciation, adjustment)
        if not public[s] and unit > 0.0:  # others buy what they can pay for
            bought = min(bought, max(f.cash[j] + credit_limit * f.capital[j] * unit - f.debt[j], 0.0) / unit)
        f.capital[j] += bought - depreciation * f.capital[j]
        invested[j] = bought * unit
