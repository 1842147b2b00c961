"""Youth, education and migration: formulas by hand, directions, and what common random numbers must keep."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from regionsim.model.accounts import population_is_counted
from regionsim.model.recording import own_graduates, studies_by_place_and_track
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.population.graduates_who_left import add_graduates_who_left
from regionsim.population.keyed import Keyed
from regionsim.population.reach import study_reach
from regionsim.processes.education.choice_of_studies import choice_probabilities
from regionsim.processes.education.pupils_choose_track import chance_of_technical_track, pupils_choose_track
from regionsim.processes.education.school_year import quarters_of_wait, starts_cumulative
from regionsim.processes.education.students_drop_out import drop_out_probability
from regionsim.processes.labour.gaps import ln_tightness_gap, ln_wage_gap
from regionsim.processes.migration.arrivals import age_factor, arriving_year
from regionsim.processes.migration.departures import move_factor
from regionsim.processes.migration.graduates_decide_where_to_live import graduates_decide_where_to_live
from regionsim.processes.migration.location_choice import (
    StayWeights,
    appeal_by_place,
    chance_of_living_here,
    did_study_here,
    has_family_here,
    region_appeal,
    stay_weights,
)
from regionsim.state.people import (
    ARRIVED,
    BACHELOR,
    GENERAL,
    INACTIVE,
    JOB_SEEKER,
    LEFT,
    PUPIL,
    RESIDENT,
    TECHNICAL,
    VOCATIONAL,
)
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import by_id, copied, until

WEIGHTS = StayWeights(constant=-0.8, studied_here=0.4, selection=1.6, family=0.5)


@pytest.fixture
def now(under_plan: RegionModel) -> Now:
    """The coming quarter of 2013Q3, before anything has happened in it."""
    return copied(under_plan).now()


def recorded(setup: Setup, horizon: str) -> xr.Dataset:
    """The outcomes of a run without a plan."""
    model = RegionModel(models.changed(setup, horizon=horizon), 0, record=True)
    model.run(len(model.setup.quarters))
    assert model.recorder is not None
    return model.recorder.finish(1.0)


# Where graduates live -----------------------------------------------------------------------------------------------


def test_the_chance_to_live_here_is_logistic_in_what_speaks_for_it() -> None:
    assert chance_of_living_here(0.8, 0.0, 0.0, WEIGHTS) == 0.5
    assert chance_of_living_here(0.1, 1.0, 1.0, WEIGHTS) == pytest.approx(1 / (1 + math.exp(-1.8)))  # -.8+.1+2+.5


def test_studying_here_raises_the_chance_by_its_causal_part_and_selection() -> None:
    """The mean causal effect is what M22 says: about ten points."""
    b = stay_weights(models.parameters().central().migration)
    away = [chance_of_living_here(0.0, 0.0, family, b) for family in (0.0, 1.0)]
    odds = np.array([chance / (1 - chance) for chance in away]) * math.exp(b.studied_here)
    effect = odds / (1 + odds) - away
    assert (effect > 0.08).all() and (effect < 0.12).all()


def test_appeal_is_zero_in_the_first_quarter_and_follows_each_of_its_parts(setup: Setup, now: Now) -> None:
    assert region_appeal(RegionModel(setup, 0).now()) == 0.0
    economy, p = now.state.economy, now.parameters.migration
    economy.base_rd_job_share = economy.rd_job_share = 0.10
    start = region_appeal(now)
    assert start == pytest.approx(p.stay_wage * ln_wage_gap(now) + p.stay_tightness * ln_tightness_gap(now))
    economy.rd_job_share = 0.10 + p.rd_share_sd
    assert region_appeal(now) == pytest.approx(start + p.stay_research)
    now.levers.move("place_image", 2.0)
    assert region_appeal(now) == pytest.approx(start + p.stay_research + 2 * p.stay_image)
    now.levers.move("graduate_pull", 0.7)
    assert region_appeal(now) == pytest.approx(start + p.stay_research + 2 * p.stay_image + 0.7)
    economy.amenity = np.arange(economy.amenity.size, dtype=float)
    assert appeal_by_place(now) == pytest.approx(region_appeal(now) + p.stay_amenity * economy.amenity)


def test_wages_and_tightness_above_the_neighbours_speak_for_the_region(now: Now) -> None:
    """By the wage curve at the region's unemployment, the neighbours' wages, and vacancies per job-seeker; not by the
    level of wages, in which the neighbours share."""
    p, economy = now.parameters, now.state.economy
    before = region_appeal(now)
    economy.wage_index *= 1.1
    assert region_appeal(now) == before
    economy.unemployment_trend /= 2
    by_curve = before + p.migration.stay_wage * p.labour.wage_curve * math.log(0.5)
    assert region_appeal(now) == pytest.approx(by_curve) and by_curve > before
    economy.tightness *= 1.2
    tighter = by_curve + p.migration.stay_tightness * math.log(1.2)
    assert region_appeal(now) == pytest.approx(tighter) and tighter > by_curve
    now.drivers = {**now.drivers, "relative_wage_neighbours": 1.1 * now.drivers["relative_wage_neighbours"]}
    assert region_appeal(now) == pytest.approx(tighter - p.migration.stay_wage * math.log(1.1))


def test_graduates_leave_as_often_as_the_formula_says(under_plan: RegionModel) -> None:
    """New graduates of 2013Q3 over many draws of the run: within four standard deviations of the summed chances."""
    leaving = expected = variance = 0.0
    for draw in range(12):
        model = copied(under_plan)
        model.draws = type(model.draws)(1000 + draw)
        now = until(model, "graduates_decide_where_to_live")
        p, rows, b = now.state.people.a, now.flows["new_graduates"], now.parameters.migration
        rows = rows[p.exit[rows] == 0]
        appeal = region_appeal(now) + b.stay_at_graduation
        chance = [
            chance_of_living_here(appeal, did_study_here(p, i), has_family_here(p, i), stay_weights(b)) for i in rows
        ]
        graduates_decide_where_to_live(now)
        leaving += (p.exit[rows] == 3).sum()
        expected += (1 - np.array(chance)).sum()
        variance += (np.array(chance) * (1 - np.array(chance))).sum()
    assert expected > 30
    assert abs(leaving - expected) < 4 * math.sqrt(variance) + 2


def test_who_left_comes_back_with_a_better_region_and_nobody_else_moves(setup: Setup) -> None:
    """A pull of .1 for three years: fewer graduates are away, and hardly anyone is away who was not."""
    plain, pulled = RegionModel(setup, 0), RegionModel(setup, 0)
    for _ in range(12):
        plain.step()
        with models.processes_of_the_quarter(
            models.after("institutions_agree_and_deliver", lambda now: now.levers.move("graduate_pull", 0.1))
        ):
            pulled.step()
    away, away_pulled = (
        {i for i, (place,) in by_id(model.people, "place").items() if place == LEFT} for model in (plain, pulled)
    )
    assert len(away_pulled) < len(away)
    assert len(away_pulled - away) <= 0.01 * len(away)
    residents, others = (set(by_id(model.people)) for model in (plain, pulled))
    assert len(residents ^ others) <= 0.001 * len(residents)


def test_departures_of_workers_fall_with_appeal_and_those_of_children_do_not() -> None:
    factor = move_factor(np.array([0.0, 1.0, -10.0]), 0.2)
    assert (factor[0] == 1.0).all()
    assert factor[1, 30] == pytest.approx(math.exp(-0.2)) and factor[1, 10] == factor[1, 70] == 1.0
    assert factor[2, 30] == 2.0  # bounded


def test_a_sample_holds_the_graduates_who_left_before_and_no_others(setup: Setup) -> None:
    p = setup.population.people.a
    left = np.flatnonzero(p.place == LEFT)
    own = (p.education >= BACHELOR) & (p.place == RESIDENT) & (p.age_q >= 120) & (p.age_q < 140)
    assert 0.2 < (p.age_q[left] >= 120).sum() / (own.sum() + (p.age_q[left] >= 120).sum()) < 0.5
    assert (p.age_q[left] >= 88).all() and (p.age_q[left] < 140).all() and (p.education[left] >= BACHELOR).all()
    assert (p.activity[left] == INACTIVE).all() and (p.employer[left] == -1).all()
    copy = setup.population.people.copy()
    add_graduates_who_left(copy, setup.settings.parameters.central().population, Keyed(setup.settings.seed))  # type: ignore[arg-type]
    again = np.bincount(np.unique(copy.a.id[copy.a.place == LEFT], return_inverse=True)[1])
    assert (again == 2).all()  # the same people under the same ids


# School ------------------------------------------------------------------------------------------------------------


def test_the_choice_of_studies_by_hand() -> None:
    """Two choices beside none, one of them twice as near as on average; b = 1 doubles its weight."""
    usual = np.array([[0.2, 0.4, 0.4]])
    reach = np.array([[0.0, 0.0, 0.0], [0.0, math.log(2), 0.0]])
    chances = choice_probabilities(usual, reach, 1.0, 0.0)
    assert chances.shape == (2, 1, 3)
    assert chances[0, 0] == pytest.approx([0.2, 0.4, 0.4])
    assert chances[1, 0] == pytest.approx(np.array([0.2, 0.8, 0.4]) / 1.4)
    shifted = choice_probabilities(usual, reach, 0.0, math.log(3))
    assert shifted[0, 0] == pytest.approx(np.array([0.2, 1.2, 1.2]) / 2.6)


def test_a_choice_nobody_makes_stays_impossible() -> None:
    chances = choice_probabilities(np.array([[0.5, 0.5, 0.0]]), np.array([[0.0, 0.0, 5.0]]), 0.8, 0.3)
    assert chances[0, 0, 2] < 1e-9 and chances.sum() == pytest.approx(1.0)


def test_nearer_supply_is_further_reach(setup: Setup) -> None:
    reach = study_reach(setup.tables)
    colleges = setup.tables.arrondissements["college_students"].to_numpy()
    assert reach.shape == (colleges.size, 5) and (reach[:, 0] == 0).all() and np.isfinite(reach).all()
    assert reach[colleges.argmax(), 1] > 0 > reach[colleges.argmin(), 1]


def test_the_chance_of_a_technical_track_moves_by_points() -> None:
    assert chance_of_technical_track(0.62, 0.0) == 0.62
    assert chance_of_technical_track(0.62, 0.05) == pytest.approx(0.67)
    assert chance_of_technical_track(0.62, 0.5) == 1.0 and chance_of_technical_track(0.62, -0.7) == 0.0


def test_a_push_to_technical_tracks_moves_only_those_who_get_it_and_none_the_other_way(under_plan: RegionModel) -> None:
    chosen = []
    for push in (0.0, 0.1, 0.3):
        now = until(copied(under_plan), "pupils_choose_track")
        p = now.state.people.a
        new = np.flatnonzero((p.place == RESIDENT) & (p.activity == PUPIL) & (p.study_end_q < 0))
        reached = new[p.id[new] % np.uint64(2) == 0]
        now.levers.move("technical_track", push, reached)
        pupils_choose_track(now)
        assert (p.study_end_q[new] >= now.quarter).all()
        assert np.array_equal(p.technical[new] == 1, np.isin(p.track[new], [TECHNICAL, VOCATIONAL]))
        assert ((p.technical[new] == 0) == (p.track[new] == GENERAL)).all()
        chosen.append(dict(zip(p.id[new].tolist(), p.technical[new].tolist(), strict=True)))
    assert all(chosen[0][i] <= chosen[1][i] <= chosen[2][i] for i in chosen[0])
    changed = [i for i in chosen[0] if chosen[0][i] != chosen[2][i]]
    assert changed and all(i % 2 == 0 for i in changed)


def test_most_who_stop_do_so_in_their_first_year() -> None:
    assert drop_out_probability(2, 3, 0.1, 0.03) == 0.1  # two of three years left
    assert drop_out_probability(1, 3, 0.1, 0.03) == 0.03
    assert drop_out_probability(0, 3, 0.1, 0.03) == drop_out_probability(-1, 3, 0.1, 0.03) == 0.0
    assert drop_out_probability(4, 5, 0.1, 0.03) == 0.1


def test_the_wait_before_the_search_follows_the_shares() -> None:
    cumulative = starts_cumulative((2.0, 1.0, 1.0))
    assert cumulative == pytest.approx([0.5, 0.75, 1.0])
    assert [quarters_of_wait(u, cumulative) for u in (0.0, 0.49, 0.5, 0.74, 0.75, 0.999)] == [0, 0, 1, 1, 2, 2]


def test_who_waits_looks_for_work_in_time_and_only_once(setup: Setup) -> None:
    """After three quarters none of a summer's leavers waits any more."""
    model = RegionModel(setup, 0).run(7)
    p = model.people.a
    waiting = np.flatnonzero((p.place == RESIDENT) & (p.activity == INACTIVE) & (p.study_end_q >= 0))
    ids = set(p.id[waiting].tolist())
    assert len(ids) > 20 and (p.study_end_q[waiting] >= 7).all() and (p.study_end_q[waiting] <= 9).all()
    until(model, "leavers_look_for_work")
    due = waiting[(p.study_end_q[waiting] == 7) & (p.activity[waiting] == INACTIVE)]
    now_seek = p.activity[due] == JOB_SEEKER
    assert due.size and not now_seek.any()
    model = RegionModel(setup, 0).run(10)
    p = model.people.a
    assert not ((p.place == RESIDENT) & (p.activity == INACTIVE) & (p.study_end_q >= 0)).any()


