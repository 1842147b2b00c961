"""Firms digitalise, slowly by themselves and faster with support (E-3, M5a).

Reads       firms.kind; with digital_ceiling also firms.municipality
Writes      firms.digital
Levers      digital_support, digital_ceiling
Parameters  configs/parameters/firms.yaml -> digital_drift_q, digital_ceiling
Flows       digital_step (firms,) index points reached through support
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def firms_digitalise(now: Now) -> None:
    """The digital index drifts up for all; support lifts treated firms above that, as far as networks bear it."""
    p, firms = now.parameters.firms, now.state.firms.a
    here = firms.kind == EMPLOYER
    firms.digital[here] = np.minimum(firms.digital[here] + p.digital_drift_q * (1.0 - firms.digital[here]), 1.0)
    support = now.levers.over_rows("digital_support", firms.id.size)
    ceiling = p.digital_ceiling + now.levers.dense["digital_ceiling"][now.reference.arrondissement_of]
    now.flows["digital_step"] = digital_step(support, ceiling[firms.municipality], firms.digital)


def digital_step(support: Array, ceiling: Array, digital: Array) -> Array:
    """Index points that support adds to a firm's own index: up to the ceiling that networks set, at most 1."""
    step: Array = np.maximum(np.minimum(support, np.minimum(ceiling, 1.0) - digital), 0.0)
    return step
