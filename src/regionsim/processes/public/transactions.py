"""Who paid whom this quarter: a matrix of households, firms, government and rest of the world (million EUR of 2011).

The rest of the world includes the rest of the country; the government's balance is financed from there.
The check compares the firms' balance in the matrix with value added less what was paid out of it.

Reads       economy.final_demand, economy.production, economy.gva, economy.wage_index; flows.wage_sums
Writes      economy.transactions
Parameters  configs/parameters/trade.yaml -> income_tax, profit_tax, profits_paid_out
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.processes.public.household_income import benefits, gross_earnings
from regionsim.state.economy import FIRMS, FLOWS, GOV, HH, ROW
from regionsim.state.reference import GOVERNMENT, HOUSEHOLDS, INVESTMENT, MARKETS, TOURISM
from regionsim.state.region_state import Now

FLOW = {name: i for i, name in enumerate(FLOWS)}


def transactions(now: Now) -> None:
    """Write economy.transactions and the largest residual of the money accounts in flows['residual_money']."""
    economy, base, p = now.state.economy, now.base, now.parameters.trade
    book = np.zeros((len(FLOWS), 4, 4))

    def pay(flow: str, payer: int, receiver: int, amount: float) -> None:
        book[FLOW[flow], payer, receiver] += amount

    demand, index = economy.final_demand, now.flows["market_index"]
    wages = {name: value * economy.wage_index for name, value in now.flows["wage_sums"].items()}
    imported_inputs = float(base.imported_inputs @ economy.production)
    surplus = float(economy.gva.sum()) - wages["residents_here"] - wages["commuters_in"]
    subsidies = sum(now.state.ledger.spent_eur.values()) * 1e-6 / now.scale
    pay("consumption_local", HH, FIRMS, demand[HOUSEHOLDS].sum())
    pay("consumption_imported", HH, ROW, base.household_imports * index[HOUSEHOLDS])
    pay("government_local", GOV, FIRMS, demand[GOVERNMENT].sum())
    pay("government_imported", GOV, ROW, base.government_imports * index[GOVERNMENT])
    pay("investment_local", FIRMS, FIRMS, demand[INVESTMENT].sum())
    pay("investment_imported", FIRMS, ROW, base.investment_imports * index[INVESTMENT])
    pay("exports", ROW, FIRMS, demand[-len(MARKETS) :].sum())
    pay("tourism", ROW, FIRMS, demand[TOURISM].sum())
    pay("imported_inputs", FIRMS, ROW, imported_inputs)
    pay("wages_residents", FIRMS, HH, wages["residents_here"])
    pay("wages_commuters_in", FIRMS, ROW, wages["commuters_in"])
    pay("wages_commuters_out", ROW, HH, wages["residents_outside"])
    pay("profits", FIRMS, HH, p.profits_paid_out * max(surplus, 0.0))
    pay("taxes_households", HH, GOV, p.income_tax * gross_earnings(now))
    pay("taxes_firms", FIRMS, GOV, p.profit_tax * max(surplus, 0.0))
    pay("benefits", GOV, HH, benefits(now))
    pay("subsidies", GOV, FIRMS, subsidies)
    pay("transfers_to_government", ROW, GOV, -float(net_lending(book)[GOV]))
    economy.transactions = book
    now.flows["residual_money"] = money_residual(now, book, surplus)


def net_lending(book: NDArray[np.float64]) -> NDArray[np.float64]:
    """Receipts less payments of each account; shape (4,)."""
    total = book.sum(axis=0)
    balance: NDArray[np.float64] = total.sum(axis=0) - total.sum(axis=1)
    return balance


def money_residual(now: Now, book: NDArray[np.float64], surplus: float) -> float:
    """Largest residual relative to GVA: of the firms' balance seen from both sides, and of the sum of all accounts."""
    economy, base = now.state.economy, now.base
    used = economy.production - base.intermediate_local @ economy.production - economy.final_demand.sum(axis=0)
    total = book.sum(axis=0)
    out_of_surplus = ("profits", "taxes_firms", "investment_local", "investment_imported")
    paid = sum(float(book[FLOW[f]].sum()) for f in out_of_surplus)
    from_value_added = surplus - paid + float(book[FLOW["subsidies"]].sum()) - float(used.sum())
    from_matrix = float(total[:, FIRMS].sum() - total[FIRMS].sum())
    gva = max(float(economy.gva.sum()), 1e-12)
    return max(abs(from_value_added - from_matrix), abs(float(net_lending(book).sum()))) / gva
