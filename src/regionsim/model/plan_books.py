"""What a plan delivered, at which cost, who bears it, and what stood in the way: outcomes from its books."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from regionsim.results.record import Recorder
from regionsim.state.bodies import CATEGORIES_OF_ACTION
from regionsim.state.firms import EMPLOYER
from regionsim.state.ledger import Account
from regionsim.state.region_state import Now


def plan_books(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    """Outcomes by measure, fund and category for this quarter, at the scale of the run."""
    ledger = now.state.ledger
    books = [ledger.accounts.get(name, Account()) for name in recorder.coords.get("measure", ())]
    by_fund = np.zeros(len(now.reference.roster.fund) + 1)
    for account in ledger.accounts.values():
        if account.by_fund.size:
            by_fund += account.by_fund
    return {
        "public_cost": [account.spent_eur * 1e-6 for account in books],
        "planned_cost": [account.planned_eur * 1e-6 for account in books],
        "own_funds": [account.own_eur * 1e-6 for account in books],
        "deadweight_cost": [account.wasted_eur * 1e-6 for account in books],
        "treated": [account.delivered for account in books],
        "planned_units": [account.planned for account in books],
        "coordination_quality": [account.quality for account in books],
        "willing_partners": [float(account.partners) for account in books],
        "delivery_obstacle": [float(account.obstacle) for account in books],
        "coordination_cost": ledger.coordination_eur * 1e-6,
        "cost_by_fund": by_fund * 1e-6,
        "cost_by_category": _by_category(now),
        "promised_by_funds": float(ledger.claims_eur.sum()) * 1e-6,
        "participation_fund_value": _fund_value(now) * 1e-6,
        "jobs_supported": jobs_supported(now),
    }


def _by_category(now: Now) -> list[float]:
    """Public cost in million EUR by the agency's role."""
    cost = dict.fromkeys(CATEGORIES_OF_ACTION, 0.0)
    for agency in now.agencies:
        for measure in agency.measures:
            spent = now.state.ledger.accounts[measure.name].spent_eur * 1e-6
            for category, share in measure.measure.categories.items():
                cost[category] += spent * share
    return list(cost.values())


def _fund_value(now: Now) -> float:
    rows = now.reference.roster.of_kind("participation_fund")
    return float(now.state.bodies.nav_eur[rows].sum())


def jobs_supported(now: Now) -> float:
    """Jobs that treated firms' extra orders stand for, before what other firms lose to them (displacement)."""
    firms, levers = now.state.firms.a, now.levers
    touched = [levers.sparse[name][0] for name in ("demand_ratio", "start_size_ratio")]
    rows = np.unique(np.concatenate(touched))
    rows = rows[firms.kind[rows] == EMPLOYER]
    if not rows.size:
        return 0.0
    ratio = levers.over_rows("demand_ratio", firms.id.size) * levers.over_rows("start_size_ratio", firms.id.size)
    return math.fsum((firms.jobs[rows] * (1.0 - 1.0 / ratio[rows])).tolist())  # exact, so that rows decide nothing
