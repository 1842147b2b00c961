"""Keyed random draws: a draw belongs to (seed, decision, quarter, agent, event), never to call order.

A stream key is made once per loop; each agent's draw is one mix of that key with the agent's 64-bit id
(the SplitMix64 finaliser of Steele, Lea & Flood 2014, with a second pass so that structured ids do not
show through). Every function is compiled and inlines into the loops that use it.
"""

from __future__ import annotations

import math
import zlib

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_EVENT = np.uint64(0xD1B54A32D192ED03)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0  # 2**-53


@njit(uint64(uint64), cache=True, inline="always")
def mix(x):  # type: ignore[no-untyped-def]
    """A bijection of 64-bit integers in which every input bit flips every output bit half the time."""
    x = x + _GOLDEN
    x = (x ^ (x >> _S30)) * _M1
    x = (x ^ (x >> _S27)) * _M2
    return x ^ (x >> _S31)


@njit(uint64(uint64, uint64, uint64), cache=True)
def stream(seed, decision, quarter):  # type: ignore[no-untyped-def]
    """Key of one decision in one quarter; take it once per loop."""
    return mix(mix(mix(seed) ^ decision) ^ quarter)


@njit(cache=True, inline="always")
def hashed(key, agent):  # type: ignore[no-untyped-def]
    """64 random bits of an agent under a stream key."""
    return mix(key ^ mix(agent))


@njit(cache=True, inline="always")
def u01(key, agent):  # type: ignore[no-untyped-def]
    """Uniform draw in (0, 1) of an agent under a stream key."""
    return ((hashed(key, agent) >> _S11) + 0.5) * _UNIT


@njit(cache=True, inline="always")
def event_key(key, event):  # type: ignore[no-untyped-def]
    """Key of the event-th draw that agents take in the same decision and quarter."""
    return key ^ mix(np.uint64(event) * _EVENT)


@njit(cache=True)
def normal(key, agent):  # type: ignore[no-untyped-def]
    """Standard normal draw of an agent (Box-Muller on two events)."""
    radius = math.sqrt(-2.0 * math.log(u01(key, agent)))
    return radius * math.cos(2.0 * math.pi * u01(event_key(key, np.uint64(1)), agent))


@njit(cache=True)
def uniforms(key, agents):  # type: ignore[no-untyped-def]
    """Uniform draws of an array of agents; float64, same shape."""
    out = np.empty(agents.size, np.float64)
    for i in range(agents.size):
        out[i] = u01(key, agents[i])
    return out


@njit(cache=True)
def hashes(key, agents):  # type: ignore[no-untyped-def]
    """64 random bits of each of an array of agents, for instance their priority; uint64, same shape."""
    out = np.empty(agents.size, np.uint64)
    for i in range(agents.size):
        out[i] = hashed(key, agents[i])
    return out


def code(name: str) -> np.uint64:
    """The 64-bit code of a decision, parameter or origin; a name and nothing else decides it."""
    raw = name.encode()
    return np.uint64((zlib.crc32(raw) << 32) | zlib.crc32(raw[::-1] + b"|"))


class Draws:
    """The draws of one run: `seed` fixed, one key per (decision, quarter)."""

    def __init__(self, seed: int) -> None:
        self.seed = np.uint64(seed)

    def key(self, decision: str, quarter: int) -> np.uint64:
        """Stream key of a decision, named as its function is, in an ordinal quarter."""
        return np.uint64(stream(self.seed, code(decision), np.uint64(quarter)))

    def uniform(self, decision: str, quarter: int, agents: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Uniform draws in (0, 1), one per agent id."""
        values: NDArray[np.float64] = uniforms(self.key(decision, quarter), agents)
        return values
