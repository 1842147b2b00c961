"""Demand for the region's output by market, through the input-output table (E-5, E-6; model.md 'Shocks are worlds').

Reads       drivers (government and investment demand, GDP of markets); economy.income_index for households,
            economy.wage_index, economy.unfilled; firms.sector, firms.size_weight, firms.ln_tfp
Writes      economy.final_demand, economy.demand, economy.price, economy.productivity, economy.market_share
Levers      sector_demand
Parameters  configs/parameters/trade.yaml -> demand_elasticity, income_elasticity_exports, price_of_wages;
            labour.yaml -> lost_orders_q, normal_vacancy_rate, real_wage_growth_year; brexit.yaml -> input_pass_through
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.processes.trade import brexit, covid
from regionsim.state.firms import EMPLOYER
from regionsim.state.reference import (
    CATEGORIES,
    EU,
    GOVERNMENT,
    HOUSEHOLDS,
    INVESTMENT,
    REST_OF_COUNTRY,
    REST_OF_WORLD,
    UK,
)
from regionsim.state.region_state import Now


def demand_by_market(now: Now) -> None:
    """Final demand of every market at this quarter's drivers, incomes and prices, and the output it calls for."""
    economy, base, p = now.state.economy, now.base, now.parameters.trade
    economy.productivity = np.exp(base.productivity_trend_year * now.quarter / 4.0)
    economy.price = relative_price(now)
    index = market_index(now)
    economy.final_demand = base.final_demand * index[:, None] * now.levers.dense["sector_demand"]
    open_share = 1.0 - covid.closed_share(now)
    economy.final_demand[[HOUSEHOLDS, GOVERNMENT, INVESTMENT]] *= open_share
    competed = economy.price ** -float(p.demand_elasticity)
    lose_orders(now)
    economy.final_demand[[REST_OF_COUNTRY, UK, EU, REST_OF_WORLD]] *= competed * economy.market_share
    output = base.leontief @ economy.final_demand.sum(axis=0)
    economy.demand = np.divide(output, base.output, out=np.ones_like(output), where=base.output > 0)


def lose_orders(now: Now) -> None:
    """Sectors that cannot fill their jobs lose orders beyond the region, and win them back when they can."""
    p, economy = now.parameters.labour, now.state.economy
    economy.market_share = economy.market_share * np.exp(-p.lost_orders_q * (economy.unfilled - p.normal_vacancy_rate))


def market_index(now: Now) -> NDArray[np.float64]:
    """Real demand of each category relative to the first quarter, before prices; shape (CATEGORIES,)."""
    d, e = now.drivers, float(now.parameters.trade.income_elasticity_exports)
    index = np.ones(len(CATEGORIES))
    index[HOUSEHOLDS] = now.state.economy.income_index
    index[GOVERNMENT] = d["government_consumption"]
    index[INVESTMENT] = d["investment"]
    index[REST_OF_COUNTRY] = d["gdp_country"]
    factor = brexit.export_factor(now)
    index[UK] = d["gdp_uk"] ** e * factor
    index[EU] = d["gdp_eu"] ** e
    index[REST_OF_WORLD] = d["gdp_world"] ** e
    now.flows["uk_loss"] = max(1.0 - factor, 0.0)
    now.flows["market_index"] = index
    return index


def relative_price(now: Now) -> NDArray[np.float64]:
    """Regional price of each sector: lower with productivity above trend, higher with dearer imported inputs."""
    base, firms, p = now.base, now.state.firms.a, now.parameters.trade
    here = firms.kind == EMPLOYER
    weight = np.bincount(firms.sector[here], weights=firms.size_weight[here], minlength=base.gva.size)
    lead = np.bincount(firms.sector[here], weights=(firms.size_weight * firms.ln_tfp)[here], minlength=base.gva.size)
    value_added = base.value_added_share
    wage_gap = np.log(now.state.economy.wage_index) - now.parameters.labour.real_wage_growth_year * now.quarter / 4.0
    saving = value_added * np.divide(lead, weight, out=np.zeros_like(lead), where=weight > 0)
    pass_through = now.parameters.brexit.input_pass_through
    dearer = base.imported_inputs * base.uk_input_share * brexit.trade_cost(now) * pass_through
    price: NDArray[np.float64] = np.exp(dearer - saving + value_added * p.price_of_wages * wage_gap)
    return price
