"""Drivers of a world without the pandemic: its quarters bridged, so that a world changes drivers and never outcomes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.series import PANDEMIC_YEARS

Array = NDArray[np.float64]


def without_pandemic(path: Mapping[str, Array], names: frozenset[str], first: int) -> dict[str, Array]:
    """The same paths, with the pandemic years of the drivers in `names` on a straight line of logarithms.

    path: (quarters,) each, from ordinal `first`. The line runs from the last quarter before those years to the first
    one after them; paths that end earlier stay at the value before.
    """
    out = dict(path)
    start, end = PANDEMIC_YEARS[0] * 4 - first, (PANDEMIC_YEARS[1] + 1) * 4 - first
    for name in names:
        values = path[name].copy()
        if start < 1 or start >= values.size:
            continue
        before = np.log(values[start - 1])
        after = np.log(values[end]) if end < values.size else before
        steps = np.arange(1, end - start + 1) / (end - start + 1)
        inside = values[start : min(end, values.size)]
        inside[:] = np.exp(before + (after - before) * steps)[: inside.size]
        out[name] = values
    return out
