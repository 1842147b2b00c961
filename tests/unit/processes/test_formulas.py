"""Formulas by hand, and the direction in which each decision goes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.processes.demography.deaths import death_probability_year
from regionsim.processes.education.school_year import school_leaving_quarter, study_end
from regionsim.processes.labour.matching import worth
from regionsim.processes.labour.owners_and_workers_retire import owners_and_workers_retire
from regionsim.processes.labour.participation import participation
from regionsim.processes.labour.separations import quit_probability_q
from regionsim.processes.labour.temporary_unemployment import temporary_unemployment
from regionsim.processes.labour.wages import hiring_wage, pay_rule, real_wage_index, wages_by_rule
from regionsim.state.calendar import ordinal
from regionsim.state.people import JOB_SEEKER, RETIRED
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import copied, until, with_parameter


@pytest.fixture
def now(under_plan: RegionModel) -> Now:
    """The coming quarter of 2013Q3, before anything has happened in it."""
    return copied(under_plan).now()


def ready_for(name: str, model: RegionModel) -> Now:
    return until(copied(model), name)


# School ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarter_of_year", [1, 2, 3, 4])
@pytest.mark.parametrize("age_q", range(60, 74))
def test_school_ends_in_the_third_quarter_of_the_year_of_the_eighteenth_birthday(
    age_q: int, quarter_of_year: int
) -> None:
    """Or in the next third quarter, for who moves in after that."""
    quarter = 8 + quarter_of_year - 1  # run quarter 8 is a first quarter
    end = school_leaving_quarter(age_q, quarter, quarter_of_year)
    assert end % 4 == 2 and end >= quarter
    birthday = quarter + max(72 - age_q, 0)
    wanted = birthday // 4 * 4 + 2
    assert end == (wanted if wanted >= quarter else wanted + 4)


def test_studies_end_in_a_third_quarter_again() -> None:
    assert [study_end(2, years) for years in (1, 3, 5)] == [6, 14, 22]


# Work --------------------------------------------------------------------------------------------------------------


def test_the_chance_of_quitting_falls_with_tenure_to_a_floor() -> None:
    chances = np.array([quit_probability_q(t, 0.012, 0.06, 0.2) for t in range(100)])
    assert chances[0] == pytest.approx(0.072)
    assert chances[5] == pytest.approx(0.012 + 0.06 * math.exp(-1))
    assert (np.diff(chances) < 0).all()
    assert chances[-1] == pytest.approx(0.012, abs=1e-8) and (chances > 0.012).all()


def test_more_unemployment_discourages(under_plan: RegionModel) -> None:
    """Fewer start to search and more give up, and everyone keeps the direction: no one the other way round."""
    seekers = []
    for factor in (0.5, 1.0, 2.0):
        now = ready_for("participation", under_plan)
        now.state.economy.unemployment_trend = factor * now.state.economy.base_unemployment_trend
        participation(now)
        seekers.append(set(now.state.people.select(lambda a: a.activity == JOB_SEEKER).get("id").tolist()))
    assert seekers[0] > seekers[1] > seekers[2]


@pytest.mark.parametrize("unemployment", [0.5, 1.0, 2.0])
def test_real_wages_are_the_norm_times_the_wage_curve(unemployment: float) -> None:
    assert real_wage_index(0.004, -0.1, 8, unemployment) == pytest.approx(math.exp(0.008) * unemployment**-0.1)


def test_real_wages_stand_lower_where_unemployment_stands_higher_and_do_not_accumulate_it() -> None:
    by_rate = [real_wage_index(0.004, -0.1, 4, rate) for rate in (0.5, 1, 2, 4)]
    assert (np.diff(by_rate) < 0).all()
    assert real_wage_index(0.0, -0.1, 40, 2.0) == real_wage_index(0.0, -0.1, 4, 2.0)
    assert real_wage_index(0.01, 0.0, 40, 2.0) == pytest.approx(math.exp(0.1))


def test_a_seeker_likes_pay_and_dislikes_the_way_to_work() -> None:
    seeker, vacancy, key = np.uint64(5), np.uint64(9), np.uint64(3)
    value = worth(seeker, vacancy, 0.1, 0.0, 0.3, key)
    assert worth(seeker, vacancy, 0.3, 0.0, 0.3, key) == pytest.approx(value + 0.2)
    assert worth(seeker, vacancy, 0.1, 0.1, 0.3, key) == pytest.approx(value - 0.1)
    assert worth(seeker, vacancy, 0.1, 0.0, 0.0, key) == 0.1
    tastes = [worth(np.uint64(i), vacancy, 0.0, 0.0, 0.3, key) for i in range(2000)]
    assert min(tastes) > 0 and max(tastes) < 0.3 and np.mean(tastes) == pytest.approx(0.15, abs=0.01)


def test_pay_rises_with_education_age_firm_and_skill() -> None:
    skill = 0.3
    wage = hiring_wage(skill, 9000.0, 160, 0.012, 0.1)
    assert hiring_wage(skill, 18000.0, 160, 0.012, 0.1) == pytest.approx(2 * wage)
    assert hiring_wage(skill, 9000.0, 164, 0.012, 0.1) == pytest.approx(wage * math.exp(0.012))
    assert hiring_wage(skill, 9000.0, 160, 0.012, 0.2) == pytest.approx(wage * math.exp(0.1))
    assert hiring_wage(skill, 9000.0, 400, 0.012, 0.1) == hiring_wage(skill, 9000.0, 220, 0.012, 0.1)
    assert hiring_wage(skill, 9000.0, 40, 0.012, 0.1) == hiring_wage(skill, 9000.0, 80, 0.012, 0.1)
    assert hiring_wage(skill + 0.1, 9000.0, 160, 0.012, 0.1) == pytest.approx(wage * math.exp(0.1))
    assert hiring_wage(0.0, 9000.0, 160, 0.0, 0.0) == 9000


def test_the_hiring_rule_pays_what_census_day_paid_on_average(setup: Setup) -> None:
    model = RegionModel(setup, 0)
    now = model.now()
    now = replace(now, parameters=setup.settings.parameters.central())
    rows = np.flatnonzero((model.people.a.place >= 0) & (model.people.a.employer >= 0))
    ruled = wages_by_rule(model.people.a, rows, *pay_rule(now))
    assert ruled.mean() == pytest.approx(float(model.people.a.wage_eur_q[rows].astype(float).mean()), rel=1e-6)


def test_retirement_comes_later_year_by_year_below_the_statutory_age(setup: Setup) -> None:
    """The same people in the same quarter of the year: who retires later in the trend would have earlier too."""
    retired = []
    for first in ("2011Q1", "2019Q1", "2030Q1", "2040Q1"):
        model = RegionModel(setup, 0)
        now = replace(model.now(), first_ordinal=ordinal("2011Q1"))
        now.state.quarter = ordinal(first) - ordinal("2011Q1")
        now.draws.key = lambda decision, quarter: np.uint64(12345)  # type: ignore[method-assign]
        before = set(model.people.select(lambda a: a.activity == RETIRED).get("id").tolist())
        owners_and_workers_retire(now)
        after = model.people.select(lambda a: a.activity == RETIRED)
        ages = dict(after.get(["id", "age_q"]))
        retired.append({who: age for who, age in ages.items() if who not in before})
    assert set(retired[1]) < set(retired[0]) and set(retired[2]) < set(retired[1])
    assert retired[3] == retired[2]  # the trend has ended
    assert {who for who, age in retired[0].items() if age >= 65 * 4} == {
        who for who, age in retired[2].items() if age >= 65 * 4
    }


# Firms -------------------------------------------------------------------------------------------------------------


def test_slack_sends_workers_home_and_only_slack(under_plan: RegionModel) -> None:
    at_home = []
    for slack in (0.0, 0.04, 0.3, 1.0):
        now = ready_for("temporary_unemployment", under_plan)
        now.state.firms.a.slack[:] = slack
        employed_before = now.state.people.select(lambda a: (a.activity == 4) | (a.activity == 6)).count()
        temporary_unemployment(now)
        sent = now.state.people.select(lambda a: a.activity == 6)
        at_home.append(set(sent.get("id").tolist()))
        assert now.state.people.select(lambda a: (a.activity == 4) | (a.activity == 6)).count() == employed_before
        assert (sent.get("employer") >= 0).all()
    assert at_home[0] == at_home[1] == set()
    assert at_home[2] == at_home[3]  # no more than the rules allow outside the pandemic
    share = len(at_home[2]) / employed_before
    assert share == pytest.approx(now.parameters.labour.temporary_unemployment_max, abs=0.03)


# Demand, prices, production ----------------------------------------------------------------------------------------


def test_the_base_economy_is_at_rest(setup: Setup) -> None:
    """With every market at its first level, demand calls for exactly the first output, and its value added."""
    base = setup.base
    output = base.leontief @ base.final_demand.sum(axis=0)
    assert np.allclose(output, base.output, rtol=1e-9)
    inputs = base.intermediate_local.sum(axis=0) + base.imported_inputs
    assert np.allclose(base.output * (1 - inputs), base.gva, rtol=1e-9)
    assert (base.final_demand >= 0).all() and (base.output > 0).all()


# Births and deaths -------------------------------------------------------------------------------------------------


def test_births_come_at_the_rate_of_the_driver(setup: Setup) -> None:
    """Births of two years over ten draws against women x age profile x fertility: within four standard deviations."""
    born = expected = 0.0
    for draw in range(10):
        model = RegionModel(setup, draw)
        for _ in range(8):
            now = model.now()
            p, here = model.people.a, model.people.a.place == 0
            women = here & (p.sex == 0) & (p.age_q >= 60) & (p.age_q < 200)
            place = setup.reference.arrondissement_of[p.municipality[women]]
            rate = now.drivers["fertility"][place] * setup.reference.fertility_profile[p.age_q[women] >> 2] / 4
            expected += rate.sum()
            model.step()
            born += model.flows["births"].sum()
    assert abs(born - expected) < 4 * math.sqrt(1.05 * expected)  # twins add a little to Poisson
    assert expected > 1500


def test_deaths_come_at_the_rates_of_the_table(setup: Setup) -> None:
    died = expected = 0.0
    for draw in range(10):
        model = RegionModel(setup, draw)
        for _ in range(4):
            now = until(copied(model), "deaths")
            p, here = now.state.people.a, now.state.people.a.place == 0
            yearly = death_probability_year(now, 1.0) * np.repeat(now.drivers["mortality"], [65, 46])
            place = setup.reference.arrondissement_of[p.municipality[here]]
            risk = np.minimum(
                yearly[p.sex[here], np.minimum(p.age_q[here] >> 2, 110)] * setup.reference.death_factor[place],
                1,
            )
            expected += (1 - (1 - risk) ** 0.25).sum()
            model.step()
            died += model.flows["deaths"].sum()
    assert abs(died - expected) < 4 * math.sqrt(expected)
    assert expected > 900


def test_mortality_goes_on_falling_after_the_table_at_the_pace_of_the_world(now: Now) -> None:
    last_year = now.reference.death_first_year + now.reference.death_probability.shape[0] - 1
    now.state.quarter = (last_year - 2011) * 4
    table = death_probability_year(now, 1.0)
    assert np.array_equal(table, now.reference.death_probability[-1])
    now.state.quarter += 40
    slow, central, fast = (death_probability_year(now, pace) for pace in (0.5, 1.0, 1.5))
    assert (fast <= central).all() and (central <= slow).all() and (slow <= table).all()
    assert central.sum() < 0.95 * table.sum()
    assert np.allclose(central, table * np.exp(-10 * now.reference.death_improvement))


def test_the_world_of_fast_ageing_has_more_residents_and_more_old_ones(setup: Setup) -> None:
    """Same draws, so whoever lives on where mortality falls slowly lives on where it falls fast."""
    residents, old = [], []
    for pace in ("fast", "central", "slow"):
        other = models.changed(setup, horizon="2024Q4", world=replace(setup.settings.world, ageing=pace))
        model = RegionModel(other, 0).run(52)
        residents.append(model.outcomes["residents"])
        old.append(model.people.select(lambda a: (a.place == 0) & (a.age_q >= 80 * 4)).count())
    assert residents[0] > residents[1] > residents[2]
    assert old[0] > old[1] > old[2]


# Where a parameter acts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "name", "low", "high", "outcome", "sign"),
    [
        ("labour", "quit_base_q", 0.005, 0.03, "separations", 1),
        ("labour", "gives_up_q", 0.02, 0.2, "inactive", 1),
        ("firms", "own_account_closing_ratio", 0.1, 1.0, "firms_closed", 1),
        ("firms", "without_successor", 0.0, 0.9, "firms_closed", 1),
        ("firms", "starter_size", 1.0, 12.0, "jobs", 0),
        ("education", "choice_shift", -1.0, 1.0, "students_here", 1),
        ("education", "extra_year_share", 0.0, 0.8, "graduates", -1),
        ("education", "drops_out_first_year", 0.0, 0.3, "graduates", -1),
        ("migration", "stay_constant", -3.0, 2.0, "graduates_leaving", -1),
        ("migration", "reconsiders_elsewhere_year", 0.0, 0.3, "graduates_returning", 1),
        ("migration", "tertiary_departure_ratio", 0.0, 2.0, "young_graduates", -1),
        ("trade", "consumption_smoothing", 0.0, 1.0, "gva", 0),
    ],
)
def test_a_parameter_moves_the_outcome_in_its_direction(
    setup: Setup, block: str, name: str, low: float, high: float, outcome: str, sign: int
) -> None:
    """Sum over four years of the same draw; sign 0: it makes a difference, either way."""
    totals = []
    for value in (low, high):
        other = models.changed(with_parameter(setup, block, **{name: value}), horizon="2014Q4")
        totals.append(float(RegionModel(other, 0, record=True).run(16).recorder.finish(1.0)[outcome].sum()))
    assert (totals[1] - totals[0]) * sign > 0 if sign else totals[0] != totals[1]
