"""Measures of residents and of the labour market: unemployment, vacancies, hires, ages, students, migration."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from regionsim.validation.evidence import NAN, Evidence, NoCounterpart
from regionsim.validation.measures import measure
from regionsim.validation.runs import DrawRun
from regionsim.validation.statistics import correlation, slope

Array = NDArray[np.float64]
FLOW_YEARS = range(2013, 2020)
CALM_YEARS = range(2012, 2020)
SEASON_YEARS = range(2012, 2022)
WORKING = ["25-34", "35-44", "45-54", "55-64"]
UNDER_25, ALL_AGES = slice(0, 1), slice(0, 3)


def _per_employee(e: Evidence, name: str) -> float:
    def of(run: DrawRun) -> float:
        flow = e.total(run, name)
        scale = float(run.outcomes.attrs["scale"])
        employees = run.yearly.get("employees", {})
        rates = [4.0 * e.year(flow, year) / (employees.get(year, NAN) / scale) for year in FLOW_YEARS]
        return 100.0 * float(np.mean(rates))

    return e.mean(of)


@measure
def hires_per_100(e: Evidence) -> float:
    """Hires a year, % of employees at the end of the year."""
    return _per_employee(e, "hires")


@measure
def separations_per_100(e: Evidence) -> float:
    """Separations a year, % of employees at the end of the year."""
    return _per_employee(e, "separations")


def yearly_changes(e: Evidence, of: Callable[[DrawRun], Array], years: range) -> Array:
    """Differences from year to year of the yearly means of `of`, all draws in one row."""
    last = int(e.quarters[-1][:4])
    kept = [year for year in years if year <= last]
    return np.array([e.year(of(run), y) - e.year(of(run), y - 1) for run in e.runs for y in kept])


def _beveridge(e: Evidence) -> tuple[Array, Array]:
    years = range(2012, 2025)
    rate = yearly_changes(e, lambda run: np.log(e.total(run, "unemployment_rate")), years)
    return rate, yearly_changes(e, lambda run: np.log(_vacancy_rate(e, run)), years)


def _vacancy_rate(e: Evidence, run: DrawRun) -> Array:
    """Open vacancies in all jobs; without such an outcome, vacancies posted per head of the labour force."""
    if "vacancy_rate" in run.outcomes:
        return e.total(run, "vacancy_rate")
    return e.total(run, "vacancies_posted") / e.total(run, "labour_force")


@measure
def beveridge_slope(e: Evidence) -> float:
    """Slope of changes of ln vacancies on changes of ln unemployment."""
    return slope(*_beveridge(e))


@measure
def beveridge_correlation(e: Evidence) -> float:
    """Correlation of the same changes."""
    return correlation(*_beveridge(e))


@measure
def seekers_per_vacancy_2020(e: Evidence) -> float:
    """Job-seekers per vacancy, 2020Q3."""
    return e.mean(lambda run: e.at(e.total(run, "job_seekers_per_vacancy"), "2020Q3"))


@measure
def seekers_per_vacancy_2021(e: Evidence) -> float:
    """Job-seekers per vacancy, 2021Q3."""
    return e.mean(lambda run: e.at(e.total(run, "job_seekers_per_vacancy"), "2021Q3"))


@measure
def tightness_ratio(e: Evidence) -> float:
    """Tightness here over that of the region around: only the change of the neighbours' is a driver."""
    raise NoCounterpart("the driver of the neighbours' labour market is an index without a level")


@measure
def okun_coefficient(e: Evidence) -> float:
    """Slope of yearly changes of unemployment, points, on growth of value added, %."""
    rate = yearly_changes(e, lambda run: e.total(run, "unemployment_rate"), CALM_YEARS)
    growth = 100.0 * yearly_changes(e, lambda run: np.log(e.total(run, "gva")), CALM_YEARS)
    return slope(growth, rate)


def _season(e: Evidence, ages: slice, years: list[int]) -> float:
    def of(run: DrawRun) -> float:
        seekers = run.quarterly["registered"][:, ages].sum(axis=1)
        return float(np.mean([e.change(seekers, f"{year}Q3") for year in years]))

    return e.mean(of)


@measure
def season_under_25(e: Evidence) -> float:
    """Registered job-seekers under 25, third quarter on the second, %."""
    return _season(e, UNDER_25, list(SEASON_YEARS))


@measure
def season_all(e: Evidence) -> float:
    """All registered job-seekers, third quarter on the second, %, without 2020."""
    return _season(e, ALL_AGES, [year for year in SEASON_YEARS if year != 2020])


