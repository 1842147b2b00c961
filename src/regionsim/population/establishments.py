"""Employer establishments: how many, how large, and where, from the jobs of each sector and place."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import share_out
from regionsim.population.keyed import Keyed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Ids = Callable[[int], NDArray[np.uint64]]

SMALL = 10  # jobs from which an establishment is not small
_GRID = np.linspace(-16.0, 16.0, 2001)  # logit of a probability
_NORMAL = np.array([NormalDist().inv_cdf(1.0 / (1.0 + math.exp(-x))) for x in _GRID])


def size_location(sigma: float, small_share: float) -> float:
    """Mean of ln size at which `small_share` of lognormal sizes, rounded, have fewer than 10 jobs."""
    return math.log(SMALL - 0.5) - sigma * NormalDist().inv_cdf(small_share)


def establishment_sizes(jobs: Ints, sigma: float, small_share: float, keyed: Keyed, ids_for: Ids) -> tuple[Ints, Ints]:
    """Cell (f,) and size (f,) of every establishment; sizes of a cell add to its jobs, none is below 1.

    jobs (cells,). A cell has as many establishments as make its jobs out of evenly spaced quantiles of the lognormal;
    each then draws its size inside its own quantile. ids_for(n): ids of the first n establishments.
    """
    location = size_location(sigma, small_share)
    counts = np.array([_how_many(int(j), location, sigma) for j in jobs], np.int64)
    cell = np.repeat(np.arange(jobs.size), counts)
    start = np.cumsum(counts) - counts
    rank = np.arange(cell.size) - start[cell]
    u = 0.1 + 0.8 * keyed.uniform("size of an establishment", ids_for(cell.size))  # the ends would breed giants
    drawn = _quantile((rank + u) / counts[cell], location, sigma)
    sizes = np.ones(cell.size, np.int64)
    for c in np.flatnonzero(counts):
        here = slice(start[c], start[c] + counts[c])
        sizes[here] += share_out(np.maximum(drawn[here] - 1, 0.0), jobs[c] - counts[c])
    return cell, sizes


def _how_many(jobs: int, location: float, sigma: float) -> int:
    """Number of establishments whose evenly spaced sizes come closest to the jobs from below; at least one."""
    if jobs == 0:
        return 0
    low, high = 1, jobs + 1
    while high - low > 1:
        middle = (low + high) // 2
        spaced = _quantile((np.arange(middle) + 0.5) / middle, location, sigma)
        low, high = (middle, high) if np.maximum(spaced, 1.0).sum() <= jobs else (low, middle)
    return low


def _quantile(u: Floats, location: float, sigma: float) -> Floats:
    sizes: Floats = np.exp(location + sigma * np.interp(np.log(u / (1.0 - u)), _GRID, _NORMAL))
    return sizes
