"""The accounts of every quarter: people by municipality, jobs firm by firm, money. A run out of balance stops."""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state import calendar
from regionsim.state.firms import OUTSIDE
from regionsim.state.people import (
    ACTIVITIES,
    AGE_GROUP_FROM,
    AGE_GROUPS,
    BACHELOR,
    COMMUTER,
    EDUCATION,
    EMPLOYED,
    INACTIVE,
    JOB_SEEKER,
    PUPIL,
    RESIDENT,
    TEMPORARILY_UNEMPLOYED,
)
from regionsim.state.region_state import Now

MONEY_TOLERANCE = 1e-8  # of GVA
YOUNG_FROM_Q, YOUNG_UNTIL_Q = 20 * 4, 35 * 4
LONG_TERM_Q = 4  # quarters of search from which unemployment is long-term
REGISTERED_FROM_RUNG = 4  # of the ladder, from which one may start to search: those register (assumption)


class AccountsDoNotBalance(RuntimeError):
    """A model error, not a user's: says the account, the quarter and the place."""


def population_is_counted(now: Now) -> None:
    """Count residents by place, age, education and activity, links to firms, and wage sums."""
    people, firms, reference = now.state.people.a, now.state.firms.a, now.reference
    group_of_age = (np.searchsorted(np.array(AGE_GROUP_FROM), np.arange(200), side="right") - 1).astype(np.int8)
    municipalities, kinds = reference.arrondissement_of.size, (len(AGE_GROUPS), len(EDUCATION), len(ACTIVITIES))
    by_municipality = np.zeros((municipalities, *kinds), np.int64)
    _count_residents(people, group_of_age, by_municipality)
    persons = np.zeros((reference.arrondissements, *kinds), np.int64)
    for municipality, place in enumerate(reference.arrondissement_of):
        persons[place] += by_municipality[municipality]
    young_graduates, registered_inactive, dual_learners, long_term = _count_groups(people)
    linked = np.zeros(firms.id.size, np.int32)
    here, outside, commuters, employed_outside, commuters_in = _count_work(people, firms.kind, linked)
    to_million = 1e-6 / now.scale
    now.flows["persons"] = persons
    now.flows["residents"] = by_municipality.sum(axis=(1, 2, 3))
    now.flows["linked"] = linked
    now.flows["wage_sums"] = {
        "residents_here": here * to_million,
        "residents_outside": outside * to_million,
        "commuters_in": commuters * to_million,
    }
    now.flows["employed_outside"], now.flows["commuters_in"] = employed_outside, commuters_in
    now.flows["young_graduates"], now.flows["pupils_in_dual_learning"] = young_graduates, dual_learners
    now.flows["registered_inactive"], now.flows["long_term_unemployed"] = registered_inactive, long_term
    seekers, employed = persons[..., JOB_SEEKER].sum(), persons[..., EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum()
    now.state.economy.unemployment_rate = float(seekers / max(seekers + employed, 1))
    if now.quarter == 0:
        now.state.economy.base_unemployment_rate = now.state.economy.unemployment_rate


@njit(cache=True)
def _count_residents(p, group_of_age, persons):  # type: ignore[no-untyped-def]
    """Fill persons (municipality, age group, education, activity)."""
    for i in range(p.id.size):
        if p.place[i] == RESIDENT:
            persons[p.municipality[i], group_of_age[p.age_q[i] >> 2], p.education[i], p.activity[i]] += 1


@njit(cache=True)
def _count_groups(p):  # type: ignore[no-untyped-def]
    """Residents: young graduates, registered inactive, pupils in dual learning, long-term unemployed. No branches, so
    vectorised."""
    young, registered, dual, long_term = 0, 0, 0, 0
    for i in range(p.id.size):
        here, graduate = p.place[i] == RESIDENT, p.education[i] >= BACHELOR
        young += here & graduate & (p.age_q[i] >= YOUNG_FROM_Q) & (p.age_q[i] < YOUNG_UNTIL_Q)
        registered += here & (p.activity[i] == INACTIVE) & (p.ladder[i] >= REGISTERED_FROM_RUNG)
        dual += here & (p.activity[i] == PUPIL) & (p.training_firm[i] >= 0)
        long_term += here & (p.activity[i] == JOB_SEEKER) & (p.duration_q[i] >= LONG_TERM_Q)
    return young, registered, dual, long_term


@njit(cache=True)
def _count_work(p, kind, linked):  # type: ignore[no-untyped-def]
    """Fill workers by firm; wage sums here, outside, of commuters; residents employed outside; commuters employed."""
    here, outside, commuters = 0.0, 0.0, 0.0
    employed_outside, commuters_in = 0, 0
    for i in range(p.id.size):
        j = p.employer[i]
        if j < 0:
            continue
        linked[j] += 1
        if p.place[i] == COMMUTER:
            commuters += p.wage_eur_q[i]
            commuters_in += 1
        elif kind[j] == OUTSIDE:
            outside += p.wage_eur_q[i]
            employed_outside += 1
        else:
            here += p.wage_eur_q[i]
    return here, outside, commuters, employed_outside, commuters_in


def accounts_balance(now: Now) -> None:
    """Check the three accounts; residuals go into the record, and a run with one stops here."""
    flows, firms = now.flows, now.state.firms.a
    expected = flows["residents_before"] + flows["births"] - flows["deaths"] + flows["arrivals"] - flows["departures"]
    people = np.abs(flows["residents"] - expected)
    jobs = np.abs(np.where(firms.kind >= 0, firms.jobs, 0) - flows["linked"])
    here = int(firms.jobs[(firms.kind >= 0) & (firms.kind != OUTSIDE)].sum())
    employed = int(flows["persons"][..., EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum())
    region = abs(here - (employed - int(flows["employed_outside"]) + int(flows["commuters_in"])))
    flows["residual_people"], flows["residual_jobs"] = int(people.max()), max(int(jobs.max()), region)
    faults = []
    if flows["residual_people"]:
        faults.append(f"people in municipality {int(people.argmax())}: off by {int(people.max())}")
    if flows["residual_jobs"]:
        faults.append(f"jobs of firm row {int(jobs.argmax())}: off by {int(jobs.max())}; of the region: by {region}")
    if not flows["residual_money"] <= MONEY_TOLERANCE:
        faults.append(f"money: residual of {flows['residual_money']:.2e} of GVA")
    if faults:
        raise AccountsDoNotBalance(f"{calendar.text(now.first_ordinal + now.quarter)}: " + "; ".join(faults))
