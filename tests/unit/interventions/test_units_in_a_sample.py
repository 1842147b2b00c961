"""A sample keeps every large firm, at a smaller scale: measures reach as many of them as in the whole region."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Measure, Plan, Target
from regionsim.model.setup import Setup, prepare
from regionsim.state.firms import EMPLOYER, LARGE_FIRM_JOBS
from tests.fixtures import models
from tests.fixtures.models import IDEAL, PLAN_START, measure, with_parameter

NAME, START_Q, SCALE = "sme_digitalisation", 4, 0.5


@pytest.fixture(scope="module")
def half(population_cache: None) -> Setup:
    return with_parameter(prepare(models.settings(scale=SCALE)), "institutions", take_up=1.0)


def support(dose: float, **target: Any) -> Measure:
    """Cheap support for firms of all sizes, so that spending does not hold it back."""
    what = replace(measure(NAME, dose), domain="knowledge", unit_cost_eur=1.0, quarters=1)
    return replace(what, target=Target(**target))


def reached(setup: Setup, what: Measure) -> tuple[np.ndarray, float]:
    """Real jobs of the firms reached in the first quarter, and the units in the books."""
    model = RegionModel(setup, 0, Plan("alone", PLAN_START, (what,), governance=IDEAL)).run(START_Q + 1)
    rows = model.state.ledger.treatments[NAME].rows
    return model.firms.a.real_jobs[rows], model.state.ledger.accounts[NAME].delivered


def test_a_large_firm_counts_for_the_scale_of_the_sample(half: Setup) -> None:
    """Four units of the region are two in the half, and four large firms."""
    jobs, units = reached(half, support(4, least_jobs=LARGE_FIRM_JOBS))
    assert (jobs.size, units) == (4, pytest.approx(2.0))


def test_a_small_firm_counts_for_one_unit(half: Setup) -> None:
    jobs, units = reached(half, support(8, below_jobs=LARGE_FIRM_JOBS))
    assert (jobs.size, units) == (4, 4)


def test_among_firms_of_all_sizes_units_add_up_to_the_dose(half: Setup) -> None:
    jobs, units = reached(half, support(60))
    large = jobs >= LARGE_FIRM_JOBS
    assert large.any() and not large.all()
    assert units == pytest.approx(SCALE * large.sum() + (~large).sum())
    assert 30 - 1 < units <= 30


def test_who_is_reached_at_a_lower_dose_is_also_reached_at_a_higher(half: Setup) -> None:
    found = []
    for dose in (20, 40, 80):
        plan = Plan("alone", PLAN_START, (support(dose),), governance=IDEAL)
        model = RegionModel(half, 0, plan).run(START_Q + 1)
        found.append(set(model.state.ledger.treatments[NAME].ids.tolist()))
    assert found[0] < found[1] < found[2]


def test_in_the_whole_region_every_firm_is_one_unit(setup: Setup) -> None:
    whole = with_parameter(setup, "institutions", take_up=1.0)
    jobs, units = reached(whole, support(1000))
    f = RegionModel(whole, 0).run(START_Q).firms.a
    assert units == jobs.size == (f.kind == EMPLOYER).sum()
