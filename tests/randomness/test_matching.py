"""Matching under common random numbers: one vacancy more or one seeker less changes the matches of few others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import prepare
from regionsim.processes.labour.hires import hires
from regionsim.state.firms import EMPLOYER
from regionsim.state.people import INACTIVE, JOB_SEEKER, NO_EXIT
from regionsim.state.region_state import Now, RegionState
from tests.fixtures import models
from tests.fixtures.models import copied, until

AT_MOST = 3.0  # other matches changed, on average


@pytest.fixture(scope="module")
def fictland(under_plan: RegionModel) -> Now:
    """Fictland in 2013Q3 with its school leavers, right before firms hire."""
    return until(copied(under_plan), "hires")


@pytest.fixture(scope="module")
def real_region(population_cache: None) -> Now:
    """The region that comes with the package, a twentieth of it, after two years, right before firms hire."""
    setup = prepare(models.settings(region="west_flanders", scale=0.05, horizon="2014Q4"))
    return until(RegionModel(setup, 0).run(8), "hires")


def hired(now: Now, change: Callable[[RegionState], None] | None = None) -> dict[int, int]:
    """Who works for whom after hiring, by id, from a copy of the state in which something has been changed."""
    state = now.state.copy()
    if change is not None:
        change(state)
    hires(replace(now, state=state, flows=dict(now.flows)))
    rows = np.flatnonzero(state.people.a.employer >= 0)
    firms = state.firms.a.id[state.people.a.employer[rows]]
    return dict(zip(state.people.a.id[rows].tolist(), firms.tolist(), strict=True))


def number_changed(one: dict[int, int], other: dict[int, int], apart_from: int = 0) -> int:
    """People whose employer differs."""
    everyone = (set(one) | set(other)) - {apart_from}
    return sum(one.get(who) != other.get(who) for who in everyone)


def one_vacancy_more(now: Now, trials: int) -> tuple[list[int], int]:
    """Matches that differ, the vacancy's own included, and how many of the vacancies were filled."""
    firms = now.state.firms.a
    full = np.flatnonzero((firms.kind == EMPLOYER) & (firms.desired > 0))
    before, filled, counts = hired(now), 0, []
    for row in np.random.default_rng(1).choice(full, trials, replace=False):

        def widen(state: RegionState, row: int = row) -> None:
            state.firms.a.vacancies[row] += 1

        after = hired(now, widen)
        counts.append(number_changed(before, after))
        filled += counts[-1] > 0
    return counts, filled


def one_seeker_less(now: Now, trials: int) -> list[int]:
    """Matches of others that differ when one job-seeker does not look."""
    people = now.state.people.a
    seekers = np.flatnonzero((people.activity == JOB_SEEKER) & (people.exit == NO_EXIT) & (people.place >= 0))
    before, counts = hired(now), []
    for row in np.random.default_rng(2).choice(seekers, trials, replace=False):

        def withdraw(state: RegionState, row: int = row) -> None:
            state.people.a.activity[row] = INACTIVE

        counts.append(number_changed(before, hired(now, withdraw), apart_from=int(people.id[row])))
    return counts


def one_worker_less_looks_around(now: Now, trials: int) -> list[int]:
    """Matches of others that differ when one of the employed who look around does not."""
    looking = now.flows["look_around"]
    before, counts = hired(now), []
    for row in np.random.default_rng(3).choice(looking, trials, replace=False):
        other = replace(now, flows={**now.flows, "look_around": looking[looking != row]})
        counts.append(number_changed(before, hired(other), apart_from=int(now.state.people.a.id[row])))
    return counts


def check_vacancies(now: Now, trials: int) -> None:
    counts, filled = one_vacancy_more(now, trials)
    assert filled > 0.3 * trials  # many matter: filled, or fewer of the others meet
    assert np.mean(counts) <= AT_MOST
    assert max(counts) <= 50


def check_seekers(now: Now, trials: int) -> None:
    counts = one_seeker_less(now, trials)
    assert max(counts) > 0
    assert np.mean(counts) <= AT_MOST


def test_one_vacancy_more_changes_few_other_matches(fictland: Now) -> None:
    check_vacancies(fictland, 150)


def test_one_seeker_less_changes_few_other_matches(fictland: Now) -> None:
    check_seekers(fictland, 150)


def test_one_worker_less_who_looks_around_changes_few_other_matches(fictland: Now) -> None:
    counts = one_worker_less_looks_around(fictland, min(60, fictland.flows["look_around"].size))
    assert max(counts) > 0
    assert np.mean(counts) <= AT_MOST


def test_some_change_employer_and_their_job_is_vacant(fictland: Now) -> None:
    state = fictland.state.copy()
    now = replace(fictland, state=state, flows=dict(fictland.flows))
    looking, before = now.flows["look_around"], state.people.a.employer.copy()
    jobs, open_before = state.firms.a.jobs.sum(), state.firms.a.vacancies.sum()
    hires(now)
    moved = looking[state.people.a.employer[looking] != before[looking]]
    assert 0 < moved.size == now.flows["job_to_job"]
    assert state.firms.a.jobs.sum() - jobs == now.flows["hires"] - moved.size
    assert open_before - state.firms.a.vacancies.sum() == now.flows["hires"] - moved.size


@pytest.mark.slow
def test_one_vacancy_more_changes_few_other_matches_in_the_real_region(real_region: Now) -> None:
    check_vacancies(real_region, 100)


@pytest.mark.slow
def test_one_seeker_less_changes_few_other_matches_in_the_real_region(real_region: Now) -> None:
    check_seekers(real_region, 100)


def test_hiring_again_hires_the_same(fictland: Now) -> None:
    assert hired(fictland) == hired(fictland)


def test_a_firm_of_another_place_that_wants_nobody_changes_nothing(fictland: Now) -> None:
    """A lower wish of a firm without vacancies changes nobody's match."""
    firms = fictland.state.firms.a
    row = int(np.flatnonzero((firms.kind == EMPLOYER) & (firms.vacancies == 0) & (firms.desired > 1))[0])

    def shrink(state: RegionState) -> None:
        state.firms.a.desired[row] -= 1

    assert hired(fictland, shrink) == hired(fictland)
