"""Firms post vacancies: for those who left, and for part of what they lack beyond that (E-9).

A firm posts ahead of what it wants to fill, because part stays open for some time. What
stays open is carried over. A firm that sends a part of its workers home posts so much less that is new.

Reads       firms.desired, firms.jobs, firms.slack, firms.staffed, firms.municipality; economy.base_tightness,
            economy.tightness
Writes      firms.vacancies
Parameters  configs/parameters/labour.yaml -> hiring_adjustment_q, out_commuting_elasticity, posts_ahead
Flows       vacancies_posted by arrondissement
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.processes.labour.gaps import ln_tightness_gap
from regionsim.processes.labour.temporary_unemployment import share_sent_home
from regionsim.state.draws import code, u01
from regionsim.state.firms import OUTSIDE, OWN_ACCOUNT
from regionsim.state.region_state import Now

_AHEAD = code("posting ahead")  # stream of a firm's lasting rounding threshold, beside that of its desired jobs


def firms_post_vacancies(now: Now) -> None:
    """Vacancies of the quarter: carried over, replacement, and a share of the remaining gap."""
    p, firms = now.parameters.labour, now.state.firms.a
    share = 1.0 if now.quarter == 0 else p.hiring_adjustment_q  # the first quarter has posts open from before
    beyond = math.exp(-p.out_commuting_elasticity * ln_tightness_gap(now))
    at_work = 1.0 - share_sent_home(now)
    posted = np.zeros(now.reference.arrondissements, np.int64)
    _post(
        firms, now.reference.arrondissement_of, at_work, share, p.posts_ahead, beyond,
        now.key("firms_post_vacancies"), posted,
    )  # fmt: skip
    now.flows["vacancies_posted"] = posted


@njit(cache=True, inline="always")
def jobs_aimed_at(desired, ahead, firm):  # type: ignore[no-untyped-def]
    """Filled and open jobs a firm aims at, somewhat more than it wants to fill; whole by its own threshold."""
    return int(math.floor(desired * (1.0 + ahead) + u01(_AHEAD, firm))) if desired > 0 else 0


@njit(cache=True, inline="always")
def vacancies_wanted(lacking, carried, left, share, at_work, u):  # type: ignore[no-untyped-def]
    """Open posts out of `lacking` jobs: carried over, and new ones (rounded by u): of who left and a share of the rest,
    as far as those who are there are at work."""
    carried = min(carried, lacking)
    replaced = min(left, lacking - carried)
    return carried + int(math.floor(at_work * (replaced + share * (lacking - carried - replaced)) + u))


@njit(cache=True)
def _post(f, arrondissement_of, at_work, share, ahead, beyond, key, posted):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OWN_ACCOUNT:
            f.vacancies[j] = 0
            continue
        desired = f.desired[j] * beyond if f.kind[j] == OUTSIDE else float(f.desired[j])
        lacking = max(jobs_aimed_at(desired, ahead, f.id[j]) - f.jobs[j], 0)
        left = max(f.staffed[j] - f.jobs[j], 0)
        wanted = vacancies_wanted(lacking, f.vacancies[j], left, share, at_work[j], u01(key, f.id[j]))
        if f.kind[j] != OUTSIDE:
            posted[arrondissement_of[f.municipality[j]]] += max(wanted - f.vacancies[j], 0)
        f.vacancies[j] = wanted
