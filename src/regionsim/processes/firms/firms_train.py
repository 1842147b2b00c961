"""Firms train their workers, more where hands are short (E-3, M13).

Reads       firms.real_jobs, firms.sector; economy.short
Writes      firms.trained
Levers      training_support
Parameters  configs/parameters/training.yaml -> trained_smallest, trained_size_slope, response_to_shortage, fades_q
"""

from __future__ import annotations

import math

from numba import njit

from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now


def firms_train(now: Now) -> None:
    """Share of each firm's workers whose training still counts."""
    p, firms = now.parameters.training, now.state.firms.a
    more = 1.0 + p.response_to_shortage * now.state.economy.short
    support = now.levers.over_rows("training_support", firms.id.size)
    _train(firms, p.trained_smallest, p.trained_size_slope, more, support, p.fades_q)


@njit(cache=True, inline="always")
def usual_training(smallest, slope, jobs):  # type: ignore[no-untyped-def]
    """Share of workers whose training counts in a firm of this size that trains as usual."""
    return min(smallest + slope * math.log(max(jobs, 1.0)), 0.9)


@njit(cache=True, inline="always")
def next_trained(stock, fades, usual, more, support):  # type: ignore[no-untyped-def]
    """Stock of training: what fades is renewed at the usual rate, more in shortage, and by what support pays."""
    return min((1.0 - fades) * stock + fades * (usual * more + support), 1.0)


@njit(cache=True)
def _train(f, smallest, slope, more, support, fades):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] == EMPLOYER:
            usual = usual_training(smallest, slope, f.real_jobs[j])
            f.trained[j] = next_trained(f.trained[j], fades, usual, more[f.sector[j]], support[j])
