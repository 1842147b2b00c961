"""How many vacancies meet somebody: Cobb-Douglas matching per place of work and education (E-10, M26)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def chance_of_meeting(seekers: Array, vacancies: Array, efficiency: float, elasticity: float) -> Array:
    """Chance m / V that a vacancy is open to a match in the quarter, m = efficiency x U^elasticity x V^(1-elasticity).

    At most 1; 1 where there are no vacancies; any equal shapes."""
    ratio = np.divide(seekers, vacancies, out=np.full_like(seekers, np.inf), where=vacancies > 0)
    chance: Array = np.minimum(efficiency * ratio**elasticity, 1.0)
    return chance


def seekers_by_work(effort: Array, homes: Array, jobs: Array, same_skill: float) -> Array:
    """Search effort (zones, 4) of each zone of residence and education as places of work (rows, 4) see it.

    homes: (rows, zones) shares of the workers of a place of work by residence, jobs: (rows,) filled there; together
    they say which part of those who live somewhere work where. Vacancies look one level up or down too."""
    journeys = homes * jobs[:, None]
    total = journeys.sum(axis=0)
    reach = np.divide(journeys, total, out=np.zeros_like(journeys), where=total > 0)
    levels = effort.shape[1]
    beside = np.eye(levels) * same_skill
    for k in range(levels):
        beside[k, max(k - 1, 0)] += 0.5 * (1.0 - same_skill)
        beside[k, min(k + 1, levels - 1)] += 0.5 * (1.0 - same_skill)
    seen: Array = reach @ effort @ beside
    return seen
