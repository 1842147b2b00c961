"""The choice after secondary school (E-8): none, college or university, here or elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def choice_probabilities(usual: Array, reach: Array, b_reach: float, shift: float) -> Array:
    """Multinomial logit (E-8): probabilities by place, track and choice; shape (A, T, K), the first choice is 'none'.

    usual (T, K): shares of a track where supply is as near as on average, the constants of the logit; reach (A, K): ln
    nearness of the supply of each choice; b_reach: log-odds per unit of it; shift: log-odds of all studies.
    """
    study = np.arange(usual.shape[1]) > 0
    utility = np.log(np.maximum(usual, 1e-12))[None] + (b_reach * reach + shift * study)[:, None, :]
    weight = np.exp(utility - utility.max(axis=2, keepdims=True))
    shares: Array = weight / weight.sum(axis=2, keepdims=True)
    return shares
