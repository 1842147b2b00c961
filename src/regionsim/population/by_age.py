"""Five-year bands opened up to single years: what a band holds is kept, what changes with age changes smoothly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import two_way
from regionsim.state.reference import BANDS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

YEARS = 5  # single years of a band
_RAREST = 1e-4  # share below which a label is as good as absent; keeps logarithms finite


def opened_by_age(counts: Ints, members: Ints, possible: Any = None) -> Ints:
    """Members of each label by single year (..., BANDS, 5, L).

    counts (..., BANDS, L) are kept over years, members (..., BANDS, 5) over labels. Weights are the shares of the
    bands, interpolated geometrically between their middles, so that shares rise or fall through a band as its
    neighbours say. possible (BANDS, 5, L) excludes labels at some ages, as far as the counts allow.
    """
    labels = counts.shape[-1]
    shares = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    weights = _interpolated(shares.reshape(-1, BANDS, labels)).reshape(*counts.shape[:-1], YEARS, labels)
    if possible is not None:
        weights = weights * possible
    weights = np.where(counts[..., None, :] > 0, weights, 0.0) * members[..., None]
    table = two_way(weights.reshape(-1, YEARS, labels), members.reshape(-1, YEARS), counts.reshape(-1, labels))
    return table.reshape(weights.shape)


def _interpolated(shares: Floats) -> Floats:
    """Shares (G, BANDS, L) at the middle of each single year, (G, BANDS, 5, L); flat beyond the first and last band."""
    logs = np.log(np.maximum(shares, _RAREST))
    position = np.clip((np.arange(BANDS * YEARS) + 0.5) / YEARS - 0.5, 0.0, BANDS - 1.0)
    low = np.minimum(position.astype(np.int64), BANDS - 2)
    part = (position - low)[None, :, None]
    out = np.exp((1.0 - part) * logs[:, low] + part * logs[:, low + 1])
    return out.reshape(len(shares), BANDS, YEARS, -1)
