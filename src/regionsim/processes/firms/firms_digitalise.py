"""Firms digitalise, slowly by themselves and faster with support (E-3, M5a).

Reads       firms.kind, firms.municipality
Writes      firms.digital
Levers      digital_support, digital_ceiling
Parameters  configs/parameters/firms.yaml -> digital_drift_q, digital_ceiling
Flows       digital_step (firms,) index points reached through support
"""

from __future__ import annotations

import numpy as np

from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now


def firms_digitalise(now: Now) -> None:
    """The digital index drifts up for all; support lifts treated firms above that, as far as networks bear it."""
    p, firms = now.parameters.firms, now.state.firms.a
    here = firms.kind == EMPLOYER
    firms.digital[here] = np.minimum(firms.digital[here] + p.digital_drift_q * (1.0 - firms.digital[here]), 1.0)
    support = now.levers.over_rows("digital_support", firms.id.size)
    ceiling = np.minimum(p.digital_ceiling + now.levers.dense["digital_ceiling"], 1.0)[now.reference.arrondissement_of]
    now.flows["digital_step"] = np.clip(support, 0.0, np.maximum(ceiling[firms.municipality] - firms.digital, 0.0))
