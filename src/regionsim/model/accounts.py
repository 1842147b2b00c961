"""The accounts of every quarter: people by municipality, jobs firm by firm, money. A run that does not balance stops."""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state import calendar
from regionsim.state.firms import OUTSIDE
from regionsim.state.people import AGE_GROUP_FROM, AGE_GROUPS, BACHELOR, COMMUTER, RESIDENT, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now

MONEY_TOLERANCE = 1e-8  # of GVA
EMPLOYED_FROM, YOUNG_FROM_Q, YOUNG_UNTIL_Q = 4, 20 * 4, 35 * 4


class AccountsDoNotBalance(RuntimeError):
    """A model error, not a user's: says the account, the quarter and the place."""


def population_is_counted(now: Now) -> None:
    """Count residents by place, age, education and activity, links to firms, and wage sums."""
    people, firms, reference = now.state.people.a, now.state.firms.a, now.reference
    group_of_age = np.searchsorted(np.array(AGE_GROUP_FROM), np.arange(200), side="right") - 1
    persons = np.zeros((reference.arrondissements, len(AGE_GROUPS), 4, 10), np.int64)
    by_municipality = np.zeros(reference.arrondissement_of.size, np.int64)
    linked = np.zeros(firms.id.size, np.int64)
    totals = _count(people, firms.kind, reference.arrondissement_of, group_of_age, persons, by_municipality, linked)
    to_million = 1e-6 / now.scale
    now.flows["persons"] = persons
    now.flows["residents"] = by_municipality
    now.flows["linked"] = linked
    now.flows["wage_sums"] = {
        "residents_here": totals[0] * to_million,
        "residents_outside": totals[1] * to_million,
        "commuters_in": totals[2] * to_million,
    }
    now.flows["employed_outside"], now.flows["commuters_in"], now.flows["young_graduates"] = totals[3], totals[4], totals[5]
    seekers, employed = persons[..., 7].sum(), persons[..., EMPLOYED_FROM : TEMPORARILY_UNEMPLOYED + 1].sum()
    now.state.economy.unemployment_rate = float(seekers / max(seekers + employed, 1))
    if now.quarter == 0:
        now.state.economy.base_unemployment_rate = now.state.economy.unemployment_rate


@njit(cache=True)
def _count(p, kind, arrondissement_of, group_of_age, persons, by_municipality, linked):  # type: ignore[no-untyped-def]
    """Wage sums here, outside, of commuters; residents employed outside; commuters employed; young graduates."""
    totals = np.zeros(6, np.float64)
    for i in range(p.id.size):
        place = p.place[i]
        if place < 0:
            continue
        j = p.employer[i]
        if j >= 0:
            linked[j] += 1
        if place == RESIDENT:
            m = p.municipality[i]
            by_municipality[m] += 1
            group = group_of_age[p.age_q[i] >> 2]
            persons[arrondissement_of[m], group, p.education[i], p.activity[i]] += 1
            if j >= 0:
                if kind[j] == OUTSIDE:
                    totals[1] += p.wage_eur_q[i]
                    totals[3] += 1
                else:
                    totals[0] += p.wage_eur_q[i]
            if p.education[i] >= BACHELOR and YOUNG_FROM_Q <= p.age_q[i] < YOUNG_UNTIL_Q:
                totals[5] += 1
        elif place == COMMUTER and j >= 0:
            totals[2] += p.wage_eur_q[i]
            totals[4] += 1
    return totals


def accounts_balance(now: Now) -> None:
    """Check the three accounts; residuals go into the record, and a run with one stops here."""
    flows, firms = now.flows, now.state.firms.a
    expected = flows["residents_before"] + flows["births"] - flows["deaths"] + flows["arrivals"] - flows["departures"]
    people = np.abs(flows["residents"] - expected)
    jobs = np.abs(np.where(firms.kind >= 0, firms.jobs, 0) - flows["linked"])
    here = int(firms.jobs[(firms.kind >= 0) & (firms.kind != OUTSIDE)].sum())
    employed = int(flows["persons"][..., EMPLOYED_FROM : TEMPORARILY_UNEMPLOYED + 1].sum())
    region = abs(here - (employed - int(flows["employed_outside"]) + int(flows["commuters_in"])))
    flows["residual_people"], flows["residual_jobs"] = int(people.max()), max(int(jobs.max()), region)
    faults = []
    if flows["residual_people"]:
        faults.append(f"people in municipality {int(people.argmax())}: off by {int(people.max())}")
    if flows["residual_jobs"]:
        faults.append(f"jobs of firm row {int(jobs.argmax())}: off by {int(jobs.max())}; of the region: off by {region}")
    if not flows["residual_money"] <= MONEY_TOLERANCE:
        faults.append(f"money: residual of {flows['residual_money']:.2e} of GVA")
    if faults:
        raise AccountsDoNotBalance(f"{calendar.text(now.first_ordinal + now.quarter)}: " + "; ".join(faults))

