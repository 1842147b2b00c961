"""The participation ladder of the inactive, rungs 0 to 5, as a chain of quarterly steps (E-14).

Who stops working or searching starts on rung 2 or 3. From rung r one may climb, fall or stay; from the last two rungs
one may start to search. How fast a cell of sex, age and education climbs is set so that its mean time outside the
labour force is the one that keeps participation where the census has it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]

RUNGS = 6
LEFT_WORK_RUNG, GAVE_UP_RUNG = 2, 3
SEARCH_FROM_RUNG = 4
_SLOWEST, _FASTEST, _HALVINGS = 1e-4, 1e4, 50


@njit(cache=True, inline="always")
def with_odds(chance, ratio):  # type: ignore[no-untyped-def]
    """A probability whose odds are multiplied."""
    return chance * ratio / (1.0 - chance + chance * ratio)


@njit(cache=True, inline="always")
def steps(rung, up, enters, down, odds, pull):  # type: ignore[no-untyped-def]
    """Chances to start searching, to climb and to fall in a quarter; `odds` multiplies upward odds, `pull` entry."""
    starts = 0.0
    if rung >= SEARCH_FROM_RUNG:
        starts = with_odds(enters if rung == RUNGS - 1 else 0.5 * enters, odds) * pull
        starts = min(starts, 0.95)
    climbs = (1.0 - starts) * with_odds(up, odds) if rung < RUNGS - 1 else 0.0
    falls = (1.0 - starts - climbs) * down if rung > 0 else 0.0
    return starts, climbs, falls


def transitions(speed: Array, up: float, enters: float, down: float) -> Array:
    """Chances to be on another rung next quarter (..., 6, 6) for each speed; what misses to 1 starts to search."""
    out = np.zeros((*speed.shape, RUNGS, RUNGS))
    for index in np.ndindex(speed.shape):
        for rung in range(RUNGS):
            starts, climbs, falls = steps(rung, up, enters, down, speed[index], 1.0)
            out[(*index, rung, rung)] = 1.0 - starts - climbs - falls
            if rung < RUNGS - 1:
                out[(*index, rung, rung + 1)] = climbs
            if rung > 0:
                out[(*index, rung, rung - 1)] = falls
    return out


def occupation(speed: Array, start: Array, up: float, enters: float, down: float) -> Array:
    """Mean quarters spent on each rung (..., 6) by who starts on rungs with shares `start` (..., 6)."""
    move = np.eye(RUNGS) - transitions(speed, up, enters, down)
    spent = np.linalg.solve(np.swapaxes(move, -1, -2), start[..., None])[..., 0]
    return np.asarray(spent, np.float64)


def speed_for(entry_q: Array, start: Array, up: float, enters: float, down: float) -> Array:
    """Factor on upward odds at which the inactive of a cell start to search at the rate `entry_q` on average."""
    low, high = np.full(entry_q.shape, np.log(_SLOWEST)), np.full(entry_q.shape, np.log(_FASTEST))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        stays = occupation(np.exp(middle), start, up, enters, down).sum(axis=-1)
        slow = 1.0 / stays < entry_q
        low, high = np.where(slow, middle, low), np.where(slow, high, middle)
    return np.asarray(np.exp(0.5 * (low + high)))
