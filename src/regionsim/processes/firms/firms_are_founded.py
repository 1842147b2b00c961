"""Residents found firms (E-15).

Reads       people.activity, people.age_q, people.education, people.municipality, people.skill;
            reference.starters_rate_year, reference.starters_sector_cumulative; economy.margin, economy.call,
            economy.base_margin, economy.productivity
Writes      new rows of firms; of founders people.activity, people.employer, people.tenure_q, people.duration_q,
            people.ladder, people.training_q, people.wage_eur_q; firms.jobs of those they leave
Levers      start_propensity, founding_ratio
Parameters  configs/parameters/firms.yaml -> founds_relative, founder_from_age, founder_until_age, starter_employs,
            starter_size, starter_size_sd, founds_where_profitable; population.yaml -> digital_median,
            firm_premium_sd, workability_sd, on_park_size_slope; markets.yaml -> smallest_share, size_slope;
            research.yaml -> active_smallest, active_slope; training.yaml -> trained_smallest, trained_size_slope;
            finance.yaml -> start_cash, efficiency_sd
Flows       firms_founded by sector, separations, equity EUR
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.firms.firms_do_research import chance_of_research
from regionsim.processes.firms.firms_train import usual_training
from regionsim.processes.labour.jobs import leave_job, take_job
from regionsim.processes.labour.wages import hiring_wage, pay_rule
from regionsim.processes.low_draws import low_draws
from regionsim.processes.trade.markets import share_serving
from regionsim.state.abilities import fill_workability
from regionsim.state.draws import event_key, normal, u01
from regionsim.state.firms import EMPLOYER, INCLINED_TO_RESEARCH, OWN_ACCOUNT
from regionsim.state.identity import FOUNDED, offspring
from regionsim.state.people import EMPLOYED, INACTIVE, JOB_SEEKER, NO_EXIT, RESIDENT, SELF_EMPLOYED
from regionsim.state.region_state import Now


def firms_are_founded(now: Now) -> None:
    """A founder leaves whatever job there was and works in the new firm, alone or with staff to be hired."""
    p, reference, key = now.parameters.firms, now.reference, now.key("firms_are_founded")
    people, firms = now.state.people, now.state.firms
    of_place = now.levers.dense["start_propensity"][reference.arrondissement_of]
    chance = reference.starters_rate_year / 4.0 * np.array(p.founds_relative)
    ages = (int(p.founder_from_age * 4), int(p.founder_until_age * 4))
    ratio = now.levers.over_rows("founding_ratio", people.capacity, or_nothing=True)
    low = low_draws(key, people.a.id, chance.max() * of_place.max() * ratio.max(initial=1.0))
    founders = _founders(people.a, low, chance, of_place, ratio, *ages, key)
    rows = firms.take_free(founders.size)
    for name in ("closing", "invested"):  # of all rows, which may be more by now: new firms do neither
        missing = firms.capacity - now.flows[name].size
        now.flows[name] = np.pad(now.flows[name], (0, missing))
    size = (p.starter_employs, p.starter_size, p.starter_size_sd)
    population = now.parameters.population
    like_others = (float(population.digital_median), float(population.firm_premium_sd))
    by_education, slope, _ = pay_rule(now)
    pay = (by_education, slope, reference.sector_ln_wage)
    left = float((people.a.employer[founders] >= 0).sum())  # jobs given up for the new firm
    sectors = starters_by_margin(now)
    parks = (now.state.places.on_park_odds, float(population.on_park_size_slope))
    _found(people.a, firms.a, founders, rows, now.quarter, sectors, *size, *like_others, *pay, *parks, key)
    _settle_in_business(now, rows)
    fill_workability(firms.a, rows, population.workability_sd)
    now.count("separations", left)
    now.count("firms_founded", np.bincount(firms.a.sector[rows], minlength=now.base.gva.size).astype(float))


def starters_by_margin(now: Now) -> NDArray[np.float64]:
    """Cumulative shares of sectors among starters: published, more where margins rose since the first quarter; (S,)."""
    economy, response = now.state.economy, float(now.parameters.firms.founds_where_profitable)
    share = np.diff(now.reference.starters_sector_cumulative, prepend=0.0)
    share = share * np.exp(np.clip(response * (economy.margin - economy.base_margin), -1.0, 1.0))
    cumulative: NDArray[np.float64] = np.cumsum(share) / share.sum()
    return cumulative


def _settle_in_business(now: Now, rows: NDArray[np.int64]) -> None:
    """Markets, customers, equipment and money of new firms; founders bring the money."""
    firms, economy, base = now.state.firms.a, now.state.economy, now.base
    markets, finance = now.parameters.markets, now.parameters.finance
    research, training = now.parameters.research, now.parameters.training
    value = base.gva / np.maximum(base.jobs, 1e-9) * 1e6 * now.scale * economy.productivity
    _equip(
        firms, rows, np.array(markets.smallest_share), np.array(markets.size_slope), economy.call,
        base.customers_abroad, value * finance.start_cash, base.uk_input_share, now.reference.research_intensity,
        research.active_smallest, research.active_slope, training.trained_smallest, training.trained_size_slope,
        finance.efficiency_sd, now.key("firms_are_founded: markets"),
    )  # fmt: skip
    now.flows["equity"] = float(firms.cash[rows].sum())


@njit(cache=True)
def _equip(  # type: ignore[no-untyped-def]
    f, rows, smallest, slope, call, customers_abroad, start_cash, uk_inputs, intensity, active, active_slope, trained,
    trained_slope, sd, key
):
    efficient = event_key(key, np.uint64(9))
    for j in rows:
        s, target = f.sector[j], f.size_weight[j]
        call_of_firm = call[0, s] + call[1, s]
        if f.kind[j] == EMPLOYER:
            for m in range(smallest.size):
                if u01(event_key(key, np.uint64(m)), f.id[j]) < share_serving(smallest[m], slope[m], target):
                    f.markets[j] |= np.uint8(1 << m)
                    call_of_firm += call[m + 2, s] * customers_abroad[m, s]
            inclined = chance_of_research(active, active_slope, target, 0.0)
            f.researches[j] = intensity[s] > 0.0 and u01(INCLINED_TO_RESEARCH, f.id[j]) < inclined
            f.research[j] = f.research_start[j] = f.researches[j]
        f.size_weight[j] = min(target / max(call_of_firm, 1e-6), 3.0 * target)
        f.efficiency[j] = np.exp(f.ln_premium[j] + sd * normal(efficient, f.id[j]) - 0.5 * sd * sd)
        f.needed[j] = f.expected[j] = f.capital[j] = f.jobs[j]
        f.trained[j] = usual_training(trained, trained_slope, f.real_jobs[j])
        f.uk_inputs[j] = uk_inputs
        f.cash[j] = start_cash[s] * f.efficiency[j] * f.jobs[j]


@njit(cache=True)
def _founders(p, low, chance, of_place, ratio, from_age_q, until_age_q, key):  # type: ignore[no-untyped-def]
    """Rows of those who found a firm; `ratio`: factor on the chance of each person, empty where nobody's is moved."""
    rows = []
    for i in range(p.id.size):
        if not low[i] or p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
            continue
        if p.age_q[i] < from_age_q or p.age_q[i] >= until_age_q:
            continue
        if p.activity[i] == EMPLOYED:
            c = chance[0]
        elif p.activity[i] == JOB_SEEKER:
            c = chance[1]
        elif p.activity[i] == INACTIVE:
            c = chance[2]
        else:
            continue
        c *= of_place[p.municipality[i]]
        if ratio.size:
            c *= ratio[i]
        if u01(key, p.id[i]) < c:
            rows.append(i)
    return np.array(rows, np.int64)


