"""The labour market's formulas against values computed by hand, and the direction of each of its decisions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import World
from regionsim.model.setup import Setup
from regionsim.processes.labour.commuters_come_and_go import commuters_come_and_go
from regionsim.processes.labour.firms_post_vacancies import firms_post_vacancies, jobs_aimed_at, vacancies_wanted
from regionsim.processes.labour.gaps import ln_tightness_gap, ln_wage_gap
from regionsim.processes.labour.hires import hires
from regionsim.processes.labour.job_seekers_train import job_seekers_train
from regionsim.processes.labour.ladder import RUNGS, occupation, speed_for, steps, transitions, with_odds
from regionsim.processes.labour.meetings import chance_of_meeting, levels_beside, seekers_by_work
from regionsim.processes.labour.participation import participation
from regionsim.processes.labour.search import fit, quit_ratio, search_effort
from regionsim.processes.labour.separations import layoff_chance, leaving_ratio, separations
from regionsim.processes.labour.temporary_unemployment import share_sent_home
from regionsim.processes.labour.wages import real_wage_index
from regionsim.state.firms import EMPLOYER
from regionsim.state.people import COMMUTER, INACTIVE, JOB_SEEKER, RESIDENT, WITHDRAWAL
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import copied, until


def ready_for(name: str, model: RegionModel) -> Now:
    return until(copied(model), name)


def ids(now: Now, rows: np.ndarray) -> set[int]:  # type: ignore[type-arg]
    return set(now.state.people.a.id[rows].tolist())


# Vacancies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacking", "carried", "left", "share", "at_work", "u", "wanted"),
    [
        (10, 3, 2, 0.4, 1.0, 0.0, 5 + 2),  # 3 carried, 2 replaced, 0.4 x 5 of the rest
        (10, 3, 2, 0.4, 1.0, 0.99, 5 + 2),
        (10, 3, 3, 0.4, 1.0, 0.3, 6 + 1),  # 1.6 + 0.3 is not 2
        (10, 3, 3, 0.4, 1.0, 0.5, 6 + 2),
        (10, 3, 2, 0.4, 0.5, 0.0, 3 + 2),  # half of the workers at home: half of the 4 new posts
        (4, 6, 5, 0.4, 1.0, 0.9, 4),  # never more than what lacks
        (0, 2, 5, 0.4, 1.0, 0.9, 0),
    ],
)
def test_vacancies_are_carried_over_replaced_and_part_of_the_rest(
    lacking: int, carried: int, left: int, share: float, at_work: float, u: float, wanted: int
) -> None:
    assert vacancies_wanted(lacking, carried, left, share, at_work, u) == wanted


def test_firms_aim_at_somewhat_more_than_they_want() -> None:
    aims = [jobs_aimed_at(10.0, 0.05, np.uint64(i)) for i in range(4000)]
    assert set(aims) == {10, 11}
    assert np.mean(aims) == pytest.approx(10.5, abs=0.03)
    assert jobs_aimed_at(0.0, 0.05, np.uint64(3)) == 0


def test_a_firm_that_wants_more_posts_more_and_changes_no_other(under_plan: RegionModel) -> None:
    posted = []
    now = ready_for("firms_post_vacancies", under_plan)
    row = int(np.flatnonzero((now.state.firms.a.kind == EMPLOYER) & (now.state.firms.a.desired > 2))[0])
    for more in (0, 5):
        other = replace(now, state=now.state.copy(), flows=dict(now.flows))
        other.state.firms.a.desired[row] += more
        other.state.firms.a.slack[row] = 0.0
        firms_post_vacancies(other)
        posted.append(other.state.firms.a.vacancies.copy())
    assert posted[1][row] > posted[0][row]
    assert np.array_equal(np.delete(posted[0], row), np.delete(posted[1], row))


def test_who_sends_workers_home_posts_so_much_less_that_is_new(under_plan: RegionModel) -> None:
    """Of nothing carried over: with a share sent home, that share fewer posts, each firm's rounded by the same draw."""
    posted = []
    for slack in (0.0, 0.5):
        now = ready_for("firms_post_vacancies", under_plan)
        f = now.state.firms.a
        f.slack[:], f.vacancies[:] = slack, 0
        firms_post_vacancies(now)
        posted.append(f.vacancies.copy())
    share = share_sent_home(now)[0]
    assert share == pytest.approx(min(0.5 - now.parameters.labour.slack_tolerated,
                                      now.parameters.labour.temporary_unemployment_max))  # fmt: skip
    assert (posted[1] <= posted[0]).all() and posted[1].sum() < posted[0].sum()
    error = 4 * 0.5 * np.sqrt((posted[0] > 0).sum())  # four standard deviations of rounding each firm's
    assert posted[1].sum() == pytest.approx((1 - share) * posted[0].sum(), abs=error)


