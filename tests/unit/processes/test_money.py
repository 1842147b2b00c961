"""Money by hand: what firms earn and owe, what households have, who paid whom."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.accounts import worker_quality
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.processes.firms.firms_settle_accounts import (
    change_of_debt,
    firms_settle_accounts,
    mean_price,
    paid_to_owners,
)
from regionsim.processes.public.household_income import disposable_income
from regionsim.processes.public.transactions import bought_in
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from tests.fixtures.models import copied, until


def test_debt_moves_to_its_target_and_covers_what_is_lacking_up_to_the_limit() -> None:
    assert change_of_debt(50.0, 40.0, 60.0, 100.0, 0.1, 20.0) == pytest.approx(2.0)
    assert change_of_debt(50.0, 80.0, 60.0, 100.0, 0.1, 20.0) == pytest.approx(-2.0)
    assert change_of_debt(20.5, 80.0, 60.0, 100.0, 0.1, 20.0) == pytest.approx(-0.5)  # only from beyond the buffer
    assert change_of_debt(-30.0, 40.0, 60.0, 100.0, 0.1, 20.0) == pytest.approx(30.0)
    assert change_of_debt(-30.0, 90.0, 60.0, 100.0, 0.1, 20.0) == pytest.approx(10.0)  # credit ends
    assert change_of_debt(-30.0, 120.0, 60.0, 100.0, 0.1, 20.0) == 0.0


def test_owners_take_a_share_of_what_is_beyond_the_buffer() -> None:
    assert paid_to_owners(50.0, 20.0, 0.5) == 15.0
    assert paid_to_owners(10.0, 20.0, 0.5) == 0.0


def test_workers_of_fifty_and_over_produce_less() -> None:
    assert worker_quality(199, 0.0, 0.1) == 1.0
    assert worker_quality(200, 0.0, 0.1) == pytest.approx(0.9)
    assert worker_quality(200, 0.2, 0.1) == pytest.approx(0.9 * math.exp(0.2))


def test_a_firm_settles_by_hand(under_plan: RegionModel) -> None:
    """Sales less inputs, wages, interest and tax go to its money; what lacks is borrowed, the rest partly paid out."""
    now = until(copied(under_plan), "firms_settle_accounts")
    f, base, p = now.state.firms.a, now.base, now.parameters
    row = int(np.flatnonzero((f.kind == EMPLOYER) & ~now.reference.public_sector[f.sector] & (f.output > 0))[0])
    s, made = f.sector[row], float(f.output[row])
    f.cash[row], f.debt[row], f.uk_inputs[row] = 1e6, 0.0, 0.0
    now.flows["wage_bill"][row], now.flows["invested"][row] = 0.3 * made, 0.01 * made
    price = float(np.exp(np.float64(f.ln_price[row])))
    now.levers.move("equity_eur", 5e4, np.array([row]))
    firms_settle_accounts(now)
    economy = now.state.economy
    local = float(economy.price @ base.intermediate_local[:, s])
    imported = base.imported_inputs[s] + now.reference.energy_share[s] * (now.drivers["energy_prices"] - 1)
    surplus = made * (price - local - imported) - 0.3 * made * economy.wage_index
    cash = 1e6 + surplus - p.trade.profit_tax * max(surplus, 0) - 0.01 * made + 5e4
    worth = f.capital[row] * base.capital_per_job[s] * economy.productivity[s] * f.efficiency[row]
    drawn = p.finance.debt_adjustment_q * p.finance.target_debt * worth
    cash += drawn
    buffer = p.finance.cash_buffer * base.value_added_share[s] * made
    assert f.debt[row] == pytest.approx(drawn, rel=1e-5)
    assert f.cash[row] == pytest.approx(cash - p.finance.paid_out_q * max(cash - buffer, 0), rel=1e-5)
    assert f.insolvent[row] == 0


def test_who_cannot_pay_and_gets_no_credit_is_insolvent_but_government_keeps_its_own(under_plan: RegionModel) -> None:
    now = until(copied(under_plan), "firms_settle_accounts")
    f, public = now.state.firms.a, now.reference.public_sector
    here = (f.kind == EMPLOYER) & (f.size_weight > 0)
    private, of_government = (int(np.flatnonzero(here & (public[f.sector] == k))[0]) for k in (False, True))
    rows = [private, of_government]
    f.cash[rows] = -1e12
    firms_settle_accounts(now)
    assert f.insolvent[private] == 1 and f.insolvent[of_government] == 0
    assert f.cash[private] < 0 and f.cash[of_government] >= 0


def test_the_price_of_a_sector_is_sales_over_output(under_plan: RegionModel) -> None:
    now = until(copied(under_plan), "firms_settle_accounts")
    f = now.state.firms.a
    before = np.full(now.base.gva.size, 7.0)
    here = (f.kind >= 0) & (f.kind != OUTSIDE)
    f.output[f.sector == 0] = 0.0
    price = mean_price(f, before)
    assert price[0] == 7.0
    rows = here & (f.sector == 1)
    expected = (f.output[rows] * np.exp(f.ln_price[rows].astype(float))).sum() / f.output[rows].astype(float).sum()
    assert price[1] == pytest.approx(expected)


def test_what_is_not_made_here_is_bought_elsewhere(under_plan: RegionModel) -> None:
    now = until(copied(under_plan), "transactions")
    economy, base = now.state.economy, now.base
    economy.price[:] = 1.0
    economy.production = base.leontief @ economy.final_demand.sum(axis=0)
    assert np.allclose(bought_in(now), 0, atol=1e-9)
    economy.production[0] -= 5.0
    assert bought_in(now)[0] == pytest.approx(5.0 - 5.0 * base.intermediate_local[0, 0])


def test_income_counts_work_pensions_benefits_and_profits_after_tax(setup: Setup) -> None:
    model = RegionModel(setup, 0).run(1)
    now = replace(model.now(), flows=model.flows)
    p, persons = now.parameters.trade, now.flows["persons"].sum(axis=(0, 1, 2))
    wages = now.flows["wage_sums"]
    benefits = (
        persons[9] * p.benefit_retired_q
        + (persons[7] + persons[6]) * p.benefit_job_seeker_q
        + persons[8] * p.benefit_inactive_q
    ) / 1e6
    earned = (wages["residents_here"] + wages["residents_outside"]) * (1 - p.income_tax)
    profits = now.flows["firms_paid"]["profits"] * now.parameters.finance.owners_here / 1e6
    expected = (earned + benefits) * now.state.economy.wage_index + profits
    assert disposable_income(now) == pytest.approx(expected)


def test_who_is_temporarily_unemployed_is_paid_by_no_firm(under_plan: RegionModel) -> None:
    bills = []
    for sent_home in (False, True):
        now = until(copied(under_plan), "population_is_counted")
        people, f = now.state.people.a, now.state.firms.a
        row = int(np.flatnonzero((people.activity == 4) & (f.kind[people.employer] == EMPLOYER))[0])
        if sent_home:
            people.activity[row] = 6
        from regionsim.model.accounts import population_is_counted

        population_is_counted(now)
        bills.append(now.flows["wage_bill"][people.employer[row]])
    assert bills[0] - bills[1] == pytest.approx(float(people.wage_eur_q[row]))


def test_census_day_firms_have_the_value_added_of_the_accounts(setup: Setup) -> None:
    """Jobs x efficiency add up to the jobs of the sector, so output at base prices is that of the accounts."""
    f, base = setup.population.firms.a, setup.base
    here = (f.kind == EMPLOYER) | (f.kind == OWN_ACCOUNT)
    assert np.allclose(np.bincount(f.sector[here], weights=(f.jobs * f.efficiency)[here]), base.jobs, rtol=1e-5)
    customers = f.size_weight + f.reach_uk + f.reach_eu + f.reach_world
    assert np.allclose(customers[here], f.jobs[here], rtol=1e-5)
    assert (f.size_weight[here] > 0).all() and math.isfinite(float(f.cash.sum()))
