"""Firms digitalise, slowly by themselves and faster with support; productivity follows (E-3, M5a).

Reads       firms.kind
Writes      firms.digital, firms.ln_tfp
Levers      digital_support
Parameters  configs/parameters/firms.yaml -> digital_drift_q, digital_tfp_gain, digital_lag_q
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now


def firms_digitalise(now: Now) -> None:
    """The digital index drifts up for all; only what support adds to it raises a firm above its sector's trend."""
    p, firms = now.parameters.firms, now.state.firms.a
    here = firms.kind == EMPLOYER
    firms.digital[here] = np.minimum(firms.digital[here] + p.digital_drift_q * (1.0 - firms.digital[here]), 1.0)
    support = now.levers.over_rows("digital_support", firms.id.size)
    gain = tfp_gain(np.minimum(support, 1.0 - firms.digital), p.digital_tfp_gain)
    firms.ln_tfp[here] += ((gain - firms.ln_tfp) / p.digital_lag_q)[here].astype(np.float32)


def tfp_gain(index_step: NDArray[np.floating], gain_full: float) -> NDArray[np.floating]:
    """Log productivity of a step of the digital index, whose full span from 0 to 1 is worth `gain_full`."""
    gain: NDArray[np.floating] = index_step * np.log1p(gain_full)
    return gain