def test_carried_over_posts_stay_when_workers_are_sent_home() -> None:
    assert vacancies_wanted(10, 4, 2, 0.5, 1.0, 0.0) == 8  # 4 carried, 2 replaced, half of the other 4
    assert vacancies_wanted(10, 4, 2, 0.5, 0.25, 0.0) == 5  # a quarter of what is new


# Meetings and search -----------------------------------------------------------------------------------------------


def test_meetings_are_cobb_douglas_with_constant_returns() -> None:
    seekers, vacancies = np.array([200.0, 400.0, 30.0, 5.0]), np.array([100.0, 200.0, 100.0, 0.0])
    chance = chance_of_meeting(seekers, vacancies, 0.5, 0.6)
    assert chance[0] == pytest.approx(0.5 * 200**0.6 * 100**0.4 / 100)
    assert chance[1] == pytest.approx(chance[0])
    assert chance[2] < chance[0] and chance[3] == 1.0
    assert chance_of_meeting(np.array([1e6]), np.array([1.0]), 0.5, 0.6)[0] == 1.0


def test_search_effort_goes_where_people_work_and_none_is_lost() -> None:
    effort = np.array([[10.0, 0, 0, 0], [0, 20.0, 0, 0]])
    homes, jobs = np.array([[0.75, 0.25], [0.0, 1.0]]), np.array([100.0, 50.0])
    seen = seekers_by_work(effort, homes, jobs, levels_beside(np.full(4, 0.25), 0.8))
    # of zone 0 all work in row 0; of zone 1 25 of 75 do, the others in row 1
    assert seen[0] == pytest.approx([10 * 0.9 + 20 / 3 * 0.1, 10 * 0.1 + 20 / 3 * 0.8, 20 / 3 * 0.1, 0])
    assert seen.sum() == pytest.approx(effort.sum())


def test_vacancies_look_beside_their_level_and_keep_the_mix() -> None:
    mix = np.array([[0.25, 0.25, 0.25, 0.25], [0.1, 0.5, 0.3, 0.1]])
    beside = levels_beside(mix, 0.8)
    assert beside[0, 1] == pytest.approx([0.1, 0.8, 0.1, 0.0])
    assert beside[1, 1] == pytest.approx([0.1 * 0.2, 1 - 0.02 - 0.06, 0.1 * 0.6, 0.0])
    assert np.allclose(beside.sum(axis=2), 1.0)
    assert np.allclose(np.einsum("sk,skl->sl", mix, beside), mix)


def test_search_effort_falls_with_duration_and_a_course_restores_part_of_it() -> None:
    rule = (0.2, 0.25, 0.1, 0.5)
    assert search_effort(0, -1, *rule) == 1.0
    assert search_effort(2, -1, *rule) == pytest.approx(math.exp(-0.4))
    assert search_effort(50, -1, *rule) == 0.25
    assert search_effort(50, 2, *rule) == 0.125  # locked in
    assert search_effort(50, 0, *rule) == pytest.approx(0.25 + 0.1 * 0.75)


