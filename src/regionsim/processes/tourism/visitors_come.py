"""Visitors come and spend (E-19, M11): nights by origin and day trips, in their season.

Whoever cannot be served does not come: closures of the sectors tagged visitor cut visits, and in the pandemic guests
from the country replace some from abroad. Of the season, firms plan on a part: the exponent season_felt.

Reads       places.nights, places.day_trips, what is spent on each, places.spending_shares, places.spend_per_night,
            places.spend_per_trip
Writes      places.nights_level in the first quarter
Levers      tourism_promotion, tourism_quality, winter_visitors, peak_visitors
Drivers     tourism_nights
World       covid
Flows       nights (O,), day_trips; tourism_turnover (O + 1,) by guests and day trippers and tourism_spending (S,), in
            million EUR of 2011; tourism_index for demand_by_market; visitors, relative to the first quarter without
            season, for people_go_shopping
Parameters  configs/parameters/tourism.yaml -> promotion_elasticity, quality_elasticity, day_trip_quarters,
            season_felt, pandemic_foreign_loss, pandemic_domestic_gain; drivers.yaml -> tourism_quarters
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regionsim.processes.trade import covid
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def visitors_come(now: Now) -> None:
    """Guests and day trippers of this quarter, and what they spend."""
    p, places, k = now.parameters.tourism, now.state.places, now.quarter_of_year
    nights_quarters = now.parameters.drivers.tourism_quarters
    level = np.asarray(now.drivers["tourism_nights"], np.float64) / season(nights_quarters, k)
    if now.quarter == 0:
        places.nights_level = level
    growth = level / places.nights_level * visits_ratio(now)
    nights, trips = places.nights / 4.0 * growth, places.day_trips / 4.0 * growth[0]
    nights = nights * (1.0 + now.levers.region("winter_visitors") * (k in (1, 4)))
    admitted = now.levers.region("peak_visitors") if k == 3 else 1.0
    nights, trips = nights * admitted, trips * admitted
    per_unit = places.spend_per_night, places.spend_per_trip
    by_visitor, felt, plain = (
        spending(nights * season(nights_quarters, k, e), trips * season(p.day_trip_quarters, k, e), *per_unit)
        for e in (1.0, float(p.season_felt), 0.0)
    )
    now.flows["nights"] = nights * season(nights_quarters, k)
    now.flows["day_trips"] = trips * season(p.day_trip_quarters, k)
    now.flows["tourism_turnover"] = by_visitor
    now.flows["tourism_spending"] = by_visitor.sum() * places.spending_shares
    now.flows["tourism_index"] = float(felt.sum()) / places.base_spending
    now.flows["visitors"] = float(plain.sum()) / places.base_spending


def visits_ratio(now: Now) -> Array:
    """Visits relative to what the drivers say, by origin of nights: promotion, quality, the pandemic; (O,)."""
    p, closed = now.parameters.tourism, covid.closed_share(now)
    of_visitors = float(closed[now.reference.visitor_sector].max(initial=0.0))
    pull = pulled(
        now.levers.dense["tourism_promotion"], float(p.promotion_elasticity),
        now.levers.region("tourism_quality"), float(p.quality_elasticity),
    )  # fmt: skip
    ratio: Array = pull * (1.0 - of_visitors)
    if covid.in_pandemic(now):
        ratio[0] *= 1.0 + float(p.pandemic_domestic_gain)
        ratio[1:] *= 1.0 - float(p.pandemic_foreign_loss)
    return ratio


def pulled(budget: Array, budget_elasticity: float, quality: float, quality_elasticity: float) -> Array:
    """E-19: visits relative to those at the present promotion budget, by origin (W1), and quality; (O,)."""
    pull: Array = budget**budget_elasticity * quality**quality_elasticity
    return pull


def season(quarters: Sequence[float], quarter_of_year: int, exponent: float = 1.0) -> float:
    """Factor of a quarter whose mean over the year is one, from shares of the year raised to an exponent."""
    raised = np.asarray(quarters, np.float64) ** exponent
    return float(raised[quarter_of_year - 1] / raised.mean())


def spending(nights: Array, trips: float, per_night: Array, per_trip: float) -> Array:
    """Million EUR spent by guests by origin, and by day trippers; (O + 1,)."""
    return np.append(nights * per_night, trips * per_trip) * 1e-6


def direct_jobs(spent: Array, output: Array, jobs: Array) -> float:
    """Jobs that visitors' spending stands for: its share of each sector's output x the sector's jobs."""
    share = np.divide(spent, output, out=np.zeros_like(spent), where=output > 0)
    return float(np.minimum(share, 1.0) @ jobs)
