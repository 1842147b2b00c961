"""What a measure reaches, costs and moves: units within the dose, levers it declares, effects of the stated size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from regionsim.interventions.guidance import LASTS_Q, closing_ratio

from regionsim.interventions import MECHANISMS
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Measure, Plan
from regionsim.model.setup import Setup
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.levers import LEVERS, Levers
from regionsim.state.parameters import Parameters
from regionsim.state.people import EMPLOYED, PUPIL
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import DOSES, PLAN_START, copied, measure, until, with_parameter

START_Q = 4  # run quarter of PLAN_START


def at(name: str, dose: float, **changes: float | int) -> Measure:
    """A measure at a dose, with some of its parameters fixed and other fields replaced."""
    made = measure(name, dose)
    block = dict(made.parameters.blocks[name])
    for key in set(changes) & set(block):
        block[key] = replace(block[key], value=float(changes[key]), distribution=None)
    rest = {key: value for key, value in changes.items() if key not in block}
    return replace(made, parameters=Parameters({name: block}), **rest)


def alone(setup: Setup, what: Measure, quarters: int = START_Q) -> RegionModel:
    """A model under this measure from PLAN_START, before its quarter number `quarters`."""
    return RegionModel(setup, 0, Plan("alone", PLAN_START, (what,))).run(quarters)


def treated(model: RegionModel, name: str) -> set[int]:
    return set(model.state.ledger.treatments[name].ids.tolist())


def delivered(model: RegionModel) -> Now:
    """The coming quarter right after the agency has delivered, on a copy."""
    return until(copied(model), "births")


# All of them -------------------------------------------------------------------------------------------------------


def test_every_mechanism_says_which_levers_it_moves() -> None:
    assert {measure(name, 1).mechanism for name in DOSES} == set(MECHANISMS)
    for kind in MECHANISMS.values():
        assert kind.moves and kind.moves <= set(LEVERS)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The levers that anything moves."""
    names: set[str] = set()
    original = Levers.move

    def noted(self: Levers, name: str, values: object, rows: object = None) -> None:
        names.add(name)
        original(self, name, values, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(Levers, "move", noted)
    yield names


@pytest.mark.parametrize("name", DOSES)
def test_a_measure_moves_the_levers_it_declares_and_no_other(setup: Setup, moved: set[str], name: str) -> None:
    what = measure(name, 20)
    alone(setup, what, 12)
    assert moved == MECHANISMS[what.mechanism].moves


@pytest.mark.parametrize("name", DOSES)
def test_nothing_is_moved_or_paid_before_the_first_quarter(setup: Setup, name: str) -> None:
    model = alone(setup, measure(name, 20), START_Q - 1)
    now = delivered(model)
    neutral = Levers.neutral(now.reference.arrondissements, now.base.gva.size)
    assert all(not rows.size for rows, _ in now.levers.sparse.values())
    assert np.array_equal(now.levers.dense["dual_places"], neutral.dense["dual_places"])
    assert treated(model, name) == set() and model.agency.spent_eur == 0


@pytest.mark.parametrize("name", DOSES)
def test_the_dose_ends_after_its_quarters(setup: Setup, name: str) -> None:
    """Four quarters of dose, then no unit enters and nothing is paid; what was reached stays in the books."""
    model = alone(setup, replace(measure(name, 10), quarters=4), START_Q + 4)
    reached = treated(model, name)
    assert reached
    spent = 0.0
    for _ in range(5):
        model.step()
        spent += model.agency.spent_eur
    assert treated(model, name) == reached
    assert spent == 0


@pytest.mark.parametrize("name", DOSES)
def test_every_unit_is_reached_once_and_paid_once(setup: Setup, name: str) -> None:
    what = measure(name, 7)
    model = RegionModel(setup, 0, Plan("alone", PLAN_START, (what,))).run(START_Q)
    spent = 0.0
    for _ in range(what.quarters):
        model.step()
        spent += model.agency.spent_eur
    ids = model.state.ledger.treatments[name].ids
    assert np.unique(ids).size == ids.size > 0
    assert (ids != 0).all()
    assert spent == ids.size * what.unit_cost_eur
    if name != "dual_learning":  # places by the school year; the others by the quarter
        assert ids.size == 7 * what.quarters


def test_the_dose_follows_the_scale_of_the_run(setup: Setup) -> None:
    """Half the region, half the units, so that effects per head stay the same."""
    from regionsim.model.setup import prepare

    half = prepare(models.settings(scale=0.5))
    counts = [
        len(treated(alone(s, measure("sme_digitalisation", 8), START_Q + 4), "sme_digitalisation"))
        for s in (setup, half)
    ]
    assert counts == [32, 16]


def test_the_agency_books_each_measure_by_itself(under_plan: RegionModel) -> None:
    model = copied(under_plan).run(1)
    now = {name: model.state.ledger.treatments[name] for name in DOSES}
    for name, t in now.items():
        new = int((t.start_q == model.state.quarter - 1).sum())
        assert model.state.ledger.spent_eur[name] == new * measure(name, 1).unit_cost_eur > 0


def test_two_measures_of_one_mechanism_add_up(setup: Setup) -> None:
    """Firms that both reach are supported twice; who is reached by one is not the same as by the other."""
    one = at("sme_digitalisation", 40, deadweight=0.0, digital_step=0.1)
    two = replace(one, name="second", parameters=Parameters({"second": one.parameters.blocks["sme_digitalisation"]}))
    model = RegionModel(setup, 0, Plan("both", PLAN_START, (one, two))).run(START_Q + 4)
    now = delivered(model)
    support = now.levers.over_rows("digital_support", now.state.firms.capacity)
    values = np.round(support[support > 0], 12)
    assert set(values) == {0.1, 0.2}
    first, second = treated(model, "sme_digitalisation"), treated(model, "second")
    assert first != second and first & second


# A share of the cost of small firms' projects --------------------------------------------------------------------


def test_only_small_employers_are_eligible(setup: Setup) -> None:
    model = alone(setup, measure("sme_digitalisation", 500), START_Q)
    f = model.firms.a
    eligible = set(f.id[(f.kind == EMPLOYER) & (f.real_jobs < 50)].tolist())
    now = delivered(model)
    assert (
        set(now.state.ledger.treatments["sme_digitalisation"].ids.tolist()) == eligible
    )  # the dose is larger than that
    assert ((f.kind == EMPLOYER) & (f.real_jobs >= 50)).any()


@pytest.mark.parametrize(("deadweight", "share"), [(0.0, 1.0), (0.3, 0.7), (1.0, 0.0)])
def test_what_would_have_come_anyway_costs_and_adds_nothing(setup: Setup, deadweight: float, share: float) -> None:
    model = alone(setup, at("sme_digitalisation", 500, deadweight=deadweight, digital_step=0.2))
    now = delivered(model)
    support = now.levers.over_rows("digital_support", now.state.firms.capacity)
    reached = now.state.ledger.treatments["sme_digitalisation"].ids.size
    assert set(np.unique(support)) <= {0.0, 0.2}
    helped = int((support > 0).sum())
    assert abs(helped - share * reached) <= 4 * math.sqrt(reached * share * (1 - share))
    assert now.state.ledger.spent_eur["sme_digitalisation"] == reached * 8000


def test_who_would_have_come_anyway_is_a_lasting_trait(setup: Setup) -> None:
    model = alone(setup, at("sme_digitalisation", 50, deadweight=0.5, digital_step=0.2), START_Q + 1)
    first = delivered(model)
    helped = set(first.state.firms.a.id[first.levers.over_rows("digital_support", model.firms.capacity) > 0].tolist())
    later = delivered(model.run(6))
    present = set(later.state.firms.a.id.tolist())
    still = set(later.state.firms.a.id[later.levers.over_rows("digital_support", model.firms.capacity) > 0].tolist())
    assert helped & present <= still


def test_support_raises_productivity_to_the_stated_gain_and_no_further(setup: Setup) -> None:
    """ln tfp of treated firms rises towards step x ln(1 + gain), quarter by quarter; others stay at their trend."""
    setup = with_parameter(with_parameter(setup, "training", gain=0.0), "research", output_elasticity=0.0)
    setup = with_parameter(setup, "firms", digital_needs_skills=0.0, digital_skill_complement=0.0)  # tools alone
    model = alone(setup, at("sme_digitalisation", 30, deadweight=0.0, digital_step=0.2), START_Q)
    gain = 0.2 * math.log1p(model.parameters.firms.digital_tfp_gain)
    before = 0.0
    for quarter in range(16):
        model.step()
        f, t = model.firms.a, model.state.ledger.present("sme_digitalisation", model.firms.a.id)
        first = t.rows[(t.start_q == START_Q) & (f.digital[t.rows] < 0.8)]
        values = f.ln_tfp[first]
        assert np.allclose(
            values, gain * (1 - (1 - 1 / model.parameters.firms.digital_lag_q) ** (quarter + 1)), rtol=1e-3
        )
        assert values.mean() > before
        before = values.mean()
        untouched = np.setdiff1d(model.firms.rows(), t.rows)
        assert not f.ln_tfp[untouched].any()
    assert before < gain


# Guidance of young firms -----------------------------------------------------------------------------------------


def test_only_young_firms_are_guided(setup: Setup) -> None:
    model = alone(setup, measure("starters_guidance", 500))
    f = model.firms.a
    young = (f.kind >= 0) & (f.kind != OUTSIDE) & (model.state.quarter - f.birth_q <= 4)
    now = delivered(model)
    assert set(now.state.ledger.treatments["starters_guidance"].ids.tolist()) == set(f.id[young].tolist())


def test_guidance_lasts_five_years(setup: Setup) -> None:
    longer = models.changed(setup, horizon="2018Q4")
    model = alone(longer, replace(at("starters_guidance", 40, survival_gain_5y=0.05), quarters=1))
    for quarter in range(LASTS_Q + 2):
        now = delivered(model)
        guided = model.state.ledger.present("starters_guidance", model.firms.a.id).rows if quarter else np.empty(0)
        ratio = now.levers.over_rows("early_closing_ratio", now.state.firms.capacity)
        assert (ratio < 1).any() == (quarter < LASTS_Q)
        assert quarter == 0 or set(np.flatnonzero(ratio < 1)) == (set(guided.tolist()) if quarter < LASTS_Q else set())
        model.step()


@pytest.mark.parametrize("gain", [0.0, 0.01, 0.03, 0.08])
def test_the_ratio_of_hazards_raises_five_year_survival_by_the_gain(setup: Setup, gain: float) -> None:
    """Exactly in continuous time; in the quarterly closings of the model to a tenth of the gain."""
    table = setup.reference.closing_year[:5]
    survival = float(np.prod(1 - table))
    ratio = closing_ratio(table, gain)
    assert survival**ratio == pytest.approx(survival + gain)
    hazard_q = 1 - (1 - table) ** 0.25
    by_quarter = [float(np.prod((1 - hazard_q * r) ** 4)) for r in (1.0, ratio)]
    assert by_quarter[0] == pytest.approx(survival)
    assert by_quarter[1] - by_quarter[0] == pytest.approx(gain, rel=0.1, abs=1e-12)
    assert ratio <= 1


def test_where_the_ratio_acts_on_a_part_of_the_hazard_it_is_stronger_and_never_negative() -> None:
    table = np.array([0.08, 0.07, 0.06, 0.06, 0.05])
    survival, part = float(np.prod(1 - table)), 0.4
    ratio = closing_ratio(table, 0.05, part)
    assert ratio < closing_ratio(table, 0.05)
    assert survival ** (part * ratio + 1 - part) == pytest.approx(survival + 0.05)
    assert closing_ratio(table, 0.5, part) == 0
    assert closing_ratio(table, 0.0, part) == pytest.approx(1)


def test_guided_firms_survive_more_often_by_the_gain(setup: Setup) -> None:
    """Many draws of five years, every firm of up to a year guided or not: survival differs by the gain, four s.d."""
    alive, guided = np.zeros(2), np.zeros(2)
    gain = 0.15
    for draw in range(25):
        for i, dose in enumerate((0.0, 1000.0)):
            what = replace(at("starters_guidance", dose, survival_gain_5y=gain, employment_gain=0.0), quarters=1)
            model = RegionModel(models.changed(setup, horizon="2017Q4"), draw, Plan("alone", PLAN_START, (what,)))
            model.run(START_Q)
            f = model.firms.a
            young = (f.kind == EMPLOYER) & (model.state.quarter - f.birth_q <= 4) & (f.owner_age_q < 55 * 4)
            cohort = f.id[young]
            model.run(LASTS_Q)
            alive[i] += np.isin(cohort, model.firms.a.id).sum()
            guided[i] += cohort.size
    share = alive / guided
    sd = math.sqrt(2 * share[0] * (1 - share[0]) / guided[0])
    assert guided[0] == guided[1] > 300
    assert share[1] - share[0] == pytest.approx(gain, abs=4 * sd)
    assert share[1] > share[0]


def test_guided_starters_aim_for_more_staff(setup: Setup) -> None:
    model = alone(setup, at("starters_guidance", 500, employment_gain=0.25))
    now = delivered(model)
    ratio = now.levers.over_rows("start_size_ratio", now.state.firms.capacity)
    rows = now.state.ledger.treatments["starters_guidance"].rows
    assert np.allclose(ratio[rows], 1.25)
    assert (np.delete(ratio, rows) == 1).all()


# Places for dual learning ----------------------------------------------------------------------------------------


def test_places_are_shared_by_residents_of_school_age(setup: Setup) -> None:
    now = delivered(alone(setup, measure("dual_learning", 40)))
    assert now.levers.dense["dual_places"].sum() == pytest.approx(40)
    assert np.allclose(now.levers.dense["dual_places"] / 40, now.reference.youth_share)


def test_learners_are_final_year_technical_pupils_in_small_technical_firms(setup: Setup) -> None:
    model = alone(setup, measure("dual_learning", 40), START_Q + 2)  # 2012Q3 comes next
    now = until(copied(model), "students_graduate")
    p, f, rows = now.state.people.a, now.state.firms.a, now.flows["dual_learners"]
    assert 30 <= rows.size <= 41
    assert (p.activity[rows] == PUPIL).all() and (p.technical[rows] == 1).all()
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
    model = alone(setup, measure("dual_learning", 40))
    starts = []
    for _ in range(12):
        model.step()
        starts.append(int(model.flows["dual_learners"].size))
    assert [q for q, many in enumerate(starts) if many] == [2, 6, 10]


def test_the_training_firm_keeps_learners_at_the_stated_rate(setup: Setup) -> None:
    """Only those who look for work when school ends, and only where the firm has room; at rate 0 none, at 1 all."""
    kept = []
    for rate in (0.0, 1.0):
        model = alone(setup, at("dual_learning", 400, retention=rate), START_Q + 6)  # 2013Q3 comes next
        now = until(copied(model), "hires")
        p, f = now.state.people.a, now.state.firms.a
        out = np.flatnonzero((p.training_firm >= 0) & (p.activity == 7) & (p.exit == 0))
        firms, ids = p.training_firm[out].copy(), p.id[out].copy()
        room = {int(j): int(f.desired[j] - f.jobs[j]) for j in set(firms.tolist())}
        model.step()
        with_firm = dict(zip(model.people.a.id.tolist(), model.people.a.employer.tolist(), strict=True))
        stayed = [with_firm.get(int(i)) == int(j) for i, j in zip(ids, firms, strict=True)]
        kept.append((sum(stayed), sum(room[int(j)] > 0 for j in firms), len(stayed)))
    assert kept[0][2] == kept[1][2] > 20
    possible = kept[1][1]
    assert possible > 5
    assert kept[1][0] >= 0.6 * possible  # several learners may share one vacancy
    assert kept[0][0] <= 0.2 * possible  # by the market alone


def test_a_learner_who_dies_in_the_first_quarter_was_reached_all_the_same(setup: Setup) -> None:
    """The books keep who it was, and the place was paid."""
    model = alone(setup, measure("dual_learning", 40), START_Q + 2)
    seen: list[int] = []

    def die(now: Now) -> None:
        rows = now.flows["dual_learners"]
        seen.extend(now.state.people.a.id[rows].tolist())
        now.state.people.a.exit[rows[:3]] = 1

    with models.processes_of_the_quarter(models.after("dual_learners_start", die)):
        model.step()
    assert treated(model, "dual_learning") == set(seen)
    assert model.agency.spent_eur == len(seen) * 2000


def test_learners_who_left_school_have_no_training_firm_any_more(setup: Setup) -> None:
    model = alone(setup, measure("dual_learning", 400), START_Q + 7)
    p = model.people.a
    assert (p.activity[p.training_firm >= 0] == PUPIL).all()
    assert (p.activity == EMPLOYED).any()


# Priorities ------------------------------------------------------------------------------------------------------


def test_who_comes_first_differs_by_measure_and_draw_but_not_by_dose(setup: Setup) -> None:
    first = treated(alone(setup, measure("sme_digitalisation", 20), START_Q + 1), "sme_digitalisation")
    assert first < treated(alone(setup, measure("sme_digitalisation", 60), START_Q + 1), "sme_digitalisation")
    other = RegionModel(setup, 1, Plan("alone", PLAN_START, (measure("sme_digitalisation", 20),))).run(START_Q + 1)
    assert len(first & treated(other, "sme_digitalisation")) < 10
    named = replace(measure("sme_digitalisation", 20), name="other")
    named = replace(named, parameters=Parameters({"other": named.parameters.blocks["sme_digitalisation"]}))
    assert len(first & treated(alone(setup, named, START_Q + 1), "other")) < 10
