"""The tables of work and demand: jobs, value added, commuting, firms, wages, input-output, drivers."""

from __future__ import annotations

from regionsim.data.columns import (
    CODE,
    GROUPS,
    INDICATOR,
    PERSONS,
    QUARTER,
    SCHOOLING,
    SECTION,
    SNAKE,
    UNIT,
    VALUE,
    Column,
    Table,
    code,
    mio,
    number,
    sector,
    text,
    whole,
    year,
)


def _survivors(years: int) -> Column:
    return whole(f"s{years}", f"still active after {years} years", "firms", optional=True, lag_years=years)


WORK = (
    Table(
        "workplace_jobs",
        "persons whose workplace on census day lies in the region",
        (SECTION, code("education", "highest level", *SCHOOLING), PERSONS),
        key=("section", "education"),
    ),
    Table(
        "jobs_section_province",
        "persons with a workplace on census day in the region and in the country",
        (SECTION, code("area", "where", "region", "country"), whole("jobs", "jobs", "persons")),
        key=("section", "area"),
    ),
    Table(
        "employment_history",
        "jobs located in an area, national accounts",
        (
            code("area", "arrondissement or region", "region", refers="arrondissements.arrondissement"),
            year(),
            code("group", "group of NACE sections", *GROUPS),
            number("thousand_persons", "employed persons", "thousand persons"),
        ),
        key=("area", "year", "group"),
        complete=("area", "year", "group"),
    ),
    Table(
        "gva_history",
        "gross value added of the region, current prices",
        (code("group", "group of NACE sections", *GROUPS), year(), mio("mio_eur", "gross value added")),
        key=("group", "year"),
        complete=("group", "year"),
    ),
    Table(
        "labour_history",
        "indicators of the labour market of the region's residents",
        (INDICATOR, year(), VALUE, UNIT),
        key=("indicator", "year"),
    ),
    Table(
        "commuting",
        "employed persons by residence and place of work on census day; places: arrondissements and outside_nodes",
        (
            code("residence", "where they live", refers="places"),
            code("work", "where they work", refers="places"),
            PERSONS,
        ),
        key=("residence", "work"),
    ),
    Table(
        "firm_survival",
        "firms that started in a year, and how many were active later",
        (
            year(name="cohort_year"),
            SECTION,
            whole("starters", "firms that started", "firms"),
            *(_survivors(years) for years in range(1, 6)),
        ),
        key=("cohort_year", "section"),
    ),
    Table(
        "wages",
        "gross wages; geography: code of the country or of a part of it",
        (
            code("geography", "code", pattern=CODE),
            year(),
            code("measure", "what is measured", pattern=SNAKE),
            VALUE,
            UNIT,
        ),
        key=("geography", "year", "measure"),
    ),
)

FORECAST_ROLES = (
    "household_consumption", "government_consumption", "investment", "gdp_country", "gdp_uk", "gdp_eu", "gdp_world",
    "employment_country", "unemployment_country", "prices", "producer_prices",
)  # fmt: skip
HELD_ROLES = ("interest_rate", "vacancy_rate_neighbours")  # too short or ended: their future is a declared assumption
DRIVER_ROLES = (*FORECAST_ROLES, *HELD_ROLES)
FACT_DRIVERS = ("tourism_nights", "frontier_workers")

DEMAND = (
    Table(
        "input_output",
        "intermediate use of the output of one sector by another, country, imports included",
        (sector("from_sector"), sector("to_sector"), mio("mio_eur", "use")),
        key=("from_sector", "to_sector"),
        complete=("from_sector", "to_sector"),
    ),
    Table(
        "final_demand",
        "supply (imports included) and its uses by sector, country; labour compensation and employees",
        (
            sector(),
            mio("supply", "total supply"),
            mio("intermediate", "intermediate use"),
            mio("households", "consumption of households"),
            mio("npish", "consumption of non-profit institutions"),
            mio("government", "consumption of government"),
            mio("investment", "fixed investment"),
            mio("inventories", "change of inventories", low=None),
            mio("exports", "exports"),
            mio("labour_compensation", "labour compensation"),
            whole("employees", "employees", "persons"),
        ),
        key=("sector",),
        complete=("sector",),
    ),
    Table(
        "gva_country",
        "gross value added of the country in the year of the input-output table, current prices",
        (code("group", "group of NACE sections", *GROUPS), mio("mio_eur", "gross value added")),
        key=("group",),
        complete=("group",),
    ),
    Table(
        "drivers",
        "observed quarterly series from outside the region",
        (
            code("series", "code of the series", refers="drivers_series.series"),
            code("period", "quarter", pattern=QUARTER, observed="quarter"),
            number("value", "value in the unit of the series", "see drivers_series", low=None),
        ),
        key=("series", "period"),
        complete=("series",),
    ),
    Table(
        "drivers_series",
        "what the series of drivers are",
        (
            code("series", "code", pattern=SNAKE),
            text("title", "title"),
            text("unit", "unit"),
            code("frequency", "frequency", "quarter"),
            code("geography", "code of the place", pattern=CODE),
            code("last_observation", "last quarter with a value", pattern=QUARTER),
            whole("seasonally_adjusted", "1 if seasonally adjusted", "0 or 1", high=1),
            code("level_shift", "first quarter of a lasting change of level", pattern=QUARTER, optional=True),
            code("source_key", "source", refers="sources.source_key"),
        ),
        key=("series",),
    ),
    Table(
        "driver_facts",
        "drivers of which only single years are published; what lies between and after them is an assumption",
        (
            code("driver", "driver", *FACT_DRIVERS),
            year(),
            number("value", "value in the unit of the row", "see unit"),
            UNIT,
            code("source_key", "source", refers="sources.source_key"),
        ),
        key=("driver", "year"),
    ),
    Table(
        "driver_roles",
        "what drives the region: each role is a weighted mean of series, deflated and indexed",
        (
            code("role", "role in the model", *DRIVER_ROLES),
            code("series", "series", refers="drivers_series.series"),
            number("weight", "weight within the role", "share", low=0.0),
            code("deflator", "price index the series is divided by", refers="drivers_series.series", optional=True),
            whole("smooth_quarters", "trailing mean over so many quarters, 1 for none", "quarters", low=1),
        ),
        key=("role", "series"),
        complete=("role",),
    ),
)
