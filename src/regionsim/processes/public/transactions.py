"""Who paid whom this quarter: a matrix of households, firms, government and rest of the world (million EUR of 2011).

The rest of the world includes the rest of the country and the banks; the government's balance is financed from there.
What the region's users want and its firms do not make is bought in, what is left over is sold off. The check compares
the firms' balance in the matrix, made of sectors and prices, with what became of the money and debt of every firm. What
a plan costs takes the place of other public spending of the same amount, so only stakes in firms are booked.

Reads       economy.final_demand, economy.production, economy.price, economy.gva, economy.wage_index; firms.output,
            firms.cash, firms.debt, firms.sector; flows.wage_sums, flows.firms_paid
Writes      economy.transactions
Parameters  configs/parameters/trade.yaml -> income_tax; finance.yaml -> owners_here
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

    to_million = 1e-6 / now.scale
    demand, index = economy.final_demand * economy.price, now.flows["market_index"]
    wages = {name: value * economy.wage_index for name, value in now.flows["wage_sums"].items()}
    paid = {name: value * to_million for name, value in now.flows["firms_paid"].items()}
    made_elsewhere = bought_in(now)
    investment = float(demand[INVESTMENT].sum()) + base.investment_imports * float(index[INVESTMENT])
    pay("consumption_local", HH, FIRMS, demand[HOUSEHOLDS].sum())
    elsewhere = base.household_imports * index[HOUSEHOLDS] - now.flows["local_purchases"].sum()
    pay("consumption_imported", HH, ROW, elsewhere)
    pay("government_local", GOV, FIRMS, demand[GOVERNMENT].sum())
    pay("government_imported", GOV, ROW, base.government_imports * index[GOVERNMENT])
    pay("investment_local", FIRMS, FIRMS, demand[INVESTMENT].sum())
    pay("investment_imported", FIRMS, ROW, base.investment_imports * index[INVESTMENT])
    pay("investment_of_others", HH, FIRMS, investment - paid["invested"])
    pay("exports", ROW, FIRMS, demand[-len(MARKETS) :].sum())
    pay("tourism", ROW, FIRMS, demand[TOURISM].sum())
    pay("imported_inputs", FIRMS, ROW, paid["inputs_imported"])
    pay("bought_in", FIRMS, ROW, np.maximum(made_elsewhere, 0.0).sum())
    pay("sold_off", ROW, FIRMS, np.maximum(-made_elsewhere, 0.0).sum())
    pay("wages_residents", FIRMS, HH, wages["residents_here"])
    pay("wages_commuters_in", FIRMS, ROW, wages["commuters_in"])
    pay("wages_commuters_out", ROW, HH, wages["residents_outside"])
    pay("interest", FIRMS, ROW, paid["interest"])
    pay("profits", FIRMS, HH, paid["profits"] * now.parameters.finance.owners_here)
    pay("profits_abroad", FIRMS, ROW, paid["profits"] * (1.0 - now.parameters.finance.owners_here))
    pay("taxes_households", HH, GOV, p.income_tax * gross_earnings(now))
    pay("taxes_firms", FIRMS, GOV, paid["tax"])
    pay("benefits", GOV, HH, benefits(now))
    pay("stakes", GOV, FIRMS, paid["stakes"])
    pay("grants_to_public_firms", GOV, FIRMS, paid["grants"])
    pay("pandemic_support", GOV, FIRMS, paid["support"])
    pay("equity", HH, FIRMS, now.flows["equity"] * to_million)
    pay("liquidation", FIRMS, HH, now.flows["liquidation"] * to_million)
    pay("write_offs", ROW, FIRMS, now.flows["write_offs"] * to_million)
    pay("transfers_to_government", ROW, GOV, -float(net_lending(book)[GOV]))
    economy.transactions = book
    now.flows["residual_money"] = money_residual(now, book)


def bought_in(now: Now) -> NDArray[np.float64]:
    """What users wanted of each sector beyond what its firms made, at its price; below 0 what is left over; (S,)."""
    economy, base = now.state.economy, now.base
    used = base.intermediate_local @ economy.production + economy.final_demand.sum(axis=0)
    elsewhere: NDArray[np.float64] = economy.price * (used - economy.production)
    return elsewhere


def net_lending(book: NDArray[np.float64]) -> NDArray[np.float64]:
    """Receipts less payments of each account; shape (4,)."""
    total = book.sum(axis=0)
    balance: NDArray[np.float64] = total.sum(axis=0) - total.sum(axis=1)
    return balance


def money_residual(now: Now, book: NDArray[np.float64]) -> float:
    """Largest residual relative to GVA: firms' balance in the matrix against the change of their money less debt, value
    added against what firms made less inputs, and the sum of all accounts."""
    firms, base = now.state.firms.a, now.base
    made = np.bincount(firms.sector, weights=firms.output, minlength=base.gva.size) * 1e-6 / now.scale
    inputs = base.intermediate_local.sum(axis=0) + base.imported_inputs
    value_added = float(made @ (1.0 - inputs))
    change = (float((firms.cash - firms.debt).sum()) - now.flows["firms_net_before"]) * 1e-6 / now.scale
    gva = max(float(now.state.economy.gva.sum()), 1e-12)
    balance, recorded = net_lending(book), float(now.state.economy.gva.sum())
    largest = max(abs(float(balance[FIRMS]) - change), abs(value_added - recorded), abs(float(balance.sum())))
    return float(largest / gva)
