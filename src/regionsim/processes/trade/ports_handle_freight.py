"""Ports handle goods (E-18, M7): tonnes by terminal, those of the exposed market apart.

Reads       places.terminal_uk, places.terminal_other, places.terminal_reference, places.terminal_jobs,
            places.terminal_capacity
Writes      places.throughput
Levers      port_capacity, port_service
Drivers     gdp_country, gdp_uk, gdp_eu, gdp_world
World       brexit
Flows       uk_tonnes (T,), port_jobs; port_index: demand for the port sector beyond the region relative to what its
            markets alone call for
Parameters  configs/parameters/ports.yaml -> trade_elasticity, other_markets, uk_transit_relative, gateway_elasticity,
            jobs_elasticity, dependent_share
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.processes.trade import brexit
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def ports_handle_freight(now: Now) -> None:
    """Tonnes of the quarter, held to capacity; direct jobs, and what ports add to demand for the port sector."""
    p, places, d = now.parameters.ports, now.state.places, now.drivers
    e = float(p.trade_elasticity)
    markets = np.array([d["gdp_country"], d["gdp_eu"], d["gdp_world"]])
    exposed = places.terminal_uk / 4.0 * float(d["gdp_uk"]) ** e
    other = places.terminal_other / 4.0 * float(np.array(p.other_markets) @ markets) ** e
    plain = exposed + other
    exposed = exposed * transit_factor(brexit.export_factor(now), float(p.uk_transit_relative))
    other = other * gateway_pull(now.levers.region("port_service"), float(p.gateway_elasticity))
    kept = held_to(exposed + other, places.terminal_capacity / 4.0 * (1.0 + now.levers.region("port_capacity")))
    places.throughput = (exposed + other) * kept
    now.flows["uk_tonnes"] = exposed * kept
    elasticity = float(p.jobs_elasticity)
    ratio = np.divide(4.0 * places.throughput, places.terminal_reference, out=np.ones_like(plain), where=plain > 0)
    now.flows["port_jobs"] = float(places.terminal_jobs @ ratio**elasticity)
    total = plain.sum()
    change = float(places.throughput.sum() / total) ** elasticity - 1.0 if total > 0 else 0.0
    now.flows["port_index"] = 1.0 + float(p.dependent_share) * change


def transit_factor(export_factor: float, relative: float) -> float:
    """Transit to the exposed market, whose elasticity to trade costs is `relative` to that of exports to it."""
    return float(export_factor**relative)


def gateway_pull(saved: float, elasticity: float) -> float:
    """Goods drawn by a gateway whose generalised cost is lower by the share `saved`."""
    return float(max(1.0 - saved, 0.01) ** -elasticity)


def held_to(tonnes: Array, capacity: Array) -> Array:
    """Share of the tonnes that a terminal can handle; 1 where there is room."""
    share: Array = np.minimum(np.divide(capacity, tonnes, out=np.ones_like(tonnes), where=tonnes > 0), 1.0)
    return share
