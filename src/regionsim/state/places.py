"""The places of the economy: what visitors, ports, shops and business parks are in a quarter, and where."""

from __future__ import annotations

import copy
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ORIGINS = ("country", "neighbours", "elsewhere")  # of nights, as in the driver tourism_nights
MODES = ("road", "rail", "water", "short_sea")


@dataclass
class Places:
    """Stocks carried from quarter to quarter, and below them what the tables say of the first quarter.

    M municipalities, A arrondissements, S sectors, T terminals, O origins of nights.
    """

    nights_level: Array  # (O,) the driver in the first quarter without its season; 0 before it
    throughput: Array  # (T,) million tonnes this quarter
    modal_split: Array  # (MODES,) share of tonne-kilometres
    shop_units: Array  # (M,) premises in shopping cores, at the scale of the run
    vacant_units: Array  # (M,) of them without a user
    online_share: float  # share of residents' spending in shops that goes online
    footfall: Array  # (M,) passers-by relative to the first quarter, season taken out
    core_attraction: Array  # (M,) pull on spending in shops and horeca relative to other cores, mean one by shops
    park_hectares: Array  # (M,) business parks, at the scale of the run
    park_used: Array  # (M,) hectares of them in use
    park_room: Array  # (M,) 1 where firms on parks can grow, 0 where the arrondissement has no space left
    vitality: Array  # (A,) smoothed life in the cores
    base_vitality: Array  # (A,) the same in the first quarter

    nights: Array  # (O,) nights a year in the first year, every form of stay
    day_trips: float  # a year in the first year
    spend_per_night: Array  # (O,) EUR of 2011
    spend_per_trip: float  # EUR of 2011
    spending_shares: Array  # (S,) output of the sector per unit of visitors' spending; the rest is goods from elsewhere
    visitor_share: Array  # (M,) share of visitors' spending
    visitor_weight: Array  # (M,) share of visitors in what is spent in the municipality's shops and horeca
    first_residents: Array  # (M,)
    first_vacancy: float  # share of shop units
    first_online_share: float
    terminal_municipality: NDArray[np.int64]  # (T,)
    terminal_capacity: Array  # (T,) million tonnes a year
    terminal_uk: Array  # (T,) million tonnes a year with the exposed market in the first year
    terminal_other: Array  # (T,) million tonnes a year with others in the first year
    terminal_reference: Array  # (T,) million tonnes in the year of the published jobs
    terminal_jobs: Array  # (T,) published direct jobs
    on_park_odds: Array  # (S,) log-odds that an employer of ten jobs is on a business park

    def copy(self) -> Places:
        """An independent copy."""
        twin = copy.copy(self)
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                setattr(twin, f.name, value.copy())
        return twin

    @property
    def occupied(self) -> Array:
        """Share of shop units in use; (M,)."""
        share: Array = 1.0 - np.divide(
            self.vacant_units, self.shop_units, out=np.zeros_like(self.shop_units), where=self.shop_units > 0
        )
        return share

    @property
    def base_spending(self) -> float:
        """Visitors' spending in a quarter of the first year, season taken out, million EUR of 2011."""
        return float(self.nights @ self.spend_per_night + self.day_trips * self.spend_per_trip) * 1e-6 / 4.0
