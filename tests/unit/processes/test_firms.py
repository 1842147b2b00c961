"""What firms decide, by hand: expectations, capital, research, training, tools, productivity, closing, founding."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.firms.firms_are_founded import starters_by_margin
from regionsim.processes.firms.firms_close import cash_ratio, firms_close
from regionsim.processes.firms.firms_digitalise import digital_step, firms_digitalise
from regionsim.processes.firms.firms_do_research import chance_of_research, firms_do_research, next_research
from regionsim.processes.firms.firms_expect import firms_expect, next_growth, spare_share, weight_of_news
from regionsim.processes.firms.firms_invest import firms_invest, investment_wanted
from regionsim.processes.firms.firms_raise_productivity import firms_raise_productivity, research_gain
from regionsim.processes.firms.firms_train import firms_train, next_trained, usual_training
from regionsim.state.calendar import ordinal
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from regionsim.state.region_state import Now
from tests.fixtures.models import copied, until


def ready_for(name: str, model: RegionModel) -> Now:
    return until(copied(model), name)


def first_employer(now: Now) -> int:
    f = now.state.firms.a
    return int(np.flatnonzero((f.kind == EMPLOYER) & (f.jobs > 2) & (f.size_weight > 0))[0])


# Expectations ------------------------------------------------------------------------------------------------------


def test_spare_jobs_are_those_that_orders_do_not_need() -> None:
    assert spare_share(10, 7.0, 0.05) == pytest.approx(0.3)
    assert spare_share(10, 10.2, 0.05) == pytest.approx(-0.02)
    assert spare_share(10, 20.0, 0.05) == -0.05  # no more than the overtime there may be
    assert spare_share(10, 0.0, 0.05) == 1.0
    assert spare_share(0, 5.0, 0.05) == 0.0


def test_customers_gained_by_chance_go_again() -> None:
    assert next_growth(0.1, 0.98, 0.04, 0.0) == pytest.approx(0.098)
    assert next_growth(0.1, 0.98, 0.04, -1.0) == pytest.approx(0.058)


def test_what_a_sector_expects_moves_part_of_the_way_to_its_orders(under_plan: RegionModel) -> None:
    now = ready_for("firms_expect", under_plan)
    economy, f = now.state.economy, now.state.firms.a
    inside = (f.kind == EMPLOYER) | (f.kind == OWN_ACCOUNT)
    needed = np.bincount(f.sector[inside], weights=f.needed[inside], minlength=now.base.gva.size)
    wanted = economy.expected_jobs + now.parameters.labour.expectation_q * (needed - economy.expected_jobs)
    firms_expect(now)
    assert np.allclose(economy.expected_jobs, wanted)
    expected = np.bincount(f.sector[inside], weights=f.expected[inside], minlength=needed.size)
    assert np.allclose(expected, wanted, rtol=1e-5)


def test_firms_see_through_closures_that_end_one_day(under_plan: RegionModel) -> None:
    now = copied(under_plan).now()
    usual, seen_through = now.parameters.labour.expectation_q, now.parameters.covid.seen_through
    assert 0 < seen_through < 1
    weights = {}
    for quarter, covid in (("2019Q4", "observed"), ("2020Q1", "observed"), ("2021Q4", "observed"),
                           ("2022Q1", "observed"), ("2020Q2", "none")):  # fmt: skip
        now.state.quarter, now.world = ordinal(quarter) - now.first_ordinal, replace(now.world, covid=covid)
        weights[quarter] = weight_of_news(now)
    assert weights["2019Q4"] == weights["2022Q1"] == weights["2020Q2"] == pytest.approx(usual)
    assert weights["2020Q1"] == weights["2021Q4"] == pytest.approx(usual * (1 - seen_through))


def test_firms_want_the_jobs_they_expect_rounded_by_their_own_threshold(under_plan: RegionModel) -> None:
    now = ready_for("firms_expect", under_plan)
    firms_expect(now)
    f = now.state.firms.a
    rows = np.flatnonzero((f.kind == EMPLOYER) & (f.size_weight > 0) & (f.on_park == 0))
    assert np.array_equal(f.desired[rows], np.floor(f.expected[rows] + f.dither[rows]).astype(np.int32))
    outside = f.kind == OUTSIDE
    wanted = f.size_weight[outside] * now.drivers["employment_country"]
    assert np.array_equal(f.desired[outside], np.floor(wanted + f.dither[outside]).astype(np.int32))


def test_on_a_full_park_firms_grow_only_as_far_as_there_is_room(under_plan: RegionModel) -> None:
    """Room for a quarter of what they want to add; who wants fewer than it has is not held."""
    now = ready_for("firms_expect", under_plan)
    now.state.places.park_room[:] = 0.25
    firms_expect(now)
    f = now.state.firms.a
    rows = np.flatnonzero((f.kind == EMPLOYER) & (f.size_weight > 0) & (f.on_park == 1))
    wanted, jobs = f.expected[rows].astype(float), f.jobs[rows].astype(float)
    held = np.where(wanted > jobs, jobs + 0.25 * (wanted - jobs), wanted)
    assert np.array_equal(f.desired[rows], np.floor(held + f.dither[rows]).astype(np.int32))
    assert (f.desired[rows] < np.floor(wanted + f.dither[rows])).any()


def test_one_firm_with_more_orders_changes_what_one_firm_wants(under_plan: RegionModel) -> None:
    """Rounding thresholds are each firm's own; the outlook of the sector moves by one firm's share of it."""
    wanted = []
    for factor in (1.0, 1.2):
        now = ready_for("firms_expect", under_plan)
        row = first_employer(now)
        now.state.firms.a.needed[row] *= factor
        firms_expect(now)
        wanted.append(now.state.firms.a.desired.copy())
    assert (wanted[0] != wanted[1]).sum() <= 3
    assert wanted[1][row] >= wanted[0][row]


# Capital -----------------------------------------------------------------------------------------------------------


def test_investment_replaces_wear_and_closes_part_of_the_gap() -> None:
    assert investment_wanted(100.0, 100.0, 0.02, 0.08) == pytest.approx(2.0)
    assert investment_wanted(100.0, 110.0, 0.02, 0.08) == pytest.approx(2.8)
    assert investment_wanted(100.0, 70.0, 0.02, 0.08) == 0.0  # what is there is not sold


def test_firms_buy_what_they_can_pay_for_and_take_over_what_others_leave(under_plan: RegionModel) -> None:
    now = ready_for("firms_invest", under_plan)
    f, row = now.state.firms.a, first_employer(now)
    sector = f.sector[row]
    now.flows["closing"][:] = False
    f.expected[row], f.capital[row], f.cash[row] = 20.0, 10.0, -1e12
    others = (f.sector == sector) & (f.kind != OUTSIDE)
    others[row] = False
    f.capital[others] = f.expected[others] * 2  # nobody else lacks capital
    firms_invest(now)
    assert now.flows["invested"][row] == 0.0
    assert f.capital[row] == pytest.approx(10.0 * (1 - now.parameters.finance.depreciation_q))
    closing = int(np.flatnonzero(others & (f.kind == EMPLOYER))[0])
    now.flows["closing"][closing] = True
    f.capital[closing], f.efficiency[closing], f.efficiency[row] = 4.0, 1.0, 1.0
    before = float(f.capital[row])
    firms_invest(now)
    kept = 1 - now.parameters.finance.depreciation_q
    assert f.capital[row] == pytest.approx((before + 4.0) * kept)
    assert f.capital[closing] == 0.0


# Knowledge ---------------------------------------------------------------------------------------------------------


def test_larger_firms_and_those_with_access_do_research() -> None:
    assert chance_of_research(0.03, 0.6, 1.0, 0.0) == pytest.approx(0.03)
    odds = 0.03 / 0.97 * 10**0.6
    assert chance_of_research(0.03, 0.6, 10.0, 0.0) == pytest.approx(odds / (1 + odds))
    assert chance_of_research(0.03, 0.6, 10.0, 0.05) == pytest.approx(odds / (1 + odds) + 0.05)
    assert chance_of_research(0.03, 0.6, 10.0, 0.95) == 1.0


def test_access_makes_firms_do_research_in_sectors_that_do(under_plan: RegionModel) -> None:
    """Common random numbers: with a chance of one everybody helped there does some, and nobody else changes."""
    chosen = []
    for access in (0.0, 1.0):
        now = ready_for("firms_do_research", under_plan)
        now.state.quarter += 2  # a first quarter of the year, in which firms choose
        f, intensity = now.state.firms.a, now.reference.research_intensity
        rows = np.flatnonzero(f.kind == EMPLOYER)
        now.levers.move("research_access", access, rows[::2])
        firms_do_research(now)
        chosen.append(f.researches[rows].copy())
    could = intensity[f.sector[rows]] > 0
    assert could.any() and not could.all()
    assert np.array_equal(chosen[1][::2], could[::2])
    assert np.array_equal(chosen[1][1::2], chosen[0][1::2])


def test_the_research_stock_wears_and_is_renewed() -> None:
    assert next_research(1.0, 0.038, 1, 0.0) == pytest.approx(1.0)
    assert next_research(1.0, 0.038, 0, 0.0) == pytest.approx(0.962)
    assert next_research(0.0, 0.038, 1, 0.5) == pytest.approx(0.038 * 1.5)


def test_research_raises_productivity_with_its_elasticity() -> None:
    assert research_gain(0.0, 0.06, 0.25) == 0.0
    assert research_gain(1.0, 0.06, 0.25) == pytest.approx(0.06 * math.log(5))


def test_a_grant_adds_research_by_its_additionality(under_plan: RegionModel) -> None:
    """Small firm: a euro for a euro at additionality 1; the stock rises by wear x grant over normal spending."""
    stocks, spent = [], []
    for grant in (0.0, 5000.0):
        now = ready_for("firms_do_research", under_plan)
        f = now.state.firms.a
        intensity = now.reference.research_intensity
        rows = np.flatnonzero((f.kind == EMPLOYER) & (f.real_jobs < 50) & (intensity[f.sector] > 0) & (f.output > 0))
        row = int(rows[0])
        f.researches[row] = 1
        if grant:
            now.levers.move("research_grant", grant, np.array([row]))
        normal = intensity[f.sector[row]] * now.base.value_added_share[f.sector[row]] * f.output[row]
        firms_do_research(now)
        stocks.append(float(f.research[row]))
        spent.append(float(now.flows["research_spending"].sum()))
    p = now.parameters.research
    added = p.grant_additionality_small * 5000.0
    assert spent[1] - spent[0] == pytest.approx(added * 1e-6, rel=1e-6)
    assert stocks[1] - stocks[0] == pytest.approx(p.depreciation_q * added / normal, rel=1e-3)


def test_training_counts_for_a_while_and_more_is_given_in_shortage() -> None:
    assert usual_training(0.05, 0.05, 1) == pytest.approx(0.05)
    assert usual_training(0.05, 0.05, math.e**2) == pytest.approx(0.15)
    assert next_trained(0.1, 0.05, 0.1, 1.0, 0.0) == pytest.approx(0.1)
    assert next_trained(0.1, 0.05, 0.1, 1.4, 0.2) == pytest.approx(0.95 * 0.1 + 0.05 * 0.34)


def test_support_trains_workers_of_treated_firms_alone(under_plan: RegionModel) -> None:
    trained = []
    for support in (0.0, 0.3):
        now = ready_for("firms_train", under_plan)
        row = first_employer(now)
        now.levers.move("training_support", support, np.array([row]))
        firms_train(now)
        trained.append(now.state.firms.a.trained.copy())
    assert np.flatnonzero(trained[0] != trained[1]).tolist() == [row]
    assert trained[1][row] - trained[0][row] == pytest.approx(0.3 * now.parameters.training.fades_q, rel=1e-4)


def test_support_lifts_a_firm_to_the_ceiling_of_its_place(under_plan: RegionModel) -> None:
    support, ceiling = np.array([0.3, 0.3, 0.3, 0.3, 0.0]), np.array([0.9, 0.9, 0.9, 1.2, 0.9])
    step = digital_step(support, ceiling, np.array([0.2, 0.75, 0.95, 0.8, 0.95]))
    assert step == pytest.approx([0.3, 0.15, 0.0, 0.2, 0.0])
    now = ready_for("firms_digitalise", under_plan)
    f, p, of = now.state.firms.a, now.parameters.firms, now.reference.arrondissement_of
    employers = f.kind == EMPLOYER
    rows = [int(np.flatnonzero(employers & (of[f.municipality] == a))[0]) for a in (0, 1)]
    f.digital[rows] = 0.85
    now.levers.move("digital_support", 0.5, np.array(rows))
    now.levers.move("digital_ceiling", np.array([0.0, 0.04]))
    firms_digitalise(now)
    path = 0.85 + p.digital_drift_q * 0.15
    assert f.digital[rows] == pytest.approx([path, path])  # a firm's own path has no ceiling
    assert now.flows["digital_step"][rows] == pytest.approx([p.digital_ceiling - path, p.digital_ceiling + 0.04 - path])


def test_a_ceiling_without_support_does_nothing(start: RegionModel) -> None:
    now = ready_for("firms_digitalise", start)
    now.state.firms.a.digital[:] = 0.97  # above the ceiling
    now.levers.move("digital_ceiling", 0.1)
    firms_digitalise(now)
    assert not now.flows["digital_step"].any()


def test_productivity_moves_to_what_tools_knowledge_and_training_allow(under_plan: RegionModel) -> None:
    now = ready_for("firms_digitalise", under_plan)
    f, row, p = now.state.firms.a, first_employer(now), now.parameters
    now.state.economy.short[:], now.state.economy.digital_skill[:] = 0.5, 1.1
    now.levers.move("digital_support", 0.25, np.array([row]))
    f.digital[row] = 0.2
    firms_digitalise(now)
    assert now.flows["digital_step"][row] == pytest.approx(0.25)
    f.research[row], f.research_start[row], f.ln_tfp[row] = 1.0, 0.0, 0.0
    usual = usual_training(p.training.trained_smallest, p.training.trained_size_slope, int(f.real_jobs[row]))
    f.trained[row] = usual + 0.1
    firms_raise_productivity(now)
    digital = math.log1p(p.firms.digital_tfp_gain) * (1 - p.firms.digital_needs_skills * 0.5) * 0.25
    digital *= 1.1**p.firms.digital_skill_complement
    known = research_gain(1.0, p.research.output_elasticity, p.research.tacit)
    target = digital + known + math.log1p(p.training.gain) * 0.1
    assert f.ln_tfp[row] == pytest.approx(target / p.firms.digital_lag_q, rel=1e-4)


def test_a_measure_adds_to_the_productivity_a_firm_moves_towards(under_plan: RegionModel) -> None:
    reached = []
    for added in (0.0, 0.03):
        now = ready_for("firms_raise_productivity", under_plan)
        row = first_employer(now)
        now.levers.move("productivity", added, np.array([row]))
        firms_raise_productivity(now)
        reached.append(now.state.firms.a.ln_tfp.astype(float))
    assert np.flatnonzero(reached[0] != reached[1]).tolist() == [row]
    assert reached[1][row] - reached[0][row] == pytest.approx(0.03 / now.parameters.firms.digital_lag_q, rel=1e-4)


# Closing and founding ----------------------------------------------------------------------------------------------


def test_firms_with_more_money_close_less_often() -> None:
    assert cash_ratio(100.0, 100.0, 1.0, 0.2) == 1.0
    assert cash_ratio(0.0, 100.0, 1.0, 0.2) == pytest.approx(math.exp(0.2))
    assert cash_ratio(1e9, 100.0, 1.0, 0.2) == pytest.approx(math.exp(-0.4))  # at most two buffers count
    assert cash_ratio(5.0, 0.0, 1.0, 0.2) == 1.0


def test_an_insolvent_firm_closes_and_its_money_is_accounted_for(under_plan: RegionModel) -> None:
    now = ready_for("firms_close", under_plan)
    f, row = now.state.firms.a, first_employer(now)
    f.insolvent[row], f.cash[row], f.debt[row] = 1, -500.0, 2000.0
    cash, debt = f.cash.copy(), f.debt.copy()
    firms_close(now)
    closing = now.flows["closing"]
    assert closing[row] and now.flows["closed_insolvent"] >= 1
    assert now.flows["liquidation"] == pytest.approx(np.maximum(cash[closing], 0).sum())
    assert now.flows["write_offs"] == pytest.approx((debt - np.minimum(cash, 0))[closing].sum())
    assert not f.cash[closing].any() and not f.debt[closing].any() and not f.size_weight[closing].any()


def test_starters_go_where_margins_rose(under_plan: RegionModel) -> None:
    now = ready_for("firms_are_founded", under_plan)
    economy = now.state.economy
    economy.margin = economy.base_margin.copy()
    assert np.allclose(starters_by_margin(now), now.reference.starters_sector_cumulative)
    economy.margin[0] += 0.2
    share = np.diff(starters_by_margin(now), prepend=0.0)
    usual = np.diff(now.reference.starters_sector_cumulative, prepend=0.0)
    factor = math.exp(0.2 * now.parameters.firms.founds_where_profitable)
    assert share[0] / share[1] == pytest.approx(usual[0] / usual[1] * factor)