def test_fit_rises_with_skill_and_falls_without_the_orientation_asked_for() -> None:
    assert fit(0.1, 0, False, 0.8, 0.5, 0.2) == pytest.approx(0.85)
    assert fit(0.1, 0, True, 0.8, 0.5, 0.2) == pytest.approx(0.65)
    assert fit(0.1, 1, True, 0.8, 0.5, 0.2) == pytest.approx(0.85)
    assert fit(9.0, 0, False, 0.8, 0.5, 0.2) == 1.0


# Quits and lay-offs ------------------------------------------------------------------------------------------------


def test_people_leave_less_where_work_is_workable_and_well_paid() -> None:
    assert quit_ratio(0.5, 0.0, 0.85, 1.0) == 1.0
    assert quit_ratio(1.0, 0.0, 0.85, 1.0) / quit_ratio(0.0, 0.0, 0.85, 1.0) == pytest.approx(0.85)
    assert quit_ratio(0.5, 0.1, 0.85, 1.5) == pytest.approx(math.exp(-0.15))
    assert quit_ratio(0.5, -9.0, 0.85, 1.0) == 2.0 and quit_ratio(0.5, 9.0, 0.85, 1.0) == 0.5


def test_lay_offs_come_after_temporary_unemployment() -> None:
    assert layoff_chance(10.0, 100, 0.0, 0.25) == pytest.approx(0.025)
    assert layoff_chance(10.0, 100, 0.06, 0.25) == pytest.approx(0.01)
    assert layoff_chance(10.0, 100, 0.25, 0.25) == 0.0
    assert layoff_chance(-5.0, 100, 0.0, 0.25) == 0.0


def test_a_larger_cut_only_adds_people(under_plan: RegionModel) -> None:
    out = []
    for cut in (0.9, 0.7, 0.4):
        now = ready_for("separations", under_plan)
        f = now.state.firms.a
        f.slack[:] = 0.0
        employers = f.kind == EMPLOYER
        f.desired[employers] = (f.jobs[employers] * cut).astype(np.int32)
        before = now.state.people.a.employer >= 0
        separations(now)
        out.append(ids(now, np.flatnonzero(before & (now.state.people.a.employer < 0))))
    assert out[0] < out[1] < out[2]


def test_temporary_unemployment_saves_jobs(under_plan: RegionModel) -> None:
    ended = []
    for slack in (0.0, 0.2):
        now = ready_for("separations", under_plan)
        f = now.state.firms.a
        f.slack[:], f.desired[f.kind == EMPLOYER] = slack, (f.jobs[f.kind == EMPLOYER] * 0.8).astype(np.int32)
        separations(now)
        ended.append(now.flows["separations"])
    assert ended[1] < ended[0]


def test_more_may_be_sent_home_in_the_pandemic(setup: Setup) -> None:
    shares = []
    for covid in ("none", "observed"):
        world = replace(setup.settings.world, covid=covid)
        assert isinstance(world, World)
        now = RegionModel(models.changed(setup, world=world), 0).now()
        now = replace(now, first_ordinal=2020 * 4 + 1)
        now.state.firms.a.slack[:] = 0.8
        shares.append(share_sent_home(now).max())
    p = now.parameters.labour
    assert shares == pytest.approx([p.temporary_unemployment_max, 0.8 - p.slack_tolerated])


def test_workability_keeps_people(under_plan: RegionModel) -> None:
    """A firm made more workable loses and shows around fewer; all other firms' people do as before."""
    left = []
    now = ready_for("separations", under_plan)
    rows = np.flatnonzero((now.state.firms.a.kind == EMPLOYER) & (now.state.firms.a.jobs > 5))
    for gain in (0.0, 0.5):
        other = replace(now, state=now.state.copy(), flows=dict(now.flows), levers=type(now.levers).neutral(2, 4))
        other.levers.move("workability", gain, rows)
        ratio = leaving_ratio(other)
        before = other.state.people.a.employer.copy()
        separations(other)
        gone = np.flatnonzero((before >= 0) & (other.state.people.a.employer < 0))
        left.append((set(gone.tolist()) | set(other.flows["look_around"].tolist()), ratio))
    assert (left[1][1][rows] < left[0][1][rows]).all()
    assert left[1][0] < left[0][0]
    assert np.isin(before[list(left[0][0] - left[1][0])], rows).all()


