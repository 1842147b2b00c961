"""Places for dual learning: who takes them and where, when they open, what the training firm does afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.setup import Setup
from regionsim.state.firms import EMPLOYER
from regionsim.state.people import EMPLOYED, INACTIVE, PUPIL, VOCATIONAL
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import IDEAL, copied, until
from tests.unit.interventions.alone import (
    OVERHEAD,
    START_Q,
    account,
    alone,
    at,
    delivered,
    everyone_takes_part,
    named,
    treated,
)

NAME = "dual_learning"


def test_places_open_when_the_school_year_starts_shared_by_residents_of_school_age(setup: Setup) -> None:
    """Forty a year, of which the three quarters since the start have brought thirty."""
    model = alone(setup, at(NAME, 40))
    for quarter in range(4):
        places = delivered(model).levers.dense["dual_places"]
        assert places == pytest.approx(30 * model.setup.reference.youth_share if quarter == 2 else np.zeros(2))
        model.step()


def test_learners_are_final_year_vocational_pupils_in_small_technical_firms(setup: Setup) -> None:
    model = alone(setup, at(NAME, 40), quarters=START_Q + 2)  # 2012Q3 comes next
    now = until(copied(model), "students_graduate")
    p, f, rows = now.state.people.a, now.state.firms.a, now.flows["dual_learners"]
    chosen = until(copied(model), "dual_learners_start").state.people.a
    assert 25 <= rows.size <= 31
    assert (p.activity[rows] == PUPIL).all() and (chosen.track[rows] == VOCATIONAL).all()
    assert (p.study_end_q[rows] == now.quarter + 4).all()
    firms = p.training_firm[rows]
    assert (f.kind[firms] == EMPLOYER).all()
    assert (f.real_jobs[firms] <= now.parameters.education.training_firm_max_jobs).all()
    assert now.reference.technical_sector[f.sector[firms]].all()
    of = now.reference.arrondissement_of
    assert np.array_equal(of[f.municipality[firms]], of[p.municipality[rows]])
    by_place = np.bincount(of[p.municipality[rows]], minlength=now.reference.arrondissements)
    assert (by_place <= np.floor(now.levers.dense["dual_places"] + 0.5)).all()


def test_places_open_once_a_school_year(setup: Setup) -> None:
    model = alone(setup, at(NAME, 40))
    starts = []
    for _ in range(12):
        model.step()
        starts.append(int(model.flows["dual_learners"].size))
    assert [q for q, many in enumerate(starts) if many] == [2, 6, 10]


def test_the_training_firm_keeps_learners_at_the_stated_rate(setup: Setup) -> None:
    """Only who looks for work within a year, and only where the firm has room; at rate 0 none, at 1 all."""
    kept = []
    for rate in (0.0, 1.0):
        model = alone(setup, at(NAME, 400, retention=rate), quarters=START_Q + 6)  # 2013Q3 comes next
        counts = np.zeros(3, np.int64)
        for _ in range(4):
            now = until(copied(model), "hires")
            p, f = now.state.people.a, now.state.firms.a
            out = np.flatnonzero((p.training_firm >= 0) & (p.activity == 7) & (p.exit == 0))
            firms, ids = p.training_firm[out].copy(), p.id[out].copy()
            room = {int(j): int(f.desired[j] - f.jobs[j]) for j in set(firms.tolist())}
            model.step()
            with_firm = dict(zip(model.people.a.id.tolist(), model.people.a.employer.tolist(), strict=True))
            stayed = [with_firm.get(int(i)) == int(j) for i, j in zip(ids, firms, strict=True)]
            counts += np.array([sum(stayed), sum(room[int(j)] > 0 for j in firms), len(stayed)])
        kept.append(tuple(counts.tolist()))
    assert min(kept[0][2], kept[1][2]) > 20
    possible = kept[1][1]
    assert possible >= 5
    assert kept[1][0] >= 0.6 * possible  # several learners may share one vacancy
    assert kept[0][0] <= 0.2 * possible  # by the market alone


def test_a_learner_who_dies_in_the_first_quarter_was_reached_all_the_same(setup: Setup) -> None:
    """The books keep who it was, and the place was paid."""
    model = alone(setup, at(NAME, 40), quarters=START_Q + 2)
    seen: list[int] = []

    def die(now: Now) -> None:
        rows = now.flows["dual_learners"]
        seen.extend(now.state.people.a.id[rows].tolist())
        now.state.people.a.exit[rows[:3]] = 1

    with models.processes_of_the_quarter(models.after("dual_learners_start", die)):
        model.step()
    assert treated(model, NAME) == set(seen[:30])  # by arrondissement places are rounded, so one may be over
    assert model.agency.spent_eur == pytest.approx(30 * 2000 * OVERHEAD)
    assert account(model, at(NAME, 40)).delivered == 30 <= len(seen) <= 31


def test_learners_who_left_school_have_no_training_firm_any_more(setup: Setup) -> None:
    model = alone(setup, at(NAME, 400), quarters=START_Q + 7)
    p = model.people.a
    learners = p.training_firm >= 0
    waiting = (p.activity == INACTIVE) & (p.study_end_q >= 0)  # to look for work
    assert ((p.activity == PUPIL) | waiting)[learners].all()
    assert (p.activity == EMPLOYED).any()


@pytest.mark.parametrize("quality", [1.0, 0.5])
def test_learners_are_paid_when_they_start_and_kept_on_at_the_rate_times_quality(setup: Setup, quality: float) -> None:
    what = at(NAME, 40, retention=0.6)
    model, paid = alone(setup, what, rules=replace(IDEAL, quality=quality)), []
    for _ in range(8):
        model.step()
        paid.append(model.agency.spent_eur / (2000 * OVERHEAD))
    ids = model.state.ledger.treatments[NAME].ids
    assert np.unique(ids).size == ids.size == pytest.approx(sum(paid))
    assert [i for i, learners in enumerate(paid) if learners] in ([2, 6], [4, 6], [6])
    assert delivered(model).levers.region("training_firm_retention") == pytest.approx(0.6 * quality)


def test_two_measures_never_pay_for_the_same_learner(setup: Setup) -> None:
    one, two = at(NAME, 40), named(at(NAME, 40), "second")
    model = alone(setup, one, two, quarters=START_Q + 8)
    first, second = treated(model, NAME), treated(model, "second")
    assert first and second and not first & second


def test_the_first_measure_fills_its_places_and_the_second_has_the_rest(setup: Setup) -> None:
    """Thirty and fifteen places by the third quarter; every learner is in the books of one of the two."""
    one, two = at(NAME, 40), named(at(NAME, 20), "second")
    model = alone(setup, one, two, quarters=START_Q + 3)
    first, second = treated(model, NAME), treated(model, "second")
    assert first | second == set(model.flows["dual_learner_ids"].tolist()) and len(first) == 30 and second
    assert account(model, two).delivered == len(second) <= 15


def test_of_two_measures_the_better_keeps_the_learners_of_both(setup: Setup) -> None:
    one, two = at(NAME, 40, retention=0.4), named(at(NAME, 20, retention=0.6), "second")
    model = alone(setup, one, two, quarters=START_Q + 3)
    assert delivered(model).levers.region("training_firm_retention") == pytest.approx(0.6)


def test_other_support_in_the_same_quarter_takes_no_learner_off_the_books(setup: Setup) -> None:
    """Thirty places are paid for, whoever of the learners also begins a year at the Technicum in that quarter."""
    dual, course = at(NAME, 40), at("technicum", 240, unit_cost_eur=1.0)
    model = alone(everyone_takes_part(setup), course, dual, quarters=START_Q + 3)
    at_technicum = model.state.ledger.treatments["technicum"]
    same_quarter = set(at_technicum.ids[at_technicum.start_q == START_Q + 2].tolist())
    assert set(model.flows["dual_learner_ids"].tolist()) & same_quarter
    assert len(treated(model, NAME)) == account(model, dual).delivered == 30


def test_before_the_plan_and_without_dose_there_are_no_places(setup: Setup) -> None:
    for what, quarters in ((at(NAME, 40), START_Q - 2), (at(NAME, 0), START_Q + 2)):
        now = until(alone(setup, what, quarters=quarters), "students_graduate")
        assert not now.levers.dense["dual_places"].any() and not now.flows["dual_learners"].size
