"""Markets, prices, orders, production, by hand: what firms reach, what barriers and closures take, what is made."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.model.trends import called_for, deflated_value_added, fitted_years, published_jobs, yearly_growth
from regionsim.processes.trade import brexit, covid
from regionsim.processes.trade.demand import demand_by_market, lose_orders, market_index, orders_pulled
from regionsim.processes.trade.markets import (
    MarketRules,
    chance_of_entering_q,
    chance_of_leaving_q,
    count_bits,
    firms_enter_and_leave_markets,
    next_reach,
    share_serving,
)
from regionsim.processes.trade.orders import _pass_on, orders_reach_firms
from regionsim.processes.trade.prices import firms_set_prices, ln_unit_cost
from regionsim.processes.trade.production import capacity, mean_efficiency, production
from regionsim.state.calendar import ordinal
from regionsim.state.firms import ABROAD, EMPLOYER, OUTSIDE, OWN_ACCOUNT
from regionsim.state.reference import CATEGORIES, EU, HOUSEHOLDS, INVESTMENT, REST_OF_COUNTRY, TOURISM, UK
from regionsim.state.region_state import Now
from tests.fixtures.models import copied, until

RULES = MarketRules(
    np.array([0.1, 0.1, 0.1]), np.array([0.6, 0.6, 0.6]), 0.02, np.array([1.0, 0.5, 0.3]), 0.2, 1.0, 0.5, 0.2
)


@pytest.fixture
def now(under_plan: RegionModel) -> Now:
    """The coming quarter of 2013Q3, before anything has happened in it."""
    return copied(under_plan).now()


def ready_for(name: str, model: RegionModel) -> Now:
    return until(copied(model), name)


def at(now: Now, quarter: str, **world: str) -> Now:
    now.state.quarter = ordinal(quarter) - now.first_ordinal
    now.world = replace(now.world, **world)
    return now


# Worlds ------------------------------------------------------------------------------------------------------------


def test_barriers_come_with_2021_after_a_rush(now: Now) -> None:
    p = now.parameters.brexit
    for form in ("none", "tca", "hard"):
        assert brexit.pulse(at(now, "2020Q3", brexit=form)) == 1
        assert brexit.trade_cost(at(now, "2020Q4", brexit=form)) == 0
    assert brexit.pulse(at(now, "2020Q4", brexit="tca")) == 1 + p.stockpile_2020q4
    assert brexit.pulse(at(now, "2021Q1", brexit="hard")) == 1 - p.drop_2021q1
    assert brexit.pulse(at(now, "2020Q4", brexit="none")) == 1
    assert brexit.trade_cost(at(now, "2021Q1", brexit="none")) == 0
    assert brexit.trade_cost(at(now, "2040Q4", brexit="tca")) == p.trade_cost_tca
    assert brexit.trade_cost(at(now, "2021Q1", brexit="hard")) == p.trade_cost_hard > p.trade_cost_tca


def test_barriers_are_higher_for_small_firms(now: Now) -> None:
    kept = brexit.demand_kept_by_size(at(now, "2021Q2", brexit="tca"))
    p, elasticity = now.parameters.brexit, now.parameters.trade.demand_elasticity
    assert kept[0] == pytest.approx((1 + p.trade_cost_tca * p.size_micro) ** -elasticity)
    assert (np.diff(kept) > 0).all() and kept[-1] < 1
    sizes = brexit.size_class(np.array([1, 6, 7, 40, 41, 107, 108, 5000], np.int32))
    assert sizes.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert brexit.demand_kept(np.array([0.05]), 4.0)[0] == pytest.approx(1 / 1.05**4)


def test_closures_are_those_of_the_world_and_of_the_role_of_the_sector(now: Now) -> None:
    assert not covid.closed_share(at(now, "2020Q2", covid="none")).any()
    assert not covid.closed_share(at(now, "2019Q4", covid="observed")).any()
    assert not covid.closed_share(at(now, "2022Q1", covid="observed")).any()
    closed = covid.closed_share(at(now, "2020Q2", covid="observed"))
    assert (closed[now.reference.visitor_sector] == now.parameters.covid.closed_visitor[1]).all()
    assert (closed[now.reference.retail_sector] == now.parameters.covid.closed_retail[1]).all()
    assert not closed[~(now.reference.visitor_sector | now.reference.retail_sector)].any()


# Markets -----------------------------------------------------------------------------------------------------------


def test_the_chance_to_leave_a_market_falls_with_their_number_and_size_and_rises_behind_barriers() -> None:
    assert chance_of_leaving_q(RULES, 10.0, 1, 0.0) == pytest.approx(0.02)
    assert chance_of_leaving_q(RULES, 10.0, 2, 0.0) == pytest.approx(0.01)
    assert chance_of_leaving_q(RULES, 10.0, 3, 0.0) == pytest.approx(0.006)
    assert chance_of_leaving_q(RULES, 50.0, 1, 0.0) == pytest.approx(0.004)
    assert chance_of_leaving_q(RULES, 10.0, 1, 0.2) == pytest.approx(0.02 * math.exp(0.2))


def test_firms_enter_as_often_as_balances_leaving() -> None:
    assert share_serving(0.1, 0.6, 1.0) == pytest.approx(0.1)
    odds = 0.1 / 0.9 * 10**0.6
    assert share_serving(0.1, 0.6, 10.0) == pytest.approx(odds / (1 + odds))
    assert chance_of_entering_q(RULES, 0, 10.0, 0, 0.0, 0.0) == pytest.approx(0.02 * odds)
    assert chance_of_entering_q(RULES, 0, 10.0, 1, 0.3, 0.1) == pytest.approx(0.01 * odds * math.exp(-0.2))
    assert [count_bits(mask) for mask in (0, 1, 5, 7)] == [0, 1, 2, 3]


def test_customers_abroad_are_won_and_lost_gradually() -> None:
    assert next_reach(0.0, 1, 10.0, 0.2) == pytest.approx(2.0)
    assert next_reach(15.0, 1, 10.0, 0.2) == pytest.approx(14.0)
    assert next_reach(15.0, 0, 10.0, 0.2) == pytest.approx(12.0)


def test_help_only_makes_firms_enter_markets_other_than_the_exposed_one(under_plan: RegionModel) -> None:
    """Common random numbers: nobody who would have entered stays out, nobody else changes; a chance of one is all."""
    masks = []
    for help_ in (0.0, 0.1, 1.0):
        now = ready_for("firms_enter_and_leave_markets", under_plan)
        f = now.state.firms.a
        rows, before = np.flatnonzero(f.kind == EMPLOYER), f.markets.copy()
        now.levers.move("market_entry", help_, rows[::2])
        firms_enter_and_leave_markets(now)
        masks.append(f.markets.copy())
    for one, other in zip(masks[:-1], masks[1:], strict=True):
        changed = one != other
        assert changed.any() and not changed[rows[1::2]].any()
        assert ((one & other) == one).all()
        assert np.array_equal(one & 1, other & 1)  # the exposed market
    helped, demand = rows[::2], now.base.customers_abroad > 0
    for m in (1, 2):
        outside = ((before[helped] >> m) & 1) == 0
        assert np.array_equal((masks[2][helped][outside] >> m) & 1, demand[m, f.sector[helped][outside]])


def test_help_adds_its_probability_to_the_chance_to_enter(under_plan: RegionModel) -> None:
    """Among the many firms that do not serve the rest of the union yet, a tenth more enter; to sampling error."""
    entered = []
    for help_ in (0.0, 0.1):
        now = ready_for("firms_enter_and_leave_markets", under_plan)
        f = now.state.firms.a
        rows = np.flatnonzero((f.kind == EMPLOYER) & ((f.markets >> 1) & 1 == 0))
        rows = rows[now.base.customers_abroad[1, f.sector[rows]] > 0]
        now.levers.move("market_entry", help_, rows)
        firms_enter_and_leave_markets(now)
        entered.append(((f.markets[rows] >> 1) & 1).mean())
    assert entered[1] - entered[0] == pytest.approx(0.1, abs=3 * math.sqrt(0.09 / rows.size))


def test_exports_follow_the_markets_with_their_elasticity(now: Now) -> None:
    p = now.parameters.trade
    now.drivers = {**now.drivers, "gdp_eu": 1.1, "gdp_uk": 0.9, "gdp_country": 1.05, "investment": 1.2}
    now.state.economy.income_index, now.state.economy.investment = 0.97, 1.4
    now.flows["tourism_index"] = 1.02
    index = market_index(now)
    assert index.shape == (len(CATEGORIES),)
    assert index[EU] == pytest.approx(1.1**p.income_elasticity_exports)
    assert index[UK] == pytest.approx(0.9**p.income_elasticity_exports)
    assert index[REST_OF_COUNTRY] == 1.05 and index[HOUSEHOLDS] == 0.97 and index[TOURISM] == 1.02
    assert index[INVESTMENT] == pytest.approx(p.investment_by_firms * 1.4 + (1 - p.investment_by_firms) * 1.2)


def test_orders_go_to_who_has_customers_and_is_cheap() -> None:
    assert orders_pulled(10.0, 0.0, 4.0, 1.0) == 10.0
    assert orders_pulled(10.0, 0.1, 4.0, 0.5) == pytest.approx(5.0 * math.exp(-0.4))


def test_a_barrier_takes_orders_of_the_exposed_market_alone(under_plan: RegionModel) -> None:
    exports = {}
    for form in ("none", "tca", "hard"):
        now = ready_for("demand_by_market", under_plan)
        demand_by_market(at(now, "2021Q2", brexit=form))
        exports[form] = now.state.economy.final_demand.sum(axis=1)
    assert exports["none"][UK] > exports["tca"][UK] > exports["hard"][UK]
    others = [c for c in range(len(CATEGORIES)) if c != UK]
    assert np.array_equal(exports["none"][others], exports["hard"][others])


def test_orders_that_cannot_be_filled_are_lost_and_won_back(now: Now) -> None:
    p, economy = now.parameters.labour, now.state.economy
    economy.market_share[:] = 1.0
    economy.short[:] = p.normal_short_share
    lose_orders(now)
    assert np.allclose(economy.market_share, 1)
    economy.short[:] = p.normal_short_share + 0.1
    lose_orders(now)
    assert np.allclose(economy.market_share, math.exp(-0.1 * p.lost_orders_q))
    economy.short[:] = 0.0
    lose_orders(now)
    assert (economy.market_share > math.exp(-0.1 * p.lost_orders_q)).all()


# Prices ------------------------------------------------------------------------------------------------------------


def test_unit_cost_by_hand() -> None:
    """Labour +2 %, productivity +10 % at a value-added share of .4, energy .05 of output at twice the price with a
    tenth saved, a fifth of imported inputs dearer by .03 of output."""
    cost = ln_unit_cost(0.4, 0.1, 0.02, 0.05, math.log(2), 0.1, 0.2, 0.03)
    assert cost == pytest.approx(0.02 - 0.04 + 0.05 * 0.9 * math.log(2) - 0.005 + 0.006)


def test_prices_fall_with_productivity_and_rise_with_wages_energy_and_dearer_inputs(now: Now) -> None:
    economy, f = now.state.economy, now.state.firms.a
    at(now, "2021Q2", brexit="none")
    here = (f.kind == EMPLOYER) | (f.kind == OWN_ACCOUNT)

    def price(**changes: float) -> np.ndarray:
        f.ln_tfp[:] = changes.get("ln_tfp", 0.0)
        now.drivers = {**now.drivers, "energy_prices": changes.get("energy", 1.0)}
        norm = math.exp(now.parameters.labour.real_wage_growth_year * now.quarter / 4)
        economy.wage_index = norm * changes.get("wages", 1.0)
        economy.quality[:] = 1.0
        firms_set_prices(now)
        return f.ln_price[here].copy()

    assert np.allclose(price(), 0, atol=1e-7)
    assert (price(ln_tfp=0.1) < 0).all()
    assert (price(wages=1.05) > 0).all()
    assert (price(energy=1.5) > 0).all()
    assert (now.flows["ln_rival_price"] > 0).all()  # dearer for everyone
    at(now, "2021Q2", brexit="hard")
    assert (price() >= 0).all() and (price() > 0).any()


# Orders and production ---------------------------------------------------------------------------------------------


def test_orders_of_the_first_quarter_call_for_the_jobs_there_are(setup: Setup) -> None:
    now = until(RegionModel(setup, 0), "orders_reach_firms")
    f = now.state.firms.a
    orders_reach_firms(now)
    here = ((f.kind == EMPLOYER) | (f.kind == OWN_ACCOUNT)) & (f.size_weight > 0)
    needed = np.bincount(f.sector[here], weights=(f.needed * f.efficiency)[here], minlength=now.base.gva.size)
    wanted = now.state.economy.demand * now.base.jobs
    assert needed.sum() == pytest.approx(wanted.sum(), rel=0.02)


def test_needed_jobs_make_what_is_called_for(under_plan: RegionModel) -> None:
    """Efficiency, productivity and needed jobs of all firms of a sector give the output that demand calls for."""
    now = ready_for("orders_reach_firms", under_plan)
    orders_reach_firms(now)
    f, economy, base = now.state.firms.a, now.state.economy, now.base
    per_job = base.output / base.jobs * economy.productivity * economy.quality / economy.efficiency
    made = f.needed * f.efficiency * np.exp(f.ln_tfp) * per_job[f.sector]
    here = (f.kind >= 0) & (f.kind != OUTSIDE)
    total = np.bincount(f.sector[here], weights=made[here], minlength=base.gva.size)
    assert np.allclose(total, economy.demand * base.output, rtol=1e-4)


def test_own_account_firms_pass_on_what_their_owner_cannot_do(under_plan: RegionModel) -> None:
    now = ready_for("orders_reach_firms", under_plan)
    now.state.economy.demand = now.state.economy.demand * 1.5
    orders_reach_firms(now)
    f = now.state.firms.a
    own = (f.kind == OWN_ACCOUNT) & (f.jobs > 0)
    most = f.jobs[own] * (1 + now.parameters.firms.overtime_max)
    assert (f.needed[own] <= most + 1e-5).all() and (f.needed[own] > most - 1e-5).any()


def test_what_is_passed_on_reaches_employers_of_the_sector_in_proportion(under_plan: RegionModel) -> None:
    """One owner with orders for 10 jobs and an hour in twenty of overtime keeps 1.05; the rest, 8.95 jobs at efficiency
    2, falls to two employers with needs 6 (efficiency 1) and 4 (efficiency 3): x (1 + 17.9 / 18)."""
    now = copied(under_plan).now()
    f = now.state.firms.a
    sector = next(s for s in range(now.base.gva.size) if ((f.kind == OWN_ACCOUNT) & (f.sector == s)).sum() > 1)
    here, others = f.sector == sector, f.sector != sector
    f.needed[:] = np.where(f.kind == OWN_ACCOUNT, 0.5 * f.jobs, 1.0)
    f.needed[here & (f.kind == EMPLOYER)] = 0.0
    owner = np.flatnonzero(here & (f.kind == OWN_ACCOUNT) & (f.jobs == 1))[0]
    employers = np.flatnonzero(here & (f.kind == EMPLOYER))[:2]
    f.needed[owner], f.efficiency[owner] = 10.0, 2.0
    f.needed[employers], f.efficiency[employers] = (6.0, 4.0), (1.0, 3.0)
    before = f.needed.copy()
    _pass_on(f, 0.05, now.base.gva.size)
    assert f.needed[owner] == pytest.approx(1.05)
    assert f.needed[employers] == pytest.approx(np.array([6.0, 4.0]) * (1 + 17.9 / 18))
    changed = np.flatnonzero(f.needed != before)
    assert sorted(changed) == sorted([owner, *employers])
    assert np.array_equal(f.needed[others], before[others])


def test_efficiency_of_a_sector_is_the_mean_over_its_jobs(under_plan: RegionModel) -> None:
    now = copied(under_plan).now()
    f, sectors = now.state.firms.a, now.base.gva.size
    rows = np.flatnonzero(f.kind == EMPLOYER)
    f.jobs[:] = 0
    f.jobs[rows[:3]], f.efficiency[rows[:3]], f.sector[rows[:3]] = (6, 2, 4), (1.0, 3.0, 0.25), (1, 1, 2)
    outside = np.flatnonzero(f.kind == OUTSIDE)[0]
    f.jobs[outside], f.efficiency[outside], f.sector[outside] = 100, 9.0, 1
    mean = mean_efficiency(f, sectors)
    assert mean[1] == pytest.approx((6 * 1 + 2 * 3) / 8)
    assert mean[2] == pytest.approx(0.25)
    assert mean[0] == 1.0  # nobody works there


def test_efficiency_counts_relative_to_the_mean_of_the_quarter_before(under_plan: RegionModel) -> None:
    """Twice the mean before, half the output of every firm; and the mean of now is kept for the next quarter."""
    made = []
    for mean in (1.0, 2.0):
        now = ready_for("production", under_plan)
        now.state.economy.efficiency[:] = mean
        production(now)
        made.append(now.state.firms.a.output.copy())
    assert np.allclose(made[0], 2 * made[1]) and made[1].any()
    assert np.array_equal(now.state.economy.efficiency, mean_efficiency(now.state.firms.a, now.base.gva.size))


def test_capacity_needs_hands_and_equipment() -> None:
    assert capacity(8.0, 8.0, 0.33) == pytest.approx(8.0)
    assert capacity(8.0, 4.0, 0.5) == pytest.approx(math.sqrt(32))
    assert capacity(8.0, 0.0, 0.33) == 0.0


def test_firms_make_their_orders_as_far_as_they_can(under_plan: RegionModel) -> None:
    now = ready_for("production", under_plan)
    f, base, economy = now.state.firms.a, now.base, now.state.economy
    rows = np.flatnonzero((f.kind == EMPLOYER) & (f.jobs > 0))
    enough, short = rows[0], rows[1]
    f.capital[rows[:2]] = 1000.0
    f.needed[enough], f.needed[short] = f.jobs[enough] * 0.5, 1e6
    per_job = base.output / base.jobs * economy.productivity * economy.quality / economy.efficiency * 1e6 * now.scale
    production(now)
    unit = per_job[f.sector] * f.efficiency * np.exp(f.ln_tfp)
    p = now.parameters.firms
    assert f.output[enough] == pytest.approx(unit[enough] * f.needed[enough], rel=1e-5)
    most = capacity(f.jobs[short] * (1 + p.overtime_max), 1000.0, p.capital_share)
    assert f.output[short] == pytest.approx(unit[short] * most, rel=1e-5)
    assert economy.short[f.sector[short]] > 0.5
    assert np.allclose(economy.gva, base.value_added_share * economy.production)


def test_trends_are_those_of_published_jobs_and_value_added(setup: Setup) -> None:
    """At observed drivers, final demand with its trend makes output grow as published value added; over productivity,
    as published jobs. By regression, so slopes are compared."""
    model = RegionModel(setup, 0)
    base, years = model.base, fitted_years(setup.tables, setup.drivers)
    elasticity = float(model.parameters.trade.income_elasticity_exports)
    output = np.stack([deflated_value_added(setup.tables, year) for year in years])
    jobs = np.stack([published_jobs(setup.tables, year) for year in years])
    assert np.allclose(base.productivity_trend_year, yearly_growth(output) - yearly_growth(jobs))
    asked = np.stack([called_for(base, setup.drivers, elasticity, year) for year in years])
    made = base.output * output / output[0]
    wanted = made - made @ base.intermediate_local.T
    inside = np.abs(base.demand_trend_year) < 0.1
    assert np.allclose((yearly_growth(asked) + base.demand_trend_year)[inside], yearly_growth(wanted)[inside])
    assert len(ABROAD) == 3 and yearly_growth(np.exp(np.arange(5.0))[:, None] ** 0.02)[0] == pytest.approx(0.02)
