"""Productivity of a firm above its sector's trend: digital tools, research, trained workers, public capital (E-3).

Reads       firms.research, firms.trained, firms.real_jobs, firms.research_start, firms.sector; economy.short,
            economy.digital_skill
Writes      firms.ln_tfp
Levers      public_capital, productivity
Parameters  configs/parameters/firms.yaml -> digital_tfp_gain, digital_lag_q, digital_needs_skills,
            digital_skill_complement; research.yaml -> output_elasticity, tacit; training.yaml -> gain,
            trained_smallest, trained_size_slope
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.firms.firms_train import usual_training
from regionsim.state.firms import EMPLOYER
from regionsim.state.parameters import Block
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def firms_raise_productivity(now: Now) -> None:
    """Each firm moves towards the productivity that its tools, knowledge and training allow."""
    p, research, training = now.parameters.firms, now.parameters.research, now.parameters.training
    firms, economy = now.state.firms.a, now.state.economy
    full_gain = full_digital_gain(economy.short, economy.digital_skill, p)
    of_place = now.levers.dense["public_capital"][now.reference.arrondissement_of]
    _raise(
        firms, now.flows["digital_step"], full_gain, (research.output_elasticity, research.tacit),
        (math.log1p(training.gain), training.trained_smallest, training.trained_size_slope), of_place,
        now.levers.over_rows("productivity", firms.id.size), p.digital_lag_q,
    )  # fmt: skip


def full_digital_gain(short: Array, digital_skill: Array, p: Block) -> Array:
    """Log productivity of the whole of the digital index (S,): less where orders wait for hands, more where workers
    have more digital skill than in the first quarter (E-3, M5a)."""
    complement = digital_skill**p.digital_skill_complement
    gain: Array = math.log1p(p.digital_tfp_gain) * (1.0 - p.digital_needs_skills * np.clip(short, 0, 1)) * complement
    return gain


@njit(cache=True, inline="always")
def research_gain(stock, elasticity, tacit):  # type: ignore[no-untyped-def]
    """Log productivity of a research stock; `tacit`: knowledge that a firm has without research of its own."""
    return elasticity * math.log((stock + tacit) / tacit)


@njit(cache=True)
def _raise(f, digital_step, full_gain, research, training, of_place, of_firm, lag):  # type: ignore[no-untyped-def]
    elasticity, tacit = research
    trained_gain, smallest, slope = training
    for j in range(f.id.size):
        if f.kind[j] != EMPLOYER:
            continue
        digital = full_gain[f.sector[j]] * digital_step[j]
        known = research_gain(f.research[j], elasticity, tacit) - research_gain(f.research_start[j], elasticity, tacit)
        trained = trained_gain * (f.trained[j] - usual_training(smallest, slope, f.real_jobs[j]))
        target = digital + known + trained + of_place[f.municipality[j]] + of_firm[j]
        f.ln_tfp[j] += (target - f.ln_tfp[j]) / lag
