"""The two ends of a job, used wherever one starts or stops, so that firms and people always agree."""

from __future__ import annotations

from numba import njit


@njit(cache=True, inline="always")
def leave_job(p, f, i):  # type: ignore[no-untyped-def]
    """Person i leaves the employer, if any; the firm has a filled job less."""
    j = p.employer[i]
    if j >= 0:
        f.jobs[j] -= 1
        p.employer[i] = -1
        p.tenure_q[i] = 0


@njit(cache=True, inline="always")
def take_job(p, f, i, j, activity):  # type: ignore[no-untyped-def]
    """Person i, who has no employer, starts with firm j."""
    f.jobs[j] += 1
    p.employer[i] = j
    p.activity[i] = activity
    p.tenure_q[i] = 0
    p.duration_q[i] = 0
    p.ladder[i] = -1
    p.training_q[i] = -1
