"""Firms settle the quarter: sales, inputs, wages, interest, tax, investment, credit, profits paid out (E-16).

Reads       firms.output, firms.ln_price, firms.uk_inputs, firms.capital, firms.efficiency, firms.sector;
            economy.price, economy.productivity, economy.wage_index, base.intermediate_local, base.imported_inputs,
            base.capital_per_job
Writes      firms.cash, firms.debt, firms.insolvent; economy.price, economy.margin, economy.base_margin
Levers      credit_ratio, energy_saving, equity_eur
Drivers     energy_prices, interest_rate
Parameters  configs/parameters/finance.yaml -> credit_limit, target_debt, cash_buffer, debt_adjustment_q, paid_out_q,
            real_rate_spread; trade.yaml -> profit_tax; covid.yaml -> support_share; brexit.yaml -> input_pass_through
Flows       firms_paid: sums of what firms paid and received, EUR
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.trade import brexit, covid
from regionsim.state.firms import OUTSIDE
from regionsim.state.region_state import Now

Terms = namedtuple(
    "Terms",
    "wage_index interest_q credit_limit target_debt buffer adjusted paid_out profit_tax support moratorium"
    " public",
)
PAID = ("sales", "inputs_local", "inputs_imported", "wages", "interest", "tax", "invested", "profits", "support",
        "stakes", "grants")  # fmt: skip
SALES, LOCAL, IMPORTED, WAGES, INTEREST, TAX, INVESTED, PROFITS, SUPPORT, STAKES, GRANTS = range(11)


def firms_settle_accounts(now: Now) -> None:
    """What every firm earned and paid; those that cannot pay and get no credit will close."""
    economy, base, firms = now.state.economy, now.base, now.state.firms.a
    economy.price = mean_price(firms, economy.price)
    local_cost = economy.price @ base.intermediate_local
    dearer = base.imported_inputs * brexit.trade_cost(now) * now.parameters.brexit.input_pass_through
    energy_cost = now.reference.energy_share * now.drivers["energy_prices"]
    other_cost = base.imported_inputs - now.reference.energy_share
    paid = np.zeros(len(PAID))
    margin = np.zeros((2, base.gva.size))
    saving = now.levers.over_rows("energy_saving", firms.id.size)
    credit = now.levers.over_rows("credit_ratio", firms.id.size)
    _settle(
        firms, local_cost, other_cost, energy_cost, saving, dearer, now.flows["wage_bill"], now.flows["invested"],
        base.capital_per_job * economy.productivity, base.gva / np.maximum(base.output, 1e-12),
        covid.closed_share(now), credit, now.levers.over_rows("equity_eur", firms.id.size), terms(now), paid, margin,
    )  # fmt: skip
    now.flows["firms_paid"] = dict(zip(PAID, paid, strict=True))
    economy.margin = np.divide(margin[0], margin[1], out=np.zeros(base.gva.size), where=margin[1] > 0)
    if now.quarter == 0:
        economy.base_margin = economy.margin


def terms(now: Now) -> Terms:
    """Rates of the quarter that hold for all firms."""
    p = now.parameters.finance
    real_rate = now.drivers["interest_rate"] - now.base.interest_rate + p.real_rate_spread
    return Terms(
        now.state.economy.wage_index, max(real_rate, 0.0) / 400.0, p.credit_limit, p.target_debt, p.cash_buffer,
        p.debt_adjustment_q, p.paid_out_q, now.parameters.trade.profit_tax, now.parameters.covid.support_share,
        covid.in_pandemic(now), now.reference.public_sector,
    )  # fmt: skip


def mean_price(firms: object, before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Price of each sector: sales over output at base prices; that of last quarter where nothing was made; (S,)."""
    made, sold = _sold(firms, before.size)
    price: NDArray[np.float64] = np.divide(sold, made, out=before.copy(), where=made > 0)
    return price


@njit(cache=True)
def _sold(f, sectors):  # type: ignore[no-untyped-def]
    made, sold = np.zeros(sectors), np.zeros(sectors)
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.kind[j] != OUTSIDE:
            made[f.sector[j]] += f.output[j]
            sold[f.sector[j]] += f.output[j] * np.exp(np.float64(f.ln_price[j]))
    return made, sold


@njit(cache=True, inline="always")
def change_of_debt(cash, debt, target, limit, adjusted, buffer):  # type: ignore[no-untyped-def]
    """A firm moves its debt towards the target, repaying only from money beyond its buffer; what it lacks it borrows,
    as far as its limit goes."""
    wanted = adjusted * (target - debt)
    if wanted < 0.0:
        wanted = -min(-wanted, max(cash - buffer, 0.0))
    if cash + wanted < 0.0:
        wanted = -cash
    return min(wanted, max(limit - debt, 0.0))


@njit(cache=True, inline="always")
def paid_to_owners(cash, buffer, share):  # type: ignore[no-untyped-def]
    """Profits paid out: a share of the money beyond the buffer; nothing while there is less."""
    return share * max(cash - buffer, 0.0)


@njit(cache=True)
def _settle(  # type: ignore[no-untyped-def]
    f, local_cost, other_cost, energy_cost, saving, dearer, wage_bill, invested, unit_capital, value_added, closed,
    credit, stake, t, paid, margin
):
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE or f.size_weight[j] <= 0.0:
            continue
        s, made = f.sector[j], np.float64(f.output[j])
        sales = made * np.exp(np.float64(f.ln_price[j]))
        inputs = made * local_cost[s]
        imported = made * (other_cost[s] + energy_cost[s] * (1.0 - saving[j]) + f.uk_inputs[j] * dearer[s])
        wages = wage_bill[j] * t.wage_index
        support = t.support * value_added[s] * made * closed[s] / (1.0 - closed[s]) if t.moratorium else 0.0
        surplus = sales - inputs - imported - wages
        interest = t.interest_q * f.debt[j]
        tax = t.profit_tax * max(surplus - interest, 0.0)
        f.cash[j] += surplus - interest - tax - invested[j] + support + stake[j]
        worth = f.capital[j] * unit_capital[s] * f.efficiency[j]
        buffer = t.buffer * value_added[s] * made
        target, limit = t.target_debt * worth, t.credit_limit * credit[j] * worth
        drawn = change_of_debt(f.cash[j], f.debt[j], target, limit, t.adjusted, buffer)
        f.debt[j] += drawn
        f.cash[j] += drawn
        if t.public[s]:  # government makes up what public firms lack
            grant = max(-f.cash[j], 0.0)
            f.cash[j] += grant
            paid[GRANTS] += grant
        profits = paid_to_owners(f.cash[j], buffer, t.paid_out)
        f.cash[j] -= profits
        f.insolvent[j] = f.cash[j] < 0.0 and not t.moratorium and not t.public[s]
        paid[SALES] += sales
        paid[LOCAL] += inputs
        paid[IMPORTED] += imported
        paid[WAGES] += wages
        paid[INTEREST] += interest
        paid[TAX] += tax
        paid[INVESTED] += invested[j]
        paid[PROFITS] += profits
        paid[SUPPORT] += support
        paid[STAKES] += stake[j]
        margin[0, s] += surplus
        margin[1, s] += value_added[s] * made
