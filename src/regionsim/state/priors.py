"""Priors of parameters: a value drawn under a random key, and the value at a given quantile."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from regionsim.state.draws import event_key, hashed, u01

DISTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd", "low", "high"),
    "lognormal": ("median", "sd_log"),
}
_STANDARD = NormalDist()


def drawn(kind: str, p: tuple[float, ...], key: np.uint64) -> float:
    """A value of the distribution `kind` with numbers `p`, of the random key alone."""
    if kind in ("uniform", "triangular"):
        return quantile(kind, p, float(u01(key, np.uint64(0))))
    if kind == "lognormal":
        return p[0] * math.exp(p[1] * _standard_normal(key, 0))
    mean, sd, low, high = p
    for attempt in range(1000):  # rejection keeps the truncated normal exact
        value = mean + sd * _standard_normal(key, 2 * attempt)
        if low <= value <= high:
            return value
    return min(max(mean, low), high)


def quantile(kind: str, p: tuple[float, ...], u: float) -> float:
    """The value below which a share `u` of the distribution lies, u in (0, 1); never outside its limits."""
    if kind == "uniform":
        return p[0] + (p[1] - p[0]) * u
    if kind == "triangular":
        low, mode, high = p
        split = (mode - low) / (high - low)
        if u < split:
            return low + math.sqrt(u * (high - low) * (mode - low))
        return high - math.sqrt((1 - u) * (high - low) * (high - mode))
    if kind == "lognormal":
        return p[0] * math.exp(p[1] * _STANDARD.inv_cdf(u))
    mean, sd, low, high = p
    return _truncated_normal(mean, sd, low, high, u)


def _truncated_normal(mean: float, sd: float, low: float, high: float, u: float) -> float:
    """Quantile of the normal within its limits; the nearest limit if next to nothing of it lies between them."""
    if low > mean:  # mirrored: the lower tail loses no digits
        return -_truncated_normal(-mean, sd, -high, -low, 1 - u)
    nearest = min(max(mean, low), high)
    if sd <= 0:
        return nearest
    below, until = (math.erfc((mean - end) / (sd * math.sqrt(2))) / 2 for end in (low, high))
    share = below + (until - below) * u
    if not 0 < share < 1:
        return nearest
    return min(max(mean + sd * _STANDARD.inv_cdf(share), low), high)


def _standard_normal(key: np.uint64, event: int) -> float:
    first = float(u01(np.uint64(event_key(key, np.uint64(event + 1))), np.uint64(0)))
    second = (int(hashed(np.uint64(event_key(key, np.uint64(event + 2))), np.uint64(0))) >> 11) / 2.0**53
    return math.sqrt(-2 * math.log(first)) * math.cos(2 * math.pi * second)