# Ladder ------------------------------------------------------------------------------------------------------------


def test_odds_multiply() -> None:
    assert with_odds(0.5, 3.0) == pytest.approx(0.75)
    assert with_odds(0.2, 1.0) == pytest.approx(0.2)


def test_only_the_last_two_rungs_lead_into_search() -> None:
    starts = [steps(rung, 0.15, 0.3, 0.06, 1.0, 1.0)[0] for rung in range(RUNGS)]
    assert starts[:4] == [0.0] * 4 and 0 < starts[4] < starts[5] == pytest.approx(0.3)
    for rung in range(RUNGS):
        assert 0 <= sum(steps(rung, 0.15, 0.3, 0.06, 5.0, 2.0)) <= 1


def test_the_speed_of_the_ladder_gives_the_entry_it_is_set_for() -> None:
    start = np.array([0, 0, 0.7, 0.3, 0, 0.0])
    for entry in (0.003, 0.02, 0.1):
        speed = speed_for(np.array([entry]), start[None], 0.15, 0.3, 0.06)
        spent = occupation(speed, start[None], 0.15, 0.3, 0.06)[0]
        assert 1 / spent.sum() == pytest.approx(entry, rel=1e-6)
        shares = spent / spent.sum()  # stationary: entrants replace who starts to search
        after = shares @ transitions(speed, 0.15, 0.3, 0.06)[0] + entry * start
        assert np.allclose(after, shares, atol=1e-8)


def test_better_odds_bring_people_nearer_to_work_and_into_search(under_plan: RegionModel) -> None:
    rungs, seekers, untouched = [], [], []
    for odds in (1.0, 1.5):
        now = ready_for("participation", under_plan)
        p = now.state.people.a
        guided = np.flatnonzero((p.activity == INACTIVE) & (p.place == RESIDENT) & (p.id % np.uint64(2) == 0))
        now.levers.move("ladder_odds", odds, guided)
        before = p.activity.copy(), p.ladder.copy()
        participation(now)
        others = np.setdiff1d(now.state.people.rows(), guided)
        untouched.append((p.activity[others].copy(), p.ladder[others].copy()))
        assert (p.activity[guided] != before[0][guided]).any() and (p.ladder[guided] > before[1][guided]).any()
        rungs.append(int(p.ladder[p.activity == INACTIVE].clip(0).sum()))
        seekers.append(ids(now, np.flatnonzero(p.activity == JOB_SEEKER)))
    assert seekers[0] < seekers[1]
    assert rungs[1] + 6 * (len(seekers[1]) - len(seekers[0])) > rungs[0]
    assert all(np.array_equal(a, b) for a, b in zip(*untouched, strict=True))  # who is not guided does as before


def test_the_first_quarter_deals_the_inactive_to_rungs(start: RegionModel) -> None:
    now = ready_for("participation", start)
    participation(now)
    p = now.state.people.a
    inactive = (p.activity == INACTIVE) & (p.place == RESIDENT) & (p.age_q < 55 * 4)
    assert set(np.unique(p.ladder[inactive])) == set(range(RUNGS))


# Courses -----------------------------------------------------------------------------------------------------------


def test_more_places_only_add_people_to_courses(under_plan: RegionModel) -> None:
    enrolled = []
    for places in (0.0, 10.0):
        now = ready_for("job_seekers_train", under_plan)
        now.levers.move("course_places", np.array([places, 0.0]))
        job_seekers_train(now)
        enrolled.append(ids(now, np.flatnonzero(now.state.people.a.training_q > 0)))
    assert enrolled[0] < enrolled[1]
    assert len(enrolled[1]) - len(enrolled[0]) <= 25


