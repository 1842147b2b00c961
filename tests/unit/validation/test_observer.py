"""The observer looks and touches nothing; what it counts agrees with the outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.state.people import RESIDENT
from regionsim.validation.observer import Observer, matched, residents_by_place
from tests.fixtures.models import copied, differences


@pytest.fixture(scope="module")
def seen(setup: Setup) -> tuple[RegionModel, Observer]:
    """Two years of fictland, observed."""
    model = RegionModel(setup, 0, record=True)
    observer = Observer(model)
    for _ in range(8):
        model.step()
        observer.look(model)
    return model, observer


def test_looking_changes_nothing(seen: tuple[RegionModel, Observer], setup: Setup) -> None:
    model, _ = seen
    assert not differences(model.state, RegionModel(setup, 0).run(8).state)
    twin = copied(model)
    Observer(twin).look(twin)
    assert not differences(model.state, twin.state)


def test_matched_firms_keep_their_place() -> None:
    then, now = np.array([5, 2, 9], np.uint64), np.array([9, 7, 5], np.uint64)
    sizes, sizes_now = np.array([50.0, 20.0, 90.0]), np.array([91.0, 70.0, 51.0])
    before, after, weight = matched(then, sizes, np.array([1.0, 0.1, 1.0]), now, sizes_now, np.array([1.0, 0.5, 1.0]))
    assert before.tolist() == [20, 50, 0, 90]  # ids 2, 5, 7, 9
    assert after.tolist() == [0, 51, 70, 91]
    assert weight.tolist() == [0.1, 1.0, 0.5, 1.0]


def test_founded_firms_are_alive_at_the_end_of_their_quarter(seen: tuple[RegionModel, Observer]) -> None:
    model, observer = seen
    assert model.recorder is not None
    founded = model.recorder._values["firms_founded"][:8].sum(axis=1)
    born = np.diag(observer.alive)[:8]
    assert np.all(born <= founded) and born.sum() > 0.95 * founded.sum()
    for birth in range(8):  # a cohort only shrinks
        assert np.all(np.diff(observer.alive[birth:8, birth]) <= 0)


def test_counts_agree_with_the_outcomes(seen: tuple[RegionModel, Observer]) -> None:
    model, observer = seen
    assert model.recorder is not None
    jobs = model.recorder._values["jobs"][:8].sum(axis=1)
    assert np.array(observer.quarterly["sector_jobs"]) == pytest.approx(jobs)
    persons = residents_by_place(model.people.a, model.setup.reference.arrondissement_of)
    assert persons == pytest.approx(model.recorder._values["residents"][7])
    seekers = model.recorder._values["job_seekers"][:8].sum(axis=(1, 2))
    assert np.all(np.array(observer.quarterly["registered"]).sum(axis=1) >= seekers)


def test_residents_of_working_age_in_work_are_some_of_them(seen: tuple[RegionModel, Observer]) -> None:
    model, observer = seen
    people = model.people.a
    here = (people.place == RESIDENT) & (people.age_q >= 60) & (people.age_q < 260)
    everyone, at_work = observer.quarterly["working_age"][-1]
    assert everyone.sum() == here.sum()
    assert np.all(at_work <= everyone) and np.all(at_work > 0)


def test_a_year_has_every_share(seen: tuple[RegionModel, Observer]) -> None:
    _, observer = seen
    for name in ("small_share", "older_employees", "older_self_employed", "students_away", "university_away"):
        assert 0 < observer.yearly[name][2012] < 100, name
    creation, destruction = observer.yearly["job_flows"][2012]
    assert 0 < creation < 30 and 0 < destruction < 30
    assert "job_flows" not in observer.yearly or 2011 not in observer.yearly["job_flows"]
