"""Firms set prices as a mark-up on unit cost: wages, energy, imported inputs, productivity (E-6; M34f).

Reads       firms.ln_tfp, firms.uk_inputs, firms.sector; economy.wage_index, economy.quality; base.value_added_share,
            reference.energy_share
Writes      firms.ln_price
Flows       ln_rival_price (S,), what competitors elsewhere ask
Levers      energy_saving
Drivers     energy_prices
Parameters  configs/parameters/trade.yaml -> price_of_wages; labour.yaml -> real_wage_growth_year; brexit.yaml ->
            input_pass_through
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.processes.trade import brexit
from regionsim.state.region_state import Now


def firms_set_prices(now: Now) -> None:
    """Price of every firm relative to the first quarter; competitors elsewhere pay the same for energy."""
    economy, base, firms = now.state.economy, now.base, now.state.firms.a
    ln_wage_gap = math.log(economy.wage_index) - now.parameters.labour.real_wage_growth_year * now.quarter / 4.0
    labour = base.value_added_share * now.parameters.trade.price_of_wages * ln_wage_gap
    saved = base.value_added_share * np.log(economy.quality)
    ln_energy = math.log(now.drivers["energy_prices"])
    cost = brexit.trade_cost(now) * now.parameters.brexit.input_pass_through
    saving = now.levers.over_rows("energy_saving", firms.id.size)
    _set_prices(
        firms, base.value_added_share, labour - saved, now.reference.energy_share, ln_energy, saving,
        base.imported_inputs * cost,
    )  # fmt: skip
    now.flows["ln_rival_price"] = now.reference.energy_share * ln_energy


@njit(cache=True, inline="always")
def ln_unit_cost(value_added, ln_tfp, labour, energy, ln_energy, saving, uk_inputs, dearer):  # type: ignore[no-untyped-def]
    """Change of ln unit cost since the first quarter: labour less what productivity saves, energy not saved, inputs
    from the exposed market (`dearer`: imported inputs per unit of output x trade cost passed on)."""
    return labour - value_added * ln_tfp + energy * (1.0 - saving) * ln_energy - energy * saving + uk_inputs * dearer


@njit(cache=True)
def _set_prices(f, value_added, labour, energy, ln_energy, saving, dearer):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] >= 0:
            s = f.sector[j]
            f.ln_price[j] = ln_unit_cost(
                value_added[s], f.ln_tfp[j], labour[s], energy[s], ln_energy, saving[j], f.uk_inputs[j], dearer[s]
            )