def _employment_rate(e: Evidence, year: int) -> float:
    """The survey's rate of the first year moved with the model's, points; the model's own where there is no survey."""

    def own(when: int) -> float:
        return e.mean(
            lambda run: (
                100.0
                * sum(e.year(e.total(run, "employed_residents", age_group=age), when) for age in WORKING)
                / sum(e.year(e.total(run, "residents", age_group=age), when) for age in WORKING)
            )
        )

    first = int(e.quarters[0][:4])
    survey = survey_employment_rate(e, first)
    return own(year) if survey is None else survey + own(year) - own(first)


def survey_employment_rate(e: Evidence, year: int) -> float | None:
    """Employed residents of 25-64 in the labour force survey over residents of that age, %; None without them."""
    labour, people = e.tables.labour_history, e.tables.population_history
    bands = {f"{age}-{age + 4}" for age in range(25, 65, 5)}
    names = [f"employed_{age.replace('-', '_')}" for age in WORKING]
    found = labour[(labour["year"] == year) & labour["indicator"].isin(names)]
    whole = float(people[(people["year"] == year) & people["age_band"].isin(bands)]["persons"].sum())
    if len(found) < len(names) or whole == 0:
        return None
    units = np.where(found["unit"].str.startswith("thousand"), 1000.0, 1.0)
    return 100.0 * float((found["value"] * units).sum()) / whole


@measure
def employment_rate_2018(e: Evidence) -> float:
    """Employment rate of 25-64, %."""
    return _employment_rate(e, 2018)


@measure
def employment_rate_2020(e: Evidence) -> float:
    """Employment rate of 25-64, %."""
    return _employment_rate(e, 2020)


def _unemployment(e: Evidence, year: int) -> float:
    first = int(e.quarters[0][:4])
    frame = e.tables.labour_history
    survey = frame[(frame["indicator"] == "unemployment_rate") & (frame["year"] == first)]["value"]
    index = e.mean(
        lambda run: e.year(e.total(run, "unemployment_rate"), year) / e.year(e.total(run, "unemployment_rate"), first)
    )
    return float(survey.iloc[0]) * index


@measure
def unemployment_rate_2022(e: Evidence) -> float:
    """The survey's rate of the first year moved with the model's index, %."""
    return _unemployment(e, 2022)


@measure
def unemployment_rate_2024(e: Evidence) -> float:
    """The survey's rate of the first year moved with the model's index, %."""
    return _unemployment(e, 2024)


@measure
def older_employees_2020(e: Evidence) -> float:
    """Employees of 50 and over, %."""
    return e.observed("older_employees", 2020)


@measure
def older_self_employed_2014(e: Evidence) -> float:
    """Self-employed of 50 and over, %."""
    return e.observed("older_self_employed", 2014)


@measure
def students_away_share(e: Evidence) -> float:
    """Students outside the region, %."""
    return e.observed_mean("students_away", CALM_YEARS)


@measure
def university_away_share(e: Evidence) -> float:
    """University students outside the region, %."""
    return e.observed_mean("university_away", CALM_YEARS)


@measure
def graduate_loss(e: Evidence) -> float:
    """Share lost of the highly educated of 30-34 who grew up here."""
    return e.observed("graduate_loss", 2024)


@measure
def net_migration_rate(e: Evidence) -> float:
    """Net migration within the country, % of residents a year; all of it where the model does not tell them apart."""

    def of(run: DrawRun) -> float:
        residents = e.total(run, "residents")
        balance = e.total(run, "births") - e.total(run, "deaths")
        internal = "net_internal_migration" in run.outcomes
        moved = e.total(run, "net_internal_migration")[1:] if internal else np.diff(residents) - balance[1:]
        kept = [i for i, quarter in enumerate(e.quarters[1:]) if 2012 <= int(quarter[:4]) <= 2018]
        return 400.0 * float((moved[kept] / residents[:-1][kept]).mean()) if len(kept) == 28 else NAN

    return e.mean(of)


@measure
def natural_balance_rate(e: Evidence) -> float:
    """Births less deaths per 1,000 residents a year."""

    def of(run: DrawRun) -> float:
        balance, residents = e.total(run, "births") - e.total(run, "deaths"), e.total(run, "residents")
        return float(np.mean([4000.0 * e.year(balance / residents, year) for year in range(2012, 2025)]))

    return e.mean(of)


@measure
def dependency_ratio_2021(e: Evidence) -> float:
    """Residents of 0-19 and 60 and over per 100 of 20-59, end of 2020."""
    return e.observed("dependency", 2020)


@measure
def dependency_rise(e: Evidence) -> float:
    """Its rise from the end of the first year to the end of 2020."""
    return e.observed("dependency", 2020) - e.observed("dependency", int(e.quarters[0][:4]))
