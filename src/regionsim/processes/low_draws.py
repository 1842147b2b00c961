"""A first look that spares most people the second: a rule with small chances concerns only those who draw low."""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.draws import u01


@njit(cache=True)
def low_draws(key, ids, highest):  # type: ignore[no-untyped-def]
    """Whose draw under `key` lies below `highest`, the highest chance there is; bool, same shape as ids.

    A rule `u01(key, id) < chance` with chance <= highest can hold for these rows alone. This loop has no branch, so it
    runs on vector instructions, several times faster than the same draw inside a rule.
    """
    low = np.empty(ids.size, np.bool_)
    for i in range(ids.size):
        low[i] = u01(key, ids[i]) < highest
    return low
