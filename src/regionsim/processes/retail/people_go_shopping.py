"""People go shopping: footfall of the cores, and how spending is drawn to one or the other (E-5, M10a).

Reads       economy.income_index, places.vacant_units, places.shop_units, places.online_share,
            places.first_online_share, places.first_vacancy, places.visitor_weight; flows.visitors,
            flows.residents_before
Writes      places.footfall, places.core_attraction, places.first_residents in the first quarter
Levers      core_quality
World       covid
Parameters  configs/parameters/retail.yaml -> footfall_elasticity, shops_elasticity
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.processes.trade import covid
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def people_go_shopping(now: Now) -> None:
    """Footfall from residents' spending in shops and from visitors; the pull of each core that follows from it."""
    p, places, reference = now.parameters.retail, now.state.places, now.reference
    residents = np.maximum(np.asarray(now.flows["residents_before"], np.float64), 1.0)
    if now.quarter == 0:
        places.first_residents = residents
    open_shops = 1.0 - float(covid.closed_share(now)[reference.retail_sector].max(initial=0.0))
    in_shops = (1.0 - places.online_share) / (1.0 - places.first_online_share)
    spent = now.state.economy.income_index * residents / places.first_residents * in_shops * open_shops
    shops = places.occupied / (1.0 - places.first_vacancy)
    crowd = footfall(places.visitor_weight, now.flows["visitors"], spent, shops, float(p.shops_elasticity))
    quality = now.levers.dense["core_quality"][reference.arrondissement_of]
    pull = core_pull(crowd, shops, quality, float(p.footfall_elasticity), float(p.shops_elasticity))
    places.footfall = crowd
    places.core_attraction = mean_one(pull, places.shop_units)


def footfall(visitor_weight: Array, visitors: float, spent: Array, shops: Array, elasticity: float) -> Array:
    """Passers-by relative to the first quarter: visitors and residents by their weight, more where shops are open."""
    crowd: Array = (visitor_weight * visitors + (1.0 - visitor_weight) * spent) * shops**elasticity
    return crowd


def core_pull(crowd: Array, shops: Array, quality: Array, footfall_elasticity: float, shops_elasticity: float) -> Array:
    """E-5: share of spending a core draws ~ footfall ^ e1 x shops ^ e2 x quality."""
    pull: Array = crowd**footfall_elasticity * shops**shops_elasticity * np.exp(quality)
    return pull


def mean_one(values: Array, weight: Array) -> Array:
    """Values divided by their weighted mean, so that one core gains what others lose; ones without weight."""
    total = float(weight.sum())
    mean = float(values @ weight) / total if total > 0 else 1.0
    scaled: Array = values / mean
    return scaled
