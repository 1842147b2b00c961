"""Levers on people, their work and their learning: by hand, and by what common random numbers must keep."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from regionsim.model.accounts import population_is_counted
from regionsim.model.exits import exits_resolved
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.processes.education.adults_learn import adults_learn
from regionsim.processes.firms.firms_are_founded import firms_are_founded
from regionsim.processes.firms.firms_raise_productivity import full_digital_gain
from regionsim.processes.labour import matching
from regionsim.processes.labour.commuters_come_and_go import commuters_come_and_go
from regionsim.processes.labour.hires import hires, search_rule
from regionsim.processes.labour.search import search_effort
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.people import (
    COMMUTER,
    INACTIVE,
    JOB_SEEKER,
    LEAVES_AS_GRADUATE,
    LEFT,
    NO_EXIT,
    NO_TRACK,
    PUPIL,
    RESIDENT,
    SELF_EMPLOYED,
    STUDENT_AWAY,
    STUDENT_HERE,
    WITHDRAWAL,
)
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import copied, until


def ready_for(name: str, model: RegionModel) -> Now:
    return until(copied(model), name)


def ids(now: Now, rows: np.ndarray) -> set[int]:  # type: ignore[type-arg]
    return set(now.state.people.a.id[rows].tolist())


# The way to work, and the effort of search -------------------------------------------------------------------------


def test_the_way_to_work_costs_what_it_does_at_home() -> None:
    commute = np.array([0.1, 0.04, 0.1])  # two arrondissements, and beyond the border
    cost = [[matching.distance_cost(zone, row, commute) for row in range(4)] for zone in range(3)]
    assert cost == [[0, 0.1, 0, 0.1], [0.04, 0, 0.04, 0], [0, 0, 0, 0]]  # rows 2, 3: employers beyond the border


def hired_elsewhere(now: Now) -> set[int]:
    """Hires: ids of those of the first arrondissement who now work in the other one."""
    p, f, of = now.state.people.a, now.state.firms.a, now.reference.arrondissement_of
    before = p.employer.copy()
    hires(now)
    new = np.flatnonzero((p.employer >= 0) & (p.employer != before) & (p.place == RESIDENT))
    there = (of[p.municipality[new]] == 0) & (of[f.municipality[p.employer[new]]] == 1)
    return ids(now, new[there & (f.kind[p.employer[new]] != OUTSIDE)])


def test_a_cheaper_way_brings_more_of_those_who_live_there_to_work_elsewhere(under_plan: RegionModel) -> None:
    found = []
    for ratio in (30.0, 1.0, 0.0):
        now = ready_for("hires", under_plan)
        now.levers.move("commute_cost", np.array([ratio, 1.0]))
        found.append(len(hired_elsewhere(now)))
    assert found[0] < found[1] <= found[2]


def there_to_be_met(now: Now, ratio: float, reached: np.ndarray) -> tuple[set[int], float]:  # type: ignore[type-arg]
    """Ids of job-seekers who can be met, and search effort in all."""
    p = now.state.people.a
    now.levers.move("search_ratio", ratio, reached)
    spread = now.levers.over_rows("search_ratio", p.id.size, or_nothing=True)
    of, places = now.reference.arrondissement_of, now.reference.arrondissements
    nobody = np.empty(0, np.int64)
    rows, _, effort = matching.ring_keys(p, nobody, of, places, search_rule(now), spread, now.key("matching"))
    return ids(now, rows), float(effort.sum())


def test_who_searches_harder_is_met_more_often_and_nobody_else(under_plan: RegionModel) -> None:
    met, efforts = [], []
    for ratio in (0.5, 1.0, 1.3, 1e9):
        now = ready_for("hires", under_plan)
        p = now.state.people.a
        seekers = np.flatnonzero((p.activity == JOB_SEEKER) & (p.exit == NO_EXIT))
        reached = seekers[p.id[seekers] % np.uint64(2) == 0]
        there, effort = there_to_be_met(now, ratio, reached)
        met.append(there)
        efforts.append(effort)
    assert met[0] < met[1] < met[2] < met[3] and efforts == sorted(efforts)
    assert all(i % 2 == 0 for i in met[3] - met[0])
    assert ids(now, reached) <= met[3]
    others = np.setdiff1d(seekers, reached)
    chances = [search_effort(p.duration_q[i], p.training_q[i], *search_rule(now)) for i in others]
    assert efforts[3] == pytest.approx(reached.size + sum(chances))  # at most 1 each


def test_recruiting_that_creates_opportunities_lifts_those_long_in_search(under_plan: RegionModel) -> None:
    now = ready_for("hires", under_plan)
    p = now.parameters.labour
    assert search_rule(now) == (p.search_decay_q, p.search_floor, p.search_restored, p.search_enrolled)
    now.levers.move("long_term_chance", 0.1)
    rule = search_rule(now)
    assert rule[1] == pytest.approx(p.search_floor + 0.1)
    assert search_effort(50, -1, *rule) == pytest.approx(p.search_floor + 0.1)
    assert search_effort(0, -1, *rule) == 1.0 and search_effort(1, -1, *rule) == pytest.approx(
        math.exp(-p.search_decay_q)
    )
    now.levers.move("long_term_chance", 5.0)
    assert search_rule(now)[1] == 1.0


# Founding, commuters from abroad -----------------------------------------------------------------------------------


def test_alumni_found_more_firms_and_nobody_who_would_have_founded_one_does_not(under_plan: RegionModel) -> None:
    founders = []
    for ratio in (1.0, 4.0, 40.0):
        now = ready_for("firms_are_founded", under_plan)
        p = now.state.people.a
        now.levers.move("founding_ratio", ratio, np.flatnonzero(p.id % np.uint64(2) == 0))
        before = p.activity != SELF_EMPLOYED
        firms_are_founded(now)
        founders.append(ids(now, np.flatnonzero(before & (p.activity == SELF_EMPLOYED))))
    assert founders[0] < founders[2] and founders[0] <= founders[1] <= founders[2]
    assert all(i % 2 == 0 for i in founders[2] - founders[0])


def stay_or_come(model: RegionModel, ratio: float) -> set[int]:
    """Ids of commuters who have not withdrawn; all are taken to be from abroad."""
    now = ready_for("commuters_come_and_go", model)
    now.state.economy.frontier_share = 1.0
    now.state.economy.ln_commuters[1] = math.log(now.drivers["frontier_workers"])
    now.levers.move("frontier_ratio", ratio)
    commuters_come_and_go(now)
    p = now.state.people.a
    return ids(now, np.flatnonzero((p.place == COMMUTER) & (p.exit != WITHDRAWAL)))


def test_commuters_from_abroad_become_as_many_as_are_wanted(under_plan: RegionModel) -> None:
    fewer, same, more = (stay_or_come(under_plan, ratio) for ratio in (0.7, 1.0, 1.3))
    assert fewer < same < more
    assert len(more) / len(same) == pytest.approx(1.3, abs=0.12)
    assert len(fewer) / len(same) == pytest.approx(0.7, abs=0.12)


def test_a_measure_in_the_first_quarter_moves_the_pool_from_where_its_driver_has_it(start: RegionModel) -> None:
    sizes = []
    for ratio in (1.0, 1.5):
        now = ready_for("commuters_come_and_go", start)
        now.levers.move("frontier_ratio", ratio)
        commuters_come_and_go(now)
        sizes.append(int((now.state.people.a.place == COMMUTER).sum()))
    assert sizes[0] < sizes[1]


# Courses of adults -------------------------------------------------------------------------------------------------


def test_a_course_leaves_skill_behind_once_and_in_nobody_else(under_plan: RegionModel) -> None:
    now = ready_for("adults_learn", under_plan)
    p = now.state.people.a
    rows = np.flatnonzero(p.activity == JOB_SEEKER)[:6]
    p.digital_skill[rows] = [0.2, 0.5, 0.9, 0.96, 1.0, 0.0]
    skill, digital = p.skill.copy(), p.digital_skill.copy()
    now.levers.move("skill_course", 0.04, rows[:3])
    now.levers.move("digital_course", 0.08, rows)
    adults_learn(now)
    assert p.skill[rows[:3]] == pytest.approx(skill[rows[:3]] + 0.04)
    assert p.digital_skill[rows] == pytest.approx([0.28, 0.58, 0.98, 1.0, 1.0, 0.08])
    assert models.same(np.delete(p.skill, rows[:3]), np.delete(skill, rows[:3]))
    assert models.same(np.delete(p.digital_skill, rows), np.delete(digital, rows))


def test_without_courses_nothing_is_learnt(under_plan: RegionModel) -> None:
    now = ready_for("adults_learn", under_plan)
    before = now.state.copy()
    adults_learn(now)
    assert models.differences(before, now.state) == []


def test_digital_skill_of_a_sector_is_the_mean_of_its_workers_here(under_plan: RegionModel) -> None:
    now = ready_for("population_is_counted", under_plan)
    p, f, economy = now.state.people.a, now.state.firms.a, now.state.economy
    p.digital_skill[p.employer >= 0] *= 0.5
    at_work = np.flatnonzero(p.employer >= 0)
    at_work = at_work[f.kind[p.employer[at_work]] != OUTSIDE]
    sector = f.sector[p.employer[at_work]]
    population_is_counted(now)
    for s in np.unique(sector):
        mean = p.digital_skill[at_work[sector == s]].mean(dtype=np.float64)
        assert economy.digital_skill[s] == pytest.approx(mean / economy.base_digital_skill[s], rel=1e-6)
    assert (economy.digital_skill[np.unique(sector)] < 0.7).all()


def test_digital_skill_starts_at_one_and_hardly_moves_without_courses(setup: Setup) -> None:
    model = RegionModel(setup, 0).run(1)
    assert (model.state.economy.digital_skill == 1.0).all()
    assert (model.state.economy.base_digital_skill < 1.0).all()
    assert model.run(4).state.economy.digital_skill == pytest.approx(1.0, abs=0.1)


def test_the_gain_of_digital_tools_is_larger_where_workers_have_the_skill() -> None:
    p = models.parameters().central().firms
    gain = full_digital_gain(np.array([0.0, 0.0, 1.0]), np.array([1.0, 1.2, 0.9]), p)
    full = math.log1p(p.digital_tfp_gain)
    c = p.digital_skill_complement
    assert gain == pytest.approx([full, full * 1.2**c, full * (1 - p.digital_needs_skills) * 0.9**c])


# Students who learn in a firm --------------------------------------------------------------------------------------

PLACES = 12.0  # in each arrondissement


def with_places(now: Now) -> None:
    now.levers.move("dual_student_places", PLACES)


@pytest.fixture(scope="module")
def with_students(setup: Setup) -> RegionModel:
    """Before 2012Q3; places open whenever it goes on within `opened`."""
    return RegionModel(setup, 0).run(6)


def opened(model: RegionModel, quarters: int, then: Callable[[Now], None] = with_places) -> RegionModel:
    with models.processes_of_the_quarter(models.after("institutions_agree_and_deliver", then)):
        return copied(model).run(quarters)


def test_places_go_to_students_here_in_their_last_year_in_small_firms(with_students: RegionModel) -> None:
    now = with_students.branch(with_students.plan).now()
    for process in models.quarter.QUARTER:
        if process.__name__ == "students_graduate":
            break
        process(now)
        if process.__name__ == "institutions_agree_and_deliver":
            with_places(now)
    p, f, rows = now.state.people.a, now.state.firms.a, now.flows["dual_students"]
    assert 10 <= rows.size <= 2 * PLACES and now.flows["dual_learners"].size == 0
    assert (p.activity[rows] == STUDENT_HERE).all() and (p.study_end_q[rows] == now.quarter + 4).all()
    assert np.array_equal(p.id[rows], now.flows["dual_student_ids"])
    firms = p.training_firm[rows]
    assert (f.kind[firms] == EMPLOYER).all()
    assert (f.real_jobs[firms] <= now.parameters.education.training_firm_max_jobs).all()
    assert not now.reference.technical_sector[f.sector[firms]].all()  # any sector
    of = now.reference.arrondissement_of
    assert np.array_equal(of[f.municipality[firms]], of[p.municipality[rows]])
    assert p.track[rows].max() > NO_TRACK or (p.track[rows] == NO_TRACK).all()
    assert (p.training_firm[np.setdiff1d(now.state.people.rows(), rows)] == -1).all()


def test_the_track_of_students_stays_and_pupils_alone_are_counted(with_students: RegionModel) -> None:
    model, without = opened(with_students, 1), copied(with_students).run(1)
    rows = np.flatnonzero(model.people.a.training_firm >= 0)
    assert rows.size and (model.people.a.activity[rows] == STUDENT_HERE).all()
    assert models.same(model.people.a.track, without.people.a.track)
    assert model.flows["pupils_in_dual_learning"] == 0


def test_the_training_firm_is_kept_until_the_degree_and_then_may_keep_the_student(with_students: RegionModel) -> None:
    """At the end of the studies, with vacancies for all, those who search are kept with retention 1."""
    model = opened(with_students, 1)
    first = ids(model.now(), np.flatnonzero(model.people.a.training_firm >= 0))
    model.run(3)
    with_place = np.flatnonzero(model.people.a.training_firm >= 0)
    assert ids(model.now(), with_place) <= first and with_place.size >= 0.8 * len(first)
    stayed = []
    for retention in (0.0, 1.0):
        now = ready_for("hires", model)
        p, f = now.state.people.a, now.state.firms.a
        done = np.flatnonzero((p.training_firm >= 0) & (p.activity == JOB_SEEKER) & (p.exit == NO_EXIT))
        waits = (p.activity == INACTIVE) & (p.study_end_q >= 0)  # to look for work
        again = np.flatnonzero((p.training_firm >= 0) & ((p.activity == STUDENT_HERE) | waits))  # or take a year more
        firm = p.training_firm[done].copy()
        f.vacancies[:] = 0
        f.vacancies[firm] = done.size
        now.levers.move("training_firm_retention", retention)
        hires(now)
        assert done.size and (p.training_firm[done] == -1).all()
        assert again.size and np.array_equal(np.flatnonzero(p.training_firm >= 0), again)
        stayed.append((p.employer[done] == firm).mean())
    assert stayed[0] < stayed[1] == 1.0


def test_pupils_who_go_on_to_studies_leave_their_training_firm(setup: Setup) -> None:
    plan = models.Plan("alone", models.PLAN_START, (models.measure("dual_learning", 400),), governance=models.IDEAL)
    model = RegionModel(setup, 0, plan).run(10)
    learners = model.people.a.id[model.people.a.training_firm >= 0]
    model.step()
    p = model.people.a
    studies = np.isin(p.id, learners) & ((p.activity == STUDENT_HERE) | (p.activity == STUDENT_AWAY))
    assert studies.any() and (p.training_firm[studies] == -1).all()
    waits = (p.activity == INACTIVE) & (p.study_end_q >= 0)  # to look for work
    assert ((p.activity == PUPIL) | waits)[p.training_firm >= 0].all()


def test_who_leaves_as_a_graduate_leaves_the_training_firm(under_plan: RegionModel) -> None:
    now = ready_for("exits_resolved", under_plan)
    p = now.state.people.a
    rows = np.flatnonzero((p.place == RESIDENT) & (p.activity == INACTIVE) & (p.exit == NO_EXIT))[:3]
    firm = int(np.flatnonzero((now.state.firms.a.kind == EMPLOYER) & ~now.flows["closing"])[0])
    p.training_firm[rows], p.exit[rows] = firm, LEAVES_AS_GRADUATE
    exits_resolved(now)
    assert (p.place[rows] == LEFT).all() and (p.training_firm[rows] == -1).all()
