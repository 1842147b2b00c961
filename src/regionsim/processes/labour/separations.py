"""Workers quit, are laid off, lose their firm, or leave the labour force (E-9, E-11).

Reads       people.tenure_q, people.education; firms.desired
Writes      people.activity, people.employer, people.tenure_q, people.duration_q, people.ladder; firms.jobs
Parameters  configs/parameters/labour.yaml -> quit_base_q, quit_new_q, quit_decay_q, layoff_adjustment_q,
            leaves_labour_force_q
Flows       separations
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.processes.labour.jobs import leave_job
from regionsim.processes.low_draws import low_draws
from regionsim.state.draws import event_key, u01
from regionsim.state.people import INACTIVE, JOB_SEEKER, NO_EXIT, RESIDENT, SELF_EMPLOYED
from regionsim.state.region_state import Now

NEWLY_INACTIVE_RUNG = 2
LAST_TENURE_Q = 80  # from which the chance of quitting falls no further


def separations(now: Now) -> None:
    """Workers quit, are laid off where a firm is above its desired size, lose their firm, or leave the labour force."""
    p = now.parameters.labour
    firms = now.state.firms.a
    excess = np.maximum(firms.jobs - firms.desired, 0)
    chance = p.layoff_adjustment_q * excess / np.maximum(firms.jobs, 1)
    quits = quits_by_tenure(p.quit_base_q, p.quit_new_q, p.quit_decay_q)
    outflow = np.array(p.leaves_labour_force_q)
    people, closing, key = now.state.people.a, now.flows["closing"], now.key("separations")
    out_key = np.uint64(event_key(key, np.uint64(2)))
    low_quit, low_out = low_draws(key, people.id, quits.max()), low_draws(out_key, people.id, outflow.max())
    shrinks = closing | (chance > 0.0)
    ended = _separate(people, firms, low_quit, low_out, shrinks, closing, quits, outflow, chance, key, out_key)
    now.count("separations", float(ended))


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


@njit(cache=True)
def _separate(  # type: ignore[no-untyped-def]
    p, f, low_quit, low_out, shrinks, closing, by_tenure, outflow, layoff, key, out_key
):
    layoff_key = event_key(key, np.uint64(1))
    ended = 0
    for i in range(p.id.size):
        j = p.employer[i]
        if j < 0 or p.exit[i] != NO_EXIT:
            continue
        leaves = low_out[i] and p.place[i] == RESIDENT and u01(out_key, p.id[i]) < outflow[p.education[i]]
        quits = low_quit[i] and u01(key, p.id[i]) < by_tenure[min(p.tenure_q[i], LAST_TENURE_Q)]
        loses = shrinks[j] and (closing[j] or u01(layoff_key, p.id[i]) < layoff[j])
        if not (leaves or quits or loses):
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
    return ended
