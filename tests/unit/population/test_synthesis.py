"""The fictional region at scale 1: margins recounted from its tables, and links between people and firms."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from regionsim.population.build import build_population
from regionsim.population.census import without_unknowns
from regionsim.population.published import NO_SECTION, WORKING, published
from regionsim.state.errors import InputError
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT
from regionsim.state.parameters import Block
from regionsim.state.people import (
    BACHELOR,
    CHILD,
    COMMUTER,
    EMPLOYED,
    HOUSEHOLD_ROLES,
    INACTIVE,
    JOB_SEEKER,
    MASTER,
    PUPIL,
    RESIDENT,
    RETIRED,
    SELF_EMPLOYED,
    STUDENT_AWAY,
    STUDENT_HERE,
    STUDIED_AWAY,
    STUDIED_HERE,
)

STUDYING = (PUPIL, STUDENT_HERE, STUDENT_AWAY)
OF_CENSUS = {"child": (CHILD,), "student": STUDYING, "employed": (EMPLOYED, SELF_EMPLOYED), "job_seeker": (JOB_SEEKER,)}


def table(columns) -> pd.DataFrame:
    rows = columns.rows()
    return pd.DataFrame({c.name: columns.column(c.name)[rows] for c in columns.declared})


@pytest.fixture(scope="module")
def residents(whole) -> pd.DataFrame:
    people = table(whole.people)
    people["band"] = np.minimum(people["age_q"] // 20, 20)
    return people[people["place"] == RESIDENT]


def band_of(label: str) -> int:
    return int(label.rstrip("+").split("-")[0]) // 5


@pytest.mark.parametrize("activity", list(OF_CENSUS))
def test_census_activities_are_exact_by_sex_and_band(fictland, residents, activity):
    census = fictland["census_people"]
    census = census[census["activity"] == activity].assign(band=lambda t: t["age_band"].map(band_of))
    census = census.assign(sex=census["sex"].map({"F": 0, "M": 1}))
    wanted = census.groupby(["sex", "band"])["persons"].sum()
    made = residents[residents["activity"].isin(OF_CENSUS[activity])].groupby(["sex", "band"]).size()
    assert made.to_dict() == wanted[wanted > 0].to_dict()


def test_pensioners_retire_from_50_and_other_inactive_stand_on_the_ladder(fictland, residents):
    census = fictland["census_people"]
    resting = census[census["activity"].isin(["pension", "other_inactive"])]["persons"].sum()
    assert residents["activity"].isin([RETIRED, INACTIVE]).sum() == resting
    assert (residents["age_q"][residents["activity"] == RETIRED] >= 200).all()
    on_ladder = residents["ladder"] >= 0
    assert np.array_equal(on_ladder, residents["activity"] == INACTIVE)
    assert set(residents["ladder"][on_ladder]) == {0}  # the first quarter deals them to their rungs


def test_every_constraint_of_the_fit_report_holds_exactly(whole):
    held = whole.fit[whole.fit["constraint"]]
    assert len(held) >= 10
    assert held["total_absolute_error"].tolist() == [0.0] * len(held)
    assert (held["total"] > 0).all()


def test_filling_in_unknowns_keeps_what_the_census_knows(fictland):
    raw = published(fictland).census
    filled = without_unknowns(raw)
    known = raw[:, :, 1:4].copy()
    known[:, :, 0] += raw[:, :, 0]
    assert np.array_equal(filled.sum(axis=(2, 4)), raw.sum(axis=(2, 4)))
    assert (filled >= known[..., : NO_SECTION + 1]).all()
    assert raw[:, :, 4].sum() > 0
    assert filled[:, :, :, WORKING, NO_SECTION].sum() == 0


def test_household_roles_are_exact_by_place_sex_and_band(fictland, residents):
    labels, roles = fictland.labels, fictland["household_role"]
    wanted = pd.DataFrame(
        {
            "place": roles["arrondissement"].map({c: i for i, c in enumerate(labels.arrondissements)}),
            "sex": roles["sex"].map({"F": 0, "M": 1}),
            "band": roles["age_band"].map(band_of),
            "role": roles["role"].map({r: i for i, r in enumerate(HOUSEHOLD_ROLES)}),
            "persons": roles["persons"],
        }
    )
    keys = ["place", "sex", "band", "role"]
    place = labels.arrondissement_of[residents["municipality"]]
    made = residents.assign(place=place, role=residents["household_role"]).groupby(keys).size()
    wanted = wanted.groupby(keys)["persons"].sum()
    assert made.to_dict() == wanted[wanted > 0].to_dict()


def test_minors_study_and_studies_end_in_a_third_quarter(residents):
    years = residents["age_q"] // 4
    assert (residents["activity"][years.between(15, 17)] == PUPIL).all()
    assert (residents["activity"][years < 15] == CHILD).all()
    studying = residents["activity"].isin(STUDYING)
    assert (residents["study_end_q"][studying] % 4 == 2).all()
    waits = (residents["study_end_q"] >= 0) & ~studying
    assert waits.any() and (residents["activity"][waits] == INACTIVE).all()
    assert (residents["study_end_q"][waits] <= 1).all() and (years[waits] < 25).all()
    seventeen = residents[(years == 17)]["study_end_q"]
    assert set(seventeen) == {2, 6}


def test_students_leave_as_published_and_aim_at_a_diploma(whole, residents, parameters):
    students = residents[residents["activity"].isin([STUDENT_HERE, STUDENT_AWAY])]
    away = students["activity"] == STUDENT_AWAY
    assert students["study_level"].isin([BACHELOR, MASTER]).all()
    assert np.array_equal(students["studied_here"], np.where(away, STUDIED_AWAY, STUDIED_HERE))
    assert abs(away.mean() - parameters.students_away_share) < 0.09  # 3 sd of 319 students
    assert abs(away[students["study_level"] == MASTER].mean() - parameters.university_away_share) < 0.09
    assert (students["education"] < MASTER).all()


def test_jobs_of_every_firm_are_the_people_who_name_it(whole):
    people, firms = table(whole.people), table(whole.firms)
    named = np.bincount(people["employer"][people["employer"] >= 0], minlength=len(firms))
    assert np.array_equal(named, firms["jobs"])
    assert (firms["jobs"][firms["kind"] != OUTSIDE] >= 1).all()
    assert np.array_equal(firms["real_jobs"], firms["jobs"])
    assert np.array_equal(firms["desired"], firms["jobs"])
    working = people["activity"].isin([EMPLOYED, SELF_EMPLOYED])
    assert np.array_equal(people["employer"] >= 0, working)
    assert (people["wage_eur_q"][working] > 0).all()
    assert (people["wage_eur_q"][~working] == 0).all()


def test_jobs_located_here_match_the_census_and_the_places(fictland, whole):
    firms, labels = table(whole.firms), fictland.labels
    local = firms[firms["kind"] != OUTSIDE]
    assert local["jobs"].sum() == fictland["workplace_jobs"]["persons"].sum()
    history = fictland["employment_history"]
    here = history[(history["year"] == 2011) & (history["group"] == "G-I")].set_index("area")["thousand_persons"]
    share = here[list(labels.arrondissements)] / here[list(labels.arrondissements)].sum()
    trade = local[local["sector"].isin([labels.sectors.index("shops"), labels.sectors.index("inns")])]
    made = trade.groupby(labels.arrondissement_of[trade["municipality"]])["jobs"].sum()
    assert np.abs(made / made.sum() - share.to_numpy()).max() < 0.002


def test_owners_work_at_home_out_commuters_outside_and_in_commuters_here(fictland, whole):
    people, firms = table(whole.people), table(whole.firms)
    of = fictland.labels.arrondissement_of
    kind = firms["kind"].to_numpy()[people["employer"]]
    at_work = people["employer"] >= 0
    own = people[at_work & (kind == OWN_ACCOUNT)]
    owned = firms.iloc[own["employer"]]
    assert (own["activity"] == SELF_EMPLOYED).all()
    assert np.array_equal(own["municipality"], owned["municipality"])
    assert np.array_equal(own["age_q"], owned["owner_age_q"])
    assert np.array_equal(own["tenure_q"], -owned["birth_q"])
    leaving = people[at_work & (kind == OUTSIDE)]
    assert len(leaving) > 0
    assert (leaving["place"] == RESIDENT).all()
    beyond = firms.iloc[leaving["employer"]]["municipality"]
    assert np.array_equal(of[leaving["municipality"]], of[beyond])
    coming = people[at_work & (people["place"] == COMMUTER)]
    assert len(coming) > 0
    assert (firms.iloc[coming["employer"]]["kind"] == EMPLOYER).all()
    assert np.array_equal(coming["municipality"], firms.iloc[coming["employer"]]["municipality"])
    assert coming["age_q"].between(80, 255).all()


def test_self_employed_and_side_activities_reach_the_published_totals(fictland, whole, residents):
    labour = fictland["labour_history"]
    labour = labour[labour["year"] == 2011].set_index("indicator")["value"]
    working = residents["activity"].isin([EMPLOYED, SELF_EMPLOYED]).sum()
    own = (residents["activity"] == SELF_EMPLOYED).sum()
    assert own == round(labour["self_employed"] / labour["employed"] * working)
    assert own + residents["side_activity"].sum() == round(0.110 * len(residents))
    assert (residents["activity"][residents["side_activity"] == 1] == EMPLOYED).all()


def test_commuters_who_seek_work_are_the_spare_share(whole, parameters):
    coming = table(whole.people).query(f"place == {COMMUTER}")
    seeking = (coming["activity"] == JOB_SEEKER).sum()
    assert seeking == round(parameters.commuter_spare_share * (len(coming) - seeking))


def test_same_bytes_twice_and_other_bytes_for_another_seed(fictland, parameters, whole):
    again = build_population(fictland, parameters, 1.0, seed=1)
    other = build_population(fictland, parameters, 1.0, seed=2)
    for mine, twin, third in ((whole.people, again.people, other.people), (whole.firms, again.firms, other.firms)):
        assert all(np.array_equal(a, b) for a, b in zip(mine.a, twin.a, strict=True))
        assert not all(np.array_equal(a, b) for a, b in zip(mine.a, third.a, strict=True))


def test_order_of_rows_and_parameters_does_not_matter(fictland, parameters, whole):
    keep = ("region", "municipalities", "arrondissements", "sectors")
    shuffled = {
        name: frame if name in keep else frame.sample(frac=1, random_state=5).reset_index(drop=True)
        for name, frame in reversed(fictland.tables.items())
    }
    turned = Block("population", dict(reversed(parameters.values.items())))
    again = build_population(dataclasses.replace(fictland, tables=shuffled), turned, 1.0, seed=1)
    assert all(np.array_equal(a, b) for a, b in zip(whole.people.a, again.people.a, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(whole.firms.a, again.firms.a, strict=True))


def test_compact_rows_with_spare_ones_behind(whole):
    for columns in (whole.people, whole.firms):
        n = len(columns)
        assert np.array_equal(columns.rows(), np.arange(n))
        assert columns.capacity >= 1.06 * n
        assert columns.take_free(1)[0] == n
        columns.release(np.array([n]))
        assert len(np.unique(columns.column("id")[:n])) == n


@pytest.mark.parametrize("scale", [0.0, -0.1, 1.5])
def test_a_scale_outside_its_range_is_refused(fictland, parameters, scale):
    with pytest.raises(InputError, match="scale"):
        build_population(fictland, parameters, scale, seed=1)


@pytest.mark.parametrize("name", ["labour_history", "employment_history"])
def test_tables_without_the_census_year_are_named(fictland, parameters, name):
    late = fictland[name][fictland[name]["year"] != 2011]
    without = dataclasses.replace(fictland, tables={**fictland.tables, name: late})
    with pytest.raises(InputError, match=rf"{name}.*\n?.*2011"):
        build_population(without, parameters, 1.0, seed=1)
