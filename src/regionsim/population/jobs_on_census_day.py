"""Tenure, wage and duration on census day."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.data.labels import Labels
from regionsim.population.keyed import Keyed
from regionsim.state.parameters import Block

Rows = NDArray[np.int64]

_FIRST_WORKING_AGE_Q = 16 * 4
_LAST_RISE_AGE = 55
_FIRST_RISE_AGE = 20


def settle_workers(p: Any, rows: Rows, sector: NDArray[Any], labels: Labels, parameters: Block, keyed: Keyed) -> None:
    """Fill tenure_q and wage_eur_q of the working `rows`; sector (k,) is theirs.

    Wage = education x age x sector x keyed lognormal noise, scaled so that the mean of all `rows` is that of
    `wage_mean_eur_month`, times 3 months.
    """
    mean = parameters.tenure_mean_q
    tenure = keyed.geometric("tenure", p.id[rows], mean / (1.0 + mean))
    p.tenure_q[rows] = np.clip(tenure, 0, np.maximum(p.age_q[rows] - _FIRST_WORKING_AGE_Q, 0))
    relative = np.array(parameters.wage_education)[p.education[rows]]
    age = np.clip(p.age_q[rows] / 4.0, _FIRST_RISE_AGE, _LAST_RISE_AGE)
    relative = relative * np.exp(parameters.wage_age_slope * (age - 40.0))
    of_sector = np.ones(len(labels.sectors))
    of_sector[labels.sectors_with("retail")] = parameters.wage_retail
    of_sector[labels.sectors_with("visitor")] = parameters.wage_visitor
    noise = np.exp(parameters.wage_sd_log * keyed.normal("wage", p.id[rows]))
    relative = relative * of_sector[sector] * noise
    p.wage_eur_q[rows] = 3.0 * parameters.wage_mean_eur_month * relative / max(relative.mean(), 1e-12)


def settle_seekers(p: Any, rows: Rows, long_term_share: float, keyed: Keyed) -> None:
    """Fill duration_q of the job-seeking `rows`: geometric, so that `long_term_share` have four quarters or more."""
    stay = max(long_term_share, 1e-6) ** 0.25
    p.duration_q[rows] = np.minimum(keyed.geometric("duration of job search", p.id[rows], stay), 400)
