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


def seekers_by_work(effort: Array, homes: Array, jobs: Array, beside: Array) -> Array:
    """Search effort (zones, 4) of each zone of residence and education as places of work (rows, 4) see it.

    homes: (rows, zones) shares of the workers of a place of work by residence, jobs: (rows,) filled and open there;
    together they say which part of those who live somewhere work where. beside: (4, 4) which levels are looked at."""
    journeys = homes * jobs[:, None]
    total = journeys.sum(axis=0)
    reach = np.divide(journeys, total, out=np.zeros_like(journeys), where=total > 0)
    seen: Array = reach @ effort @ beside
    return seen


def levels_beside(mix: Array, same_skill: float) -> Array:
    """Chance that a vacancy of each level looks at each level (..., 4, 4): mostly its own, else one up or down.

    It looks less often at a rarer level, so that all who are looked at have the mix (..., 4) that vacancies have."""
    levels = mix.shape[-1]
    out = np.zeros((*mix.shape, levels))
    for k in range(levels):
        for other in (k - 1, k + 1):
            if 0 <= other < levels:
                rarer = np.minimum(mix[..., other] / np.maximum(mix[..., k], 1e-9), 1.0)
                out[..., k, other] = 0.5 * (1.0 - same_skill) * rarer
        out[..., k, k] = 1.0 - out[..., k, :].sum(axis=-1)
    return out