def test_young_job_seekers_peak_in_the_third_quarter(setup: Setup) -> None:
    """Against the second quarter, mean of six years: some seventy people, so that single years say little."""
    data = recorded(setup, "2016Q4")
    young = data["job_seekers"].sel(age_group="15-24").sum("arrondissement").values.reshape(-1, 4).mean(axis=0)
    assert young[2] > 1.05 * young[1]
    assert young[1] == young.min()


# Arrivals ----------------------------------------------------------------------------------------------------------


def test_arrivals_of_an_age_rise_by_what_its_net_migration_does() -> None:
    by_band = np.zeros(21)
    by_band[[0, 3, 4, 6, 9, 13]] = [100.0, 50.0, 50.0, 200.0, 80.0, 40.0]
    factor = age_factor(by_band, np.array([0.0, 20.0, -300.0, 8.0, 0.0]), 0.3)
    assert factor[0] == 1.0 and factor[3] == factor[5] == pytest.approx(1.2)
    assert factor[6] == 0.3 and factor[9] == pytest.approx(1.1) and factor[20] == 1.0


def test_net_migration_sets_how_many_come_and_migration_rate_of_which_age(now: Now) -> None:
    reference = now.reference
    now.drivers["net_migration"] = reference.net_migration_reference.copy()
    now.drivers["migration_rate"] = reference.migration_rate_reference.copy()
    assert arriving_year(now) == pytest.approx(reference.arrivals_year)
    now.drivers["migration_rate"] = reference.migration_rate_reference + np.array([0.0, 3.0, 0.0, 0.0, 0.0])
    young = arriving_year(now)
    assert young.sum(axis=(1, 2)) == pytest.approx(reference.arrivals_year.sum(axis=(1, 2)))
    assert young[:, :, 3:6].sum() > reference.arrivals_year[:, :, 3:6].sum()
    now.drivers["net_migration"] = reference.net_migration_reference + 50.0
    more = arriving_year(now).sum(axis=(1, 2)) - reference.arrivals_year.sum(axis=(1, 2))
    assert more == pytest.approx(50.0)