def test_a_course_ends_with_more_skill(under_plan: RegionModel) -> None:
    now = ready_for("job_seekers_train", under_plan)
    p = now.state.people.a
    last = np.flatnonzero((p.activity == JOB_SEEKER) & (p.place == RESIDENT) & (p.duration_q >= 1) & (p.exit == 0))[:5]
    p.training_q[last], before = 1, p.skill[last].copy()
    job_seekers_train(now)
    assert (p.training_q[last] == 0).all()
    assert p.skill[last] == pytest.approx(before + now.parameters.labour.course_skill)


# Wages, gaps, commuters --------------------------------------------------------------------------------------------


def test_real_wages_dip_while_wages_have_not_caught_up() -> None:
    assert real_wage_index(0.0, -0.03, 4, 1.0, 0.97) == pytest.approx(0.97)


def test_a_jump_of_prices_lowers_real_wages_for_some_quarters(under_plan: RegionModel) -> None:
    found = []
    for jump in (1.0, 1.05):
        now = ready_for("wages", under_plan)
        now.drivers["prices"] *= jump
        prices, indices = now.drivers["prices"], []
        for process in (p for p in models.quarter.QUARTER if p.__name__ == "wages"):
            for _ in range(8):
                process(now)
                indices.append(now.state.economy.wage_index)
        found.append(np.array(indices))
        assert now.state.economy.prices_in_wages == pytest.approx(prices, rel=0.01)
    gap = found[1] / found[0] - 1
    assert gap[0] < -0.02 and gap[0] < gap[3] < gap[7] and abs(gap[7]) < 0.005


def test_gaps_start_at_zero_and_follow_both_sides(start: RegionModel, under_plan: RegionModel) -> None:
    first = copied(start).now()
    assert ln_wage_gap(first) == ln_tightness_gap(first) == 0.0
    now = copied(under_plan).now()
    wage, tightness = ln_wage_gap(now), ln_tightness_gap(now)
    now.state.economy.tightness *= 2
    assert ln_tightness_gap(now) == pytest.approx(tightness + math.log(2))
    now.drivers["tightness_neighbours"] *= 2
    assert ln_tightness_gap(now) == pytest.approx(tightness)
    now.drivers["relative_wage_neighbours"] *= 1.1
    assert ln_wage_gap(now) == pytest.approx(wage - math.log(1.1))


def test_the_pool_of_commuters_grows_and_shrinks_one_by_one(under_plan: RegionModel) -> None:
    sizes, parents = [], []
    for change in (-0.3, 0.0, 0.1, 0.3):
        now = ready_for("commuters_come_and_go", under_plan)
        now.parameters = now.parameters
        elasticity = now.parameters.labour.in_commuting_elasticity
        now.state.economy.ln_commuters = np.array([elasticity * ln_tightness_gap(now) - change, 0.0])
        now.state.economy.frontier_share = 0.0
        commuters_come_and_go(now)
        p = now.state.people.a
        stay = np.flatnonzero((p.place == COMMUTER) & (p.exit != WITHDRAWAL))
        sizes.append(stay.size)
        parents.append(ids(now, stay))
    assert sizes[0] < sizes[1] < sizes[2] < sizes[3]
    assert parents[0] < parents[1] < parents[2] < parents[3]
    assert sizes[3] / sizes[1] == pytest.approx(math.exp(0.3), abs=0.12)


def test_who_is_hired_leaves_the_course(under_plan: RegionModel) -> None:
    now = ready_for("hires", under_plan)
    p = now.state.people.a
    seekers = p.activity == JOB_SEEKER
    p.training_q[seekers] = 0
    hires(now)
    hired = seekers & (p.employer >= 0)
    assert hired.any() and (p.training_q[hired] == -1).all()
