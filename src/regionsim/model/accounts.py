"""The accounts of every quarter: people by municipality, jobs firm by firm, money. A run out of balance stops.

Reads       people.activity, people.age_q, people.education, people.employer, people.ladder, people.municipality,
            people.training_firm, people.wage_eur_q, people.duration_q, people.origin, people.skill,
            people.digital_skill; firms.jobs, firms.sector
Writes      economy.unemployment_rate, economy.base_unemployment_rate, economy.quality, economy.base_quality,
            economy.digital_skill, economy.base_digital_skill
Parameters  configs/parameters/firms.yaml -> older_worker_gap
Flows       persons, residents, linked, wage_sums, employed_outside, commuters_in, young_graduates,
            pupils_in_dual_learning, registered_inactive, residual_people, residual_jobs
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state import calendar
from regionsim.state.firms import OUTSIDE
from regionsim.state.people import (
    ACTIVITIES,
    AGE_GROUP_FROM,
    AGE_GROUPS,
    ARRIVED,
    BACHELOR,
    COMMUTER,
    EDUCATION,
    EMPLOYED,
    INACTIVE,
    JOB_SEEKER,
    LEFT,
    PUPIL,
    RESIDENT,
    TEMPORARILY_UNEMPLOYED,
)
from regionsim.state.region_state import Now

MONEY_TOLERANCE = 1e-8  # of GVA
YOUNG_FROM_Q, YOUNG_UNTIL_Q = 20 * 4, 35 * 4
OLDER_FROM_Q = 50 * 4
OWN_FROM_Q, OWN_OLDER_FROM_Q = 22 * 4, 30 * 4  # ages at which own graduates are counted, here and elsewhere
MIDDLE_FROM_Q, MIDDLE_UNTIL_Q = 20 * 4, 60 * 4  # of the dependency ratio
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
    young_graduates, registered_inactive, dual_learners, long_term, middle, *kept = _count_groups(people)
    now.flows["residents_20_59"], now.flows["own_graduates"] = middle, kept
    linked = np.zeros(firms.id.size, np.int32)
    wage_bill, quality = np.zeros(firms.id.size), np.zeros((3, now.base.gva.size))
    older = float(now.parameters.firms.older_worker_gap)
    here, outside, commuters, employed_outside, commuters_in = _count_work(
        people, firms, linked, wage_bill, quality, older
    )
    _settle_quality(now, quality)
    _settle_digital_skill(now, quality[2], quality[1])
    now.flows["wage_bill"] = wage_bill
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
    """Residents: young graduates, registered inactive, dual learners, long-term unemployed, those of 20-59, own
    graduates here and elsewhere. No branches, so vectorised."""
    young, registered, dual, long_term, middle = 0, 0, 0, 0, 0
    stayed, left, stayed_30, left_30 = 0, 0, 0, 0  # graduates of 22-34 and of 30-34 who grew up here
    for i in range(p.id.size):
        here, graduate = p.place[i] == RESIDENT, p.education[i] >= BACHELOR
        young += here & graduate & (p.age_q[i] >= YOUNG_FROM_Q) & (p.age_q[i] < YOUNG_UNTIL_Q)
        registered += here & (p.activity[i] == INACTIVE) & (p.ladder[i] >= REGISTERED_FROM_RUNG)
        dual += here & (p.activity[i] == PUPIL) & (p.training_firm[i] >= 0)
        middle += here & (p.age_q[i] >= MIDDLE_FROM_Q) & (p.age_q[i] < MIDDLE_UNTIL_Q)
        own = graduate & (p.origin[i] != ARRIVED) & (p.age_q[i] >= OWN_FROM_Q) & (p.age_q[i] < YOUNG_UNTIL_Q)
        older, away = p.age_q[i] >= OWN_OLDER_FROM_Q, p.place[i] == LEFT
        stayed += own & here
        left += own & away
        stayed_30 += own & here & older
        left_30 += own & away & older
        long_term += here & (p.activity[i] == JOB_SEEKER) & (p.duration_q[i] >= LONG_TERM_Q)
    return young, registered, dual, long_term, middle, stayed, left, stayed_30, left_30


def _settle_quality(now: Now, quality: NDArray[np.float64]) -> None:
    """Mean productivity of each sector's workers relative to the first quarter, for the quarter to come."""
    economy = now.state.economy
    mean = np.divide(quality[0], quality[1], out=np.ones(quality.shape[1]), where=quality[1] > 0)
    if now.quarter == 0:
        economy.base_quality = mean
    economy.quality = mean / economy.base_quality


def _settle_digital_skill(now: Now, total: NDArray[np.float64], workers: NDArray[np.float64]) -> None:
    """Mean digital skill of each sector's workers relative to the first quarter, for the quarter to come."""
    economy = now.state.economy
    if now.quarter == 0:  # a sector without workers then starts from the mean of all
        economy.base_digital_skill = np.full(total.size, total.sum() / max(workers.sum(), 1.0))
    mean = np.divide(total, workers, out=economy.base_digital_skill.copy(), where=workers > 0)
    if now.quarter == 0:
        economy.base_digital_skill = mean
    economy.digital_skill = mean / economy.base_digital_skill


@njit(cache=True, inline="always")
def worker_quality(age_q, skill, older_gap):  # type: ignore[no-untyped-def]
    """Productivity of a worker: skill in log points, and less from fifty on (E-2, M30)."""
    return math.exp(skill) * (1.0 - older_gap if age_q >= OLDER_FROM_Q else 1.0)


@njit(cache=True)
def _count_work(p, f, linked, wage_bill, quality, older_gap):  # type: ignore[no-untyped-def]
    """Fill workers and wages by firm; productivity, workers and digital skill by sector; wage sums here, outside, of
    commuters; residents employed outside; commuters employed. Who is temporarily unemployed is paid by no firm."""
    here, outside, commuters = 0.0, 0.0, 0.0
    employed_outside, commuters_in = 0, 0
    for i in range(p.id.size):
        j = p.employer[i]
        if j < 0:
            continue
        linked[j] += 1
        wage = np.float64(p.wage_eur_q[i]) if p.activity[i] != TEMPORARILY_UNEMPLOYED else 0.0
        if f.kind[j] == OUTSIDE:
            outside += wage
            employed_outside += 1
            continue
        wage_bill[j] += wage
        quality[0, f.sector[j]] += worker_quality(p.age_q[i], p.skill[i], older_gap)
        quality[1, f.sector[j]] += 1.0
        quality[2, f.sector[j]] += p.digital_skill[i]
        if p.place[i] == COMMUTER:
            commuters += wage
            commuters_in += 1
        else:
            here += wage
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
