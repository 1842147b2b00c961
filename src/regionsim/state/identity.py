"""64-bit ids from origin, never from order of arrival: the same child is the same agent in every plan."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.draws import code, hashed, mix

CENSUS = code("origin: census")
FIRM_CENSUS = code("origin: establishment on census day")
FOUNDED = code("origin: founded")
BORN = code("origin: born")
ARRIVED = code("origin: arrived")
COMMUTER = code("origin: commuter")
LEFT_BEFORE = code("origin: left before census day")
_SAMPLE = code("sample by scale")


@njit(cache=True, inline="always")
def offspring(origin, parent, quarter, ordinal):  # type: ignore[no-untyped-def]
    """Id of what came from `parent` (mother, founder, place) in a quarter; ordinal tells twins apart."""
    return mix(mix(mix(origin ^ mix(parent)) ^ np.uint64(quarter)) ^ np.uint64(ordinal))


@njit(cache=True)
def first_ids(origin, count):  # type: ignore[no-untyped-def]
    """Ids of the `count` agents of an origin that are there from the start; uint64, shape (count,)."""
    ids = np.empty(count, np.uint64)
    for i in range(count):
        ids[i] = mix(origin ^ mix(np.uint64(i)))
    return ids


@njit(cache=True, inline="always")
def sample_position(agent):  # type: ignore[no-untyped-def]
    """Where in [0, 1) an id stands for sampling: scale s keeps those below s, so samples nest."""
    return float(hashed(_SAMPLE, agent) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True)
def in_sample(ids, scale):  # type: ignore[no-untyped-def]
    """Which ids a sample of this scale keeps; bool, same shape."""
    keep = np.empty(ids.size, np.bool_)
    for i in range(ids.size):
        keep[i] = sample_position(ids[i]) < scale
    return keep


def ids_of(origin: np.uint64, count: int) -> NDArray[np.uint64]:
    """Typed front of `first_ids`."""
    ids: NDArray[np.uint64] = first_ids(origin, count)
    return ids