def test_a_region_that_ages_fast_attracts_fewer_of_the_young_and_as_many_people(setup: Setup) -> None:
    young, everyone = [], []
    for pace in ("fast", "central", "slow"):
        world = replace(setup.settings.world, ageing=pace)
        model = RegionModel(models.changed(setup, world=world, horizon="2018Q4"), 0)
        known = arriving_year(model.now())
        model.state.quarter = len(model.setup.quarters) - 1  # beyond the mortality table
        arriving = arriving_year(model.now())
        assert known == pytest.approx(arriving_year(RegionModel(setup, 0).now()))
        young.append(arriving[:, :, 3:9].sum())
        everyone.append(arriving.sum())
    assert young[0] < young[1] < young[2]
    assert everyone == pytest.approx([everyone[1]] * 3)


# What is counted -----------------------------------------------------------------------------------------------------


def test_shares_of_own_graduates_by_hand() -> None:
    shares = own_graduates([60, 40, 30, 20])
    assert shares["graduate_retention"] == 60.0 and shares["graduate_loss"] == 40.0
    assert all(math.isnan(float(value)) for value in own_graduates([0, 0, 0, 0]).values())  # type: ignore[arg-type]


def test_counts_of_the_quarter_are_those_of_the_rows(under_plan: RegionModel) -> None:
    model = copied(under_plan)
    model.step()
    now, p = model.now(), model.people.a
    population_is_counted(now)
    here = p.place == RESIDENT
    assert now.flows["residents_20_59"] == (here & (p.age_q >= 80) & (p.age_q < 240)).sum()
    own = (p.education >= BACHELOR) & (p.origin != ARRIVED) & (p.age_q >= 88) & (p.age_q < 140)
    older = p.age_q >= 120
    wanted = [(own & here), own & (p.place == LEFT), own & here & older, own & older & (p.place == LEFT)]
    assert now.flows["own_graduates"] == [each.sum() for each in wanted]
    now.flows["in_school"] = model.flows["in_school"]
    counted = studies_by_place_and_track(now)
    assert np.sum(counted["students_by_place"]) == (here & (p.activity >= 2) & (p.activity <= 3)).sum()
    assert np.sum(counted["pupils_by_track"]) == (here & (p.activity == PUPIL) & (p.track > 0)).sum()


def test_net_migration_by_age_adds_up_to_arrivals_less_departures(setup: Setup) -> None:
    data = recorded(setup, "2012Q4")
    net = data["arrivals"].sum("municipality") - data["departures"].sum("municipality")
    assert data["net_migration"].sum(["age_group", "education"]).values == pytest.approx(net.values)