@njit(cache=True)
def _found(  # type: ignore[no-untyped-def]
    p, f, founders, rows, quarter, sectors, employs, size, size_sd, digital, premium_sd, by_education, slope,
    sector_pay, park_odds, park_slope, key,
):
    sector_key, employs_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    size_key, premium_key = event_key(key, np.uint64(3)), event_key(key, np.uint64(4))
    park_key = event_key(key, np.uint64(5))
    for k in range(rows.size):
        i, j = founders[k], rows[k]
        f.id[j] = offspring(FOUNDED, p.id[i], quarter, 0)
        u = u01(sector_key, p.id[i])
        s = 0
        while s < sectors.size - 1 and u >= sectors[s]:
            s += 1
        f.sector[j] = s
        f.kind[j] = EMPLOYER if u01(employs_key, p.id[i]) < employs else OWN_ACCOUNT
        f.municipality[j] = p.municipality[i]
        f.birth_q[j] = quarter
        f.owner_age_q[j] = p.age_q[i]
        f.jobs[j] = 0
        staff = size * np.exp(size_sd * normal(size_key, p.id[i]))
        f.size_weight[j] = max(staff, 1.0) if f.kind[j] == EMPLOYER else 1.0
        f.real_jobs[j] = int(f.size_weight[j])
        f.desired[j] = 1
        f.slack[j] = 0.0
        f.dither[j] = u01(f.id[j], FOUNDED)
        f.ln_tfp[j] = 0.0
        f.digital[j] = digital
        f.growth[j] = 0.0
        f.ln_premium[j] = premium_sd * normal(premium_key, p.id[i])
        odds = park_odds[s] + park_slope * np.log(f.size_weight[j] / 10.0)
        f.on_park[j] = f.kind[j] == EMPLOYER and u01(park_key, p.id[i]) < 1.0 / (1.0 + np.exp(-odds))
        leave_job(p, f, i)
        take_job(p, f, i, j, SELF_EMPLOYED)
        relative = f.ln_premium[j] + sector_pay[s]
        p.wage_eur_q[i] = hiring_wage(p.skill[i], by_education[p.education[i]], p.age_q[i], slope, relative)
