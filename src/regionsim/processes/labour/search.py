"""How hard people look for work (E-10, E-13), and who among the employed looks (M27)."""

from __future__ import annotations

import math

from numba import njit


@njit(cache=True, inline="always")
def search_effort(duration_q, training_q, decay, floor, restored, enrolled):  # type: ignore[no-untyped-def]
    """Chance that a job-seeker is there to be met: falls with time in search, less after a course, low during one."""
    effort = max(math.exp(-decay * duration_q), floor)
    if training_q == 0:
        effort += restored * (1.0 - effort)
    return effort * enrolled if training_q > 0 else effort


@njit(cache=True, inline="always")
def fit(skill, technical, wants_technical, base, by_skill, mismatch):  # type: ignore[no-untyped-def]
    """Chance that a candidate of the wanted education suits: skill, and technical orientation where asked."""
    chance = base + by_skill * skill - (mismatch if wants_technical and not technical else 0.0)
    return min(max(chance, 0.05), 1.0)


@njit(cache=True, inline="always")
def quit_ratio(workability, ln_pay, with_workability, b_pay):  # type: ignore[no-untyped-def]
    """Leaving relative to a firm of median workability and mean pay (E-11, M14), within half and twice."""
    ratio = math.exp(math.log(with_workability) * (workability - 0.5) - b_pay * ln_pay)
    return min(max(ratio, 0.5), 2.0)
