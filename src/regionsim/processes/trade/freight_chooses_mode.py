"""Freight chooses a mode (E-18): logit over road, rail, inland waterway and short sea by generalised cost.

Reads       economy.production
Writes      places.modal_split
Levers      rail_cost, water_cost, freight_emission
Drivers     energy_prices
Flows       freight_kt: emissions in thousand tonnes of CO2e
Parameters  configs/parameters/freight.yaml -> base_shares, cost_sensitivity, energy_share, tonne_km_year,
            emission_g_per_tkm
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def freight_chooses_mode(now: Now) -> None:
    """Modal split at this quarter's costs, and the emissions of the goods that last quarter's output moves."""
    p, places = now.parameters.freight, now.state.places
    lever = np.array([1.0, now.levers.region("rail_cost"), now.levers.region("water_cost"), 1.0])
    cost = (1.0 + np.array(p.energy_share) * (float(now.drivers["energy_prices"]) - 1.0)) * lever
    places.modal_split = mode_shares(np.array(p.base_shares), cost, float(p.cost_sensitivity))
    volume = float(p.tonne_km_year) / 4.0 * float(now.state.economy.production.sum() / now.base.output.sum())
    per_tkm = float(places.modal_split @ np.array(p.emission_g_per_tkm)) * now.levers.region("freight_emission")
    now.flows["freight_kt"] = volume * per_tkm * 1e-3


def mode_shares(base: Array, cost: Array, sensitivity: float) -> Array:
    """Logit shares that are `base` at equal relative costs; cost relative to the first quarter; (MODES,)."""
    weight = base * np.exp(-sensitivity * (cost - 1.0))
    shares: Array = weight / weight.sum()
    return shares
