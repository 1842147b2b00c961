"""Samples: a smaller one is part of a larger one all through the run, and says the same about the region."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup, prepare
from regionsim.state.identity import in_sample
from regionsim.state.people import ARRIVED, RESIDENT
from tests.fixtures import models

SMALL = 0.3
ADULT_Q = 40 * 4  # beyond the age at which graduates decide, on wages, where to live
LARGE_FOR_SLOW, SMALL_FOR_SLOW = 0.2, 0.02


@pytest.fixture(scope="module")
def samples(setup: Setup) -> tuple[RegionModel, RegionModel]:
    """Fictland whole and a sample of it, after two years."""
    part = prepare(models.settings(scale=SMALL))
    return RegionModel(setup, 0).run(8), RegionModel(part, 0).run(8)


def residents(model: RegionModel, *names: str, origin: int | None = None, from_age_q: int = 0) -> dict[int, tuple]:
    here = model.people.select(lambda a: (a.place == RESIDENT) & (a.age_q >= from_age_q))
    if origin is not None:
        here = here.select(lambda a: a.origin == origin)
    return {int(values[0]): tuple(values[1:]) for values in here.get(["id", *names])}


def inside(found: dict[int, tuple]) -> dict[int, tuple]:
    ids = np.array(list(found), np.uint64)
    kept = in_sample(ids, SMALL)
    return {int(i): found[int(i)] for i in ids[kept]}


def test_those_who_stay_and_those_who_go_are_the_same_in_both(
    samples: tuple[RegionModel, RegionModel],
) -> None:
    """Of everyone over 40 after two years of deaths, departures and arrivals: the sample holds exactly its share.

    But for a few of working age who leave one of the two because its labour market is a little better or worse: their
    rates follow tightness, which in a sample of 3,600 people is a fifth off and makes one in twenty movers differ."""
    whole, part = samples
    names = ("sex", "age_q", "municipality", "education", "origin", "household_role")
    expected = inside(residents(whole, *names, from_age_q=ADULT_Q))
    found = residents(part, *names, from_age_q=ADULT_Q)
    differ = set(found) ^ set(expected)
    assert len(differ) <= 0.005 * len(expected)
    assert all((found.get(i) or expected[i])[1] < 67 * 4 for i in differ)
    assert all(found[i] == expected[i] for i in set(found) & set(expected))
    assert len(expected) > 1500


def test_arrivals_of_a_sample_are_arrivals_of_the_whole(samples: tuple[RegionModel, RegionModel]) -> None:
    whole, part = samples
    names = ("sex", "age_q", "municipality", "education")
    expected = inside(residents(whole, *names, origin=ARRIVED, from_age_q=ADULT_Q))
    assert residents(part, *names, origin=ARRIVED, from_age_q=ADULT_Q) == expected
    assert len(expected) > 10


def test_children_of_a_sample_are_children_of_its_mothers(samples: tuple[RegionModel, RegionModel]) -> None:
    """Each child is born in both, with the same sex and place, except of mothers who moved in one of the two."""
    whole, part = (residents(model, "sex", "municipality", origin=1) for model in samples)
    common = set(whole) & set(part)
    assert len(common) >= 0.9 * len(part) > 30
    assert all(whole[i] == part[i] for i in common)


def test_a_sample_counts_for_the_whole(setup: Setup) -> None:
    """Counts are divided by the scale: residents of the sample stand for all, within four standard deviations."""
    part = RegionModel(prepare(models.settings(scale=SMALL, horizon="2011Q2")), 0, record=True).run(2)
    told = float(part.recorder.finish(SMALL).residents.isel(quarter=0).sum())
    n = float(len(RegionModel(setup, 0).people.select(lambda a: a.place == RESIDENT)))
    assert told == pytest.approx(n, abs=4 * np.sqrt(n * (1 - SMALL) / SMALL) + 0.01 * n)


# The real region ---------------------------------------------------------------------------------------------------


@cache
def run(scale: float) -> xr.Dataset:
    """Three years of the region that comes with the package; counts for the whole region."""
    setup = prepare(models.settings(region="west_flanders", scale=scale, horizon="2013Q4"))
    return RegionModel(setup, 0, record=True).run(12).recorder.finish(scale)


def shares(data: xr.Dataset) -> dict[str, tuple[float, float]]:
    """Intensive outcomes of the third year as (share, people in the whole region that it is a share of)."""
    last = data.sel(quarter=slice("2013Q1", "2013Q4"))
    people = float(last.residents.mean("quarter").sum())
    force = float(last.labour_force.mean())
    jobs = last.jobs.mean("quarter").sum("arrondissement")
    found = {
        "unemployed of the labour force": (float(last.unemployment_rate.mean()) / 100, force),
        "in work of residents": (float(last.employed_residents.mean("quarter").sum()) / people, people),
        "retired of residents": (float(last.retired.mean()) / people, people),
        "students of residents": (float((last.students_here + last.students_away).mean()) / people, people),
        "young graduates of residents": (float(last.young_graduates.mean()) / people, people),
        "born in a year": (float(last.births.sum()) / people, people),
        "dead in a year": (float(last.deaths.sum()) / people, people),
        "hired in a quarter": (float(last.hires.mean() / jobs.sum()), float(jobs.sum())),
    }
    for age in last.age_group.values:
        of_age = float(last.residents.sel(age_group=age).mean("quarter").sum())
        found[f"residents of {age}"] = (of_age / people, people)
    for level in last.education.values:
        found[f"workers with {level}"] = (
            float(
                last.employed_by_education.sel(education=level).mean() / last.employed_residents.mean("quarter").sum()
            ),
            float(last.employed_residents.mean("quarter").sum()),
        )
    for sector in last.sector.values:
        found[f"jobs in {sector}"] = (float(jobs.sel(sector=sector) / jobs.sum()), float(jobs.sum()))
    return found


@pytest.mark.slow
def test_intensive_outcomes_agree_across_scales(population_cache: None) -> None:
    """Two samples of sizes n and N > n, one inside the other: the difference of a share p has the variance
    p (1 - p) (1/n - 1/N). Each of some thirty shares differs by at most 3.5 of its standard deviations, and their
    squares average to at most 1.8 (95 % of chi-square over 31 independent ones: 1.45; shares of a whole are not)."""
    small, large = shares(run(SMALL_FOR_SLOW)), shares(run(LARGE_FOR_SLOW))
    z = {}
    for what, (share, people) in large.items():
        variance = share * (1 - share) / people * (1 / SMALL_FOR_SLOW - 1 / LARGE_FOR_SLOW)
        z[what] = (small[what][0] - share) / np.sqrt(variance)
    assert {what: value for what, value in z.items() if abs(value) > 3.5} == {}
    assert np.mean(np.square(list(z.values()))) < 1.8
    assert len(z) > 25


@pytest.mark.slow
def test_ratios_agree_across_scales(population_cache: None) -> None:
    """The mean wage within 1.5 % (13,000 earners of the small sample, spread of a wage about its mean 45 %: four
    standard deviations), value added a head within 4 % (jobs are rounded firm by firm), exports within 4 %."""
    small, large = (run(scale).sel(quarter=slice("2013Q1", "2013Q4")) for scale in (SMALL_FOR_SLOW, LARGE_FOR_SLOW))
    assert float(small.mean_wage.mean()) == pytest.approx(float(large.mean_wage.mean()), rel=0.015)
    a_head = [float(data.gva.sum() / data.residents.sum()) for data in (small, large)]
    assert a_head[0] == pytest.approx(a_head[1], rel=0.04)
    assert float(small.exports.sum()) == pytest.approx(float(large.exports.sum()), rel=0.04)


@pytest.mark.slow
def test_counts_of_the_whole_agree_across_scales(population_cache: None) -> None:
    """Residents within four standard deviations of a sample's size."""
    small, large = (float(run(scale).residents.isel(quarter=-1).sum()) for scale in (SMALL_FOR_SLOW, LARGE_FOR_SLOW))
    assert small == pytest.approx(large, abs=4 * np.sqrt(large * (1 / SMALL_FOR_SLOW - 1 / LARGE_FOR_SLOW)))
