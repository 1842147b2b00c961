"""The tables of residents: population, census, households, moves, births and deaths, education."""

from __future__ import annotations

from regionsim.data.columns import (
    ACTIVITIES,
    BANDS_TO_85,
    BANDS_TO_100,
    EDUCATION,
    INDICATOR,
    PERSONS,
    ROLES,
    SECTIONS,
    SEX,
    SEXES,
    UNIT,
    VALUE,
    Table,
    arrondissement,
    code,
    number,
    whole,
    year,
)

_AGE_85 = code("age_band", "age in years", *BANDS_TO_85)
_AGE_100 = code("age_band", "age in years", *BANDS_TO_100)

PEOPLE = (
    Table(
        "population_municipality",
        "residents in the register on census day",
        (
            code("municipality", "code", refers="municipalities.municipality"),
            _AGE_85,
            SEX,
            PERSONS,
        ),
        key=("municipality", "age_band", "sex"),
        complete=("municipality", "age_band", "sex"),
    ),
    Table(
        "population_single_age",
        "residents in the register on census day by year of age (100 = 100 and older)",
        (arrondissement(), whole("age", "age", "years", high=100), SEX, PERSONS),
        key=("arrondissement", "age", "sex"),
        complete=("arrondissement", "age", "sex"),
    ),
    Table(
        "population_history",
        "residents on 1 January",
        (arrondissement(), year("january"), _AGE_85, SEX, PERSONS),
        key=("arrondissement", "year", "age_band", "sex"),
        complete=("arrondissement", "year", "age_band", "sex"),
    ),
    Table(
        "population_broad_age",
        "residents of the region on 1 January by broad age",
        (year("january"), code("age_group", "age in years", "0-14", "15-64", "65+"), PERSONS),
        key=("year", "age_group"),
        complete=("year", "age_group"),
    ),
    Table(
        "census_people",
        "residents on census day; section: of the job, or of a job-seeker's last job, - where none applies",
        (
            SEX,
            _AGE_100,
            code("education", "highest level", *EDUCATION),
            code("activity", "activity", *ACTIVITIES),
            code("section", "NACE section", "-", *SECTIONS),
            PERSONS,
        ),
        key=("sex", "age_band", "education", "activity", "section"),
    ),
    Table(
        "household_role",
        "residents on census day by role in the household",
        (arrondissement(), SEX, _AGE_100, code("role", "role in the household", *ROLES), PERSONS),
        key=("arrondissement", "sex", "age_band", "role"),
        complete=("arrondissement", "role"),
    ),
    Table(
        "arrivals_by_age",
        "residents on census day by where they lived a year before, if not at the same address",
        (
            arrondissement(),
            _AGE_100,
            SEX,
            whole("from_arrondissements", "in another arrondissement of the country", "persons"),
            whole("from_abroad", "abroad", "persons"),
            whole("moved_within", "elsewhere in the arrondissement", "persons"),
        ),
        key=("arrondissement", "age_band", "sex"),
        complete=("arrondissement", "age_band", "sex"),
    ),
    Table(
        "mortality",
        "probability of dying within a year",
        (
            year(),
            whole("age", "age", "years", high=120),
            SEX,
            number("probability", "probability", "per year", high=1),
        ),
        key=("year", "age", "sex"),
        complete=("year", "age", "sex"),
    ),
    Table(
        "vital_events",
        "population on 1 January, and births, deaths and net migration during the year",
        (
            arrondissement(),
            year(),
            whole("population_1_january", "residents", "persons"),
            whole("births", "live births", "persons a year"),
            whole("deaths", "deaths", "persons a year"),
            whole("net_migration", "arrivals less departures", "persons a year", low=None),
        ),
        key=("arrondissement", "year"),
        complete=("arrondissement", "year"),
    ),
    Table(
        "deaths_by_age",
        "deaths during the year",
        (arrondissement(), year(), _AGE_85, SEX, whole("deaths", "deaths", "persons a year")),
        key=("arrondissement", "year", "age_band", "sex"),
        complete=("arrondissement", "year", "age_band", "sex"),
    ),
    Table(
        "fertility",
        "total fertility and age of mothers",
        (
            arrondissement(),
            year(),
            number("tfr", "total fertility rate", "children per woman", high=10),
            number("mean_age_mother", "mean age of mothers at birth", "years", low=15, high=50),
        ),
        key=("arrondissement", "year"),
        complete=("arrondissement", "year"),
    ),
    Table(
        "education_history",
        "indicators of education of the region",
        (INDICATOR, year(), code("sex", "sex, T both", "T", *SEXES), VALUE, UNIT),
        key=("indicator", "year", "sex"),
    ),
)
