"""Workers quit, are laid off, lose their firm, leave the labour force, or look around while they work (E-9, E-11, M14).

Reads       people.tenure_q, people.education; firms.desired, firms.slack, firms.workability, firms.ln_premium,
            firms.ln_tfp, firms.municipality; economy.ln_local_wage
Writes      people.activity, people.employer, people.tenure_q, people.duration_q, people.ladder; firms.jobs
Levers      workability
Parameters  configs/parameters/labour.yaml -> quit_base_q, quit_new_q, quit_decay_q, look_base_q, look_new_q,
            search_on_the_job, quits_workable, quit_pay, job_ends_education, layoff_adjustment_q, layoff_new,
            layoff_settled, leaves_labour_force_q, posts_ahead
Flows       separations, look_around (rows of the employed who search this quarter)
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.labour.firms_post_vacancies import jobs_aimed_at
from regionsim.processes.labour.jobs import leave_job
from regionsim.processes.labour.search import quit_ratio
from regionsim.processes.labour.temporary_unemployment import share_sent_home
from regionsim.processes.labour.wages import ln_pay_of_firms
from regionsim.processes.low_draws import low_draws
from regionsim.state.draws import event_key, u01
from regionsim.state.firms import EMPLOYER
from regionsim.state.people import INACTIVE, JOB_SEEKER, NO_EXIT, RESIDENT, SELF_EMPLOYED
from regionsim.state.region_state import Now

NEWLY_INACTIVE_RUNG = 2
LAST_TENURE_Q = 80  # from which the chance of quitting falls no further


def separations(now: Now) -> None:
    """Workers quit, are laid off where a firm has too many, lose their firm, leave the labour force, or look around."""
    p = now.parameters.labour
    firms = now.state.firms.a
    quits = quits_by_tenure(p.quit_base_q, p.quit_new_q, p.quit_decay_q)
    looks = p.search_on_the_job * quits_by_tenure(p.look_base_q, p.look_new_q, p.quit_decay_q)
    ratio, ends = leaving_ratio(now), np.array(p.job_ends_education)
    outflow = np.array(p.leaves_labour_force_q)
    layoff = _layoffs(firms, share_sent_home(now), p.layoff_adjustment_q, p.posts_ahead)
    people, closing, key = now.state.people.a, now.flows["closing"], now.key("separations")
    out_key = np.uint64(event_key(key, np.uint64(2)))
    low_quit = low_draws(key, people.id, (quits * ends.max() + looks).max() * ratio.max())
    low_out = low_draws(out_key, people.id, outflow.max())
    shrinks = closing | (layoff > 0.0)
    newly = (p.layoff_settled, p.layoff_new, p.quit_decay_q)
    ended, looking = _separate(
        people, firms, low_quit, low_out, shrinks, closing, quits, looks, ends, ratio, outflow, layoff, newly, key,
        out_key,
    )  # fmt: skip
    now.flows["look_around"] = looking
    now.count("separations", float(ended))


def leaving_ratio(now: Now) -> NDArray[np.float64]:
    """How readily the workers of each firm leave, relative to one of median workability and mean pay; (firms,)."""
    p, firms = now.parameters.labour, now.state.firms.a
    workability = np.clip(firms.workability + now.levers.over_rows("workability", firms.id.size), 0.0, 1.0)
    return _leaving_ratio(workability, ln_pay_of_firms(now), p.quits_workable, p.quit_pay)  # type: ignore[no-any-return]


@njit(cache=True)
def _leaving_ratio(workability, ln_pay, with_workability, b_pay):  # type: ignore[no-untyped-def]
    ratio = np.empty(workability.size, np.float64)
    for j in range(ratio.size):
        ratio[j] = quit_ratio(workability[j], ln_pay[j], with_workability, b_pay)
    return ratio


@njit(cache=True, inline="always")
def quit_probability_q(tenure_q, base, new, decay):  # type: ignore[no-untyped-def]
    """Quarterly chance of quitting: high in new jobs, falling with tenure to a floor."""
    return base + new * math.exp(-decay * tenure_q)


@njit(cache=True)
def quits_by_tenure(base, new, decay):  # type: ignore[no-untyped-def]
    """`quit_probability_q` of 0, 1, ... LAST_TENURE_Q quarters with the employer; float64, shape (81,)."""
    chances = np.empty(LAST_TENURE_Q + 1, np.float64)
    for tenure_q in range(chances.size):
        chances[tenure_q] = quit_probability_q(tenure_q, base, new, decay)
    return chances


@njit(cache=True, inline="always")
def layoff_chance(excess, jobs, sent_home, adjustment):  # type: ignore[no-untyped-def]
    """Chance that a worker is laid off: a part of the excess that temporary unemployment does not cover."""
    uncovered = max(excess - sent_home * jobs, 0.0)
    return adjustment * uncovered / max(jobs, 1)


@njit(cache=True)
def _layoffs(f, sent_home, adjustment, ahead):  # type: ignore[no-untyped-def]
    chance = np.zeros(f.id.size, np.float64)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.jobs[j] <= f.desired[j]:
            continue
        aim = jobs_aimed_at(float(f.desired[j]), ahead, f.id[j]) if f.kind[j] == EMPLOYER else f.desired[j]
        chance[j] = layoff_chance(float(f.jobs[j] - aim), f.jobs[j], sent_home[j], adjustment)
    return chance


@njit(cache=True)
def _separate(  # type: ignore[no-untyped-def]
    p, f, low_quit, low_out, shrinks, closing, quits, looks, ends, ratio, outflow, layoff, newly, key, out_key
):
    """Jobs that ended, and rows of those who look around in the job."""
    layoff_key = event_key(key, np.uint64(1))
    ended, looking = 0, []
    for i in range(p.id.size):
        j = p.employer[i]
        if j < 0 or p.exit[i] != NO_EXIT:
            continue
        leaves = low_out[i] and p.place[i] == RESIDENT and u01(out_key, p.id[i]) < outflow[p.education[i]]
        tenure = min(p.tenure_q[i], LAST_TENURE_Q)
        u = u01(key, p.id[i]) if low_quit[i] else 1.0
        chance = quits[tenure] * ratio[j] * ends[p.education[i]]
        quits_now = u < chance
        loses = False
        if shrinks[j]:
            laid_off = layoff[j] * quit_probability_q(tenure, newly[0], newly[1], newly[2]) * ends[p.education[i]]
            loses = closing[j] or u01(layoff_key, p.id[i]) < laid_off
        if not (leaves or quits_now or loses):
            if u < chance + looks[tenure] * ratio[j] and p.activity[i] != SELF_EMPLOYED:
                looking.append(i)
            continue
        if p.activity[i] == SELF_EMPLOYED:  # lose their job with their firm, in no other way
            if not closing[j]:
                continue
            leaves = False
        leave_job(p, f, i)
        p.activity[i] = INACTIVE if leaves else JOB_SEEKER
        p.ladder[i] = NEWLY_INACTIVE_RUNG if leaves else -1
        p.duration_q[i] = 0
        ended += 1
    return ended, np.array(looking, np.int64)
