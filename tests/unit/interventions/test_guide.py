"""Guidance of young firms: who is guided, for how long, and what survival and size gain by it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.interventions.guide import Guide, closing_ratio
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Plan
from regionsim.model.setup import Setup
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from tests.fixtures import models
from tests.fixtures.models import IDEAL, PLAN_START
from tests.unit.interventions.alone import START_Q, alone, at, delivered, everyone_takes_part, lever

NAME = "starters_guidance"
LASTS_Q = int(Guide.settings["lasts_q"])
ALL = 100_000.0  # more than there are, at a cost that absorption allows


def test_only_young_firms_are_guided(setup: Setup) -> None:
    model = alone(everyone_takes_part(setup), at(NAME, ALL, unit_cost_eur=1.0))
    f = model.firms.a
    young = (f.kind >= 0) & (f.kind != OUTSIDE) & (model.state.quarter - f.birth_q <= 4)
    now = delivered(model)
    assert set(now.state.ledger.treatments[NAME].ids.tolist()) == set(f.id[young].tolist())
    assert 0 < young.sum() < (f.kind >= 0).sum()


@pytest.mark.parametrize("quality", [1.0, 0.5])
def test_own_account_firms_feel_it_in_the_part_of_their_hazard_that_is_not_the_owners_leaving(
    setup: Setup, quality: float
) -> None:
    what = at(NAME, ALL, unit_cost_eur=1.0, survival_gain_5y=0.05, employment_gain=0.0, quarters=1)
    model = alone(everyone_takes_part(setup), what, quarters=START_Q + 5, rules=replace(IDEAL, quality=quality))
    now = delivered(model)
    f, rows = now.state.firms.a, now.state.ledger.present(NAME, now.state.firms.a.id).rows
    table, share = now.reference.closing_year[:5], float(now.parameters.firms.own_account_closing_ratio)
    own = f.kind[rows] == OWN_ACCOUNT
    expected = np.where(own, closing_ratio(table, 0.05, share), closing_ratio(table, 0.05)) ** quality
    ratio = lever(now, "early_closing_ratio")
    assert own.any() and not own.all()
    assert ratio[rows] == pytest.approx(expected)
    assert (np.delete(ratio, rows) == 1.0).all()


def test_guidance_lasts_five_years(setup: Setup) -> None:
    longer = models.changed(setup, horizon="2018Q4")
    model = alone(longer, at(NAME, 20, survival_gain_5y=0.05, quarters=1))
    for quarter in range(LASTS_Q + 2):
        now = delivered(model)
        rows = now.state.ledger.present(NAME, now.state.firms.a.id).rows
        eased = np.flatnonzero(lever(now, "early_closing_ratio") < 1)
        assert rows.size
        assert set(eased.tolist()) == (set(rows.tolist()) if quarter < LASTS_Q else set())
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
    setup = everyone_takes_part(models.changed(setup, horizon="2017Q4"))
    for draw in range(25):
        before = RegionModel(setup, draw).run(START_Q)
        for i, dose in enumerate((0.0, ALL)):
            what = at(NAME, dose, unit_cost_eur=1.0, survival_gain_5y=gain, employment_gain=0.0, quarters=1)
            model = before.branch(Plan("alone", PLAN_START, (what,), governance=IDEAL))
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
    now = delivered(alone(setup, at(NAME, 20, employment_gain=0.25)))
    ratio, rows = lever(now, "start_size_ratio"), now.state.ledger.treatments[NAME].rows
    assert rows.size == 20 and ratio[rows] == pytest.approx(1.25)
    assert (np.delete(ratio, rows) == 1).all()
