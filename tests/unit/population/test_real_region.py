"""The real region at scale 1, made once: published totals and shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionsim.data.tables import load_region
from regionsim.population.base_economy import build_base_economy
from regionsim.population.build import build_population
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from regionsim.state.people import (
    COMMUTER,
    EMPLOYED,
    JOB_SEEKER,
    MASTER,
    RESIDENT,
    SELF_EMPLOYED,
    STUDENT_AWAY,
    STUDENT_HERE,
)
from tests.fixtures import models

pytestmark = pytest.mark.slow

WORKING = [EMPLOYED, SELF_EMPLOYED]


@pytest.fixture(scope="module")
def made(parameters):
    return build_population(load_region("west_flanders"), parameters, 1.0, seed=1)


@pytest.fixture(scope="module")
def people(made):
    rows = made.people.rows()
    return pd.DataFrame({c.name: made.people.column(c.name)[rows] for c in made.people.declared})


@pytest.fixture(scope="module")
def residents(people):
    return people[people["place"] == RESIDENT]


@pytest.fixture(scope="module")
def firms(made):
    rows = made.firms.rows()
    return pd.DataFrame({c.name: made.firms.column(c.name)[rows] for c in made.firms.declared})


def test_constraints_hold_and_the_rest_stays_close(made):
    fit = made.fit.set_index("margin")
    assert (fit["total_absolute_error"][fit["constraint"]] == 0).all()
    assert fit["constraint"].sum() >= 10
    relative = fit["total_absolute_error"] / fit["total"]
    assert relative["municipality, register scaled"] < 0.001
    assert relative["municipality, sex, age, register scaled"] < 0.005
    assert relative["arrondissement, sex, year of age, register scaled"] < 0.005
    assert relative["workers by residence and work, commuting scaled"] < 0.03
    assert relative["in-commuters by work, commuting scaled"] < 0.25


def test_residents_by_sex_band_and_labour_status_are_the_census(residents):
    census = load_region("west_flanders")["census_people"]
    assert len(residents) == census["persons"].sum() == 1_168_002
    census = census.assign(band=[int(b.rstrip("+").split("-")[0]) // 5 for b in census["age_band"]])
    census = census.assign(sex=census["sex"].map({"F": 0, "M": 1}))
    with_band = residents.assign(band=np.minimum(residents["age_q"] // 20, 20))
    for activity, codes in (("employed", WORKING), ("job_seeker", [JOB_SEEKER])):
        wanted = census[census["activity"] == activity].groupby(["sex", "band"])["persons"].sum()
        counted = with_band[with_band["activity"].isin(codes)].groupby(["sex", "band"]).size()
        assert counted.to_dict() == wanted[wanted > 0].to_dict()


def test_unemployment_is_that_of_the_census(residents):
    seekers = (residents["activity"] == JOB_SEEKER).sum()
    assert 0.0425 < seekers / (seekers + residents["activity"].isin(WORKING).sum()) < 0.0435


def test_jobs_located_here_are_people(people, firms):
    named = np.bincount(people["employer"][people["employer"] >= 0], minlength=len(firms))
    assert np.array_equal(named, firms["jobs"])
    assert firms["jobs"][firms["kind"] != OUTSIDE].sum() == 475_593
    working = people[people["activity"].isin(WORKING)]
    coming = (working["place"] == COMMUTER).sum()
    leaving = firms["jobs"][firms["kind"] == OUTSIDE].sum()
    assert (working["place"] == RESIDENT).sum() - leaving + coming == 475_593
    assert 40_000 < coming < 55_000


def test_establishments_are_as_small_as_published(firms):
    jobs = firms["jobs"][firms["kind"] == EMPLOYER]
    assert 0.78 < (jobs < 10).mean() < 0.81
    assert 8.5 < jobs.mean() < 10.5
    assert 95_000 < len(jobs) + (firms["kind"] == OWN_ACCOUNT).sum() < 125_000  # 107,663 active enterprises in 2014


def test_self_employed(residents):
    own = residents["activity"] == SELF_EMPLOYED
    assert abs((own.sum() + residents["side_activity"].sum()) / len(residents) - 0.111) < 1e-5
    assert abs(own.sum() - 71_176) <= 1  # 70.8 of 503.0 thousand in the labour force survey, on census employment
    assert 0.40 < (residents["age_q"][own] >= 200).mean() < 0.50  # 45.8 % at the end of 2014


def test_students_away(residents):
    students = residents[residents["activity"].isin([STUDENT_HERE, STUDENT_AWAY])]
    away = students["activity"] == STUDENT_AWAY
    assert abs(away.mean() - 0.60) < 0.01
    assert abs(away[students["study_level"] == MASTER].mean() - 0.90) < 0.01
    assert 30_000 < len(students) < 50_000


def test_shares_change_smoothly_with_age(residents):
    years = residents["age_q"] // 4
    employed = residents["activity"].isin(WORKING).groupby(years).mean()
    steps = employed.diff()
    assert steps.loc[26:75].abs().max() < 0.15  # the census itself falls from 61 to 20 % between two bands
    assert steps.loc[51:75].max() < 0.005  # nothing rises again at the start of a band
    studying = residents["activity"].isin([STUDENT_HERE, STUDENT_AWAY]).groupby(years).mean().loc[20:30]
    assert (studying.diff().dropna() < 0.005).all()


def test_wages_and_search(residents, parameters):
    working = residents[residents["activity"].isin(WORKING)]
    assert abs(working["wage_eur_q"].mean() / (3 * parameters.wage_mean_eur_month) - 1) < 0.01
    by_education = working.groupby("education")["wage_eur_q"].mean()
    assert by_education.is_monotonic_increasing
    seekers = residents[residents["activity"] == JOB_SEEKER]
    assert abs((seekers["duration_q"] >= 4).mean() - 0.279) < 0.01


def test_all_buy_here_and_elsewhere(made):
    """Nobody is short of something to buy elsewhere, and nothing of a sector is sold twice."""
    base = build_base_economy(load_region("west_flanders"), models.parameters().central(), made.firms)
    assert min(base.household_imports, base.government_imports, base.investment_imports) > 0
    assert (base.final_demand >= 0).all() and (base.final_demand.sum(axis=1)[[0, 1, 2, 4, 5, 6, 7]] > 0).all()
    assert np.allclose(base.leontief @ base.final_demand.sum(axis=0), base.output)
