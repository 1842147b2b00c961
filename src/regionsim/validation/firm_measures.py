"""Measures of firms and of demand: sizes, job flows, survival, exports, the local multiplier."""

from __future__ import annotations

import numpy as np

from regionsim.validation.evidence import NAN, Evidence, NoCounterpart, outcome
from regionsim.validation.measures import measure
from regionsim.validation.runs import PANDEMIC, SHOCK_FROM, DrawRun
from regionsim.validation.statistics import (
    growth_variance_slope,
    hazard_by_age,
    survival,
    tail_slope,
    vuong_lognormal_pareto,
)

FLOW_YEARS = range(2013, 2020)
COHORTS = range(2011, 2015)
HAZARD_AGES = (0, 1, 2, 5)  # first completed year of each age class
FROM_QUARTER, TO_QUARTER = 12, 20  # after the rise of demand


@measure
def small_establishment_share(e: Evidence) -> float:
    """Employers with fewer than 10 jobs, %."""
    return e.observed("small_share", 2019)


@measure
def vuong_lognormal_pareto_2018(e: Evidence) -> float:
    """Vuong's z of the lognormal against the Pareto."""
    return e.mean(lambda run: vuong_lognormal_pareto(*run.sizes))


@measure
def tail_slope_2018(e: Evidence) -> float:
    """Slope of the upper tail of sizes."""
    return e.mean(lambda run: tail_slope(*run.sizes))


def _flow(e: Evidence, which: int) -> float:
    def of(run: DrawRun) -> float:
        flows = run.yearly.get("job_flows", {})
        return float(np.mean([flows[year][which] if year in flows else NAN for year in FLOW_YEARS]))

    return e.mean(of)


@measure
def job_creation(e: Evidence) -> float:
    """Jobs created by growing and new employers, % a year."""
    return _flow(e, 0)


@measure
def job_destruction(e: Evidence) -> float:
    """Jobs lost at shrinking and closing employers, % a year."""
    return _flow(e, 1)


@measure
def growth_variance(e: Evidence) -> float:
    """Slope of ln sd of growth on ln size, all years and draws together."""
    years = [run.yearly["growth"][y] for run in e.runs for y in FLOW_YEARS if y in run.yearly.get("growth", {})]
    return growth_variance_slope(np.sum(years, axis=0)) if years else NAN


@measure
def five_year_survival(e: Evidence) -> float:
    """Starters of the cohorts that are alive at exact age 5, %."""
    return 100.0 * e.mean(lambda run: survival(run.alive, cohort_quarters(e, COHORTS), 5))


def cohort_quarters(e: Evidence, years: range) -> list[int]:
    """Run quarters of the years; a year outside the run counts as quarters beyond its end."""
    found = [i for i, quarter in enumerate(e.quarters) if int(quarter[:4]) in years]
    return found if len(found) == 4 * len(years) else [len(e.quarters)]


@measure
def hazard_rise(e: Evidence) -> float:
    """Largest rise of the yearly hazard between neighbouring age classes, points."""
    hazard = hazard_by_age(np.sum([run.alive for run in e.runs], axis=0), HAZARD_AGES)
    return 100.0 * float(np.diff(hazard).max())


@measure
def tfp_dispersion(e: Evidence) -> float:
    """ln p90/p10 within sectors."""
    return e.observed("tfp_spread", 2018)


def _exporters(e: Evidence, name: str) -> float:
    if not any(name in run.yearly for run in e.runs):
        raise NoCounterpart("firms have no markets, or no firm exports")
    return e.observed(name, 2018)


@measure
def exporter_size_ratio(e: Evidence) -> float:
    """Mean size of exporters over others."""
    return _exporters(e, "exporter_size_ratio")


@measure
def exporter_productivity_gap(e: Evidence) -> float:
    """Mean ln productivity of exporters less others."""
    return _exporters(e, "exporter_productivity_gap")


@measure
def exporter_market_skew(e: Evidence) -> float:
    """Mean over median of the markets of exporters."""
    return _exporters(e, "exporter_market_skew")


@measure
def uk_share_2023(e: Evidence) -> float:
    """Share of the United Kingdom in sales abroad, %."""

    def of(run: DrawRun) -> float:
        uk, eu, world = (e.year(e.total(run, "exports", market=m), 2023) for m in ("uk", "eu", "rest_of_world"))
        return 100.0 * uk / (uk + eu + world)

    return e.mean(of)


@measure
def local_multiplier(e: Evidence) -> float:
    """Jobs in other sectors per job in sectors that export, after a rise of foreign demand."""
    tags = e.tables.labels.sector_tags
    traded = np.array(["export" in each for each in tags])
    if SHOCK_FROM not in e.quarters or traded.all() or not traded.any():
        return NAN
    first = list(e.quarters).index(SHOCK_FROM)
    gains = []
    for run in e.runs:
        if len(run.shocked_jobs) < TO_QUARTER:
            return NAN
        base = run.quarterly["sector_jobs"][first : first + TO_QUARTER]
        gains.append((run.shocked_jobs[:TO_QUARTER] - base)[FROM_QUARTER:].mean(axis=0))
    gain = np.mean(gains, axis=0)
    return float(gain[~traded].sum() / gain[traded].sum())


@measure
def output_excess_2020q2(e: Evidence) -> float:
    """The plan's measure of the pandemic: change of 2020Q2 over change of 2021Q2, %."""

    def of(run: DrawRun) -> float:
        gva = e.total(run, "gva")
        return 100.0 * ((1 + e.change(gva, "2020Q2") / 100.0) / (1 + e.change(gva, "2021Q2") / 100.0) - 1)

    return e.mean(of)


@measure
def okun_2020(e: Evidence) -> float:
    """Unemployment in points over value added in %, world with less world without the pandemic, mean of 2020."""
    if not all(run.without_pandemic for run in e.runs):
        raise NoCounterpart("this world has no pandemic")
    first = list(e.quarters).index(PANDEMIC[0])
    gaps = []
    for run in e.runs:
        gva, rate = (e.total(run, name)[first : first + 4] for name in ("gva", "unemployment_rate"))
        none = {name: values[:4] for name, values in run.without_pandemic.items()}
        lost = 100.0 * (gva.sum() / none["gva"].sum() - 1.0)
        gaps.append(((rate - none["unemployment_rate"]).mean(), lost))
    points, percent = np.mean(gaps, axis=0)
    return float(points / percent)


def _vacancy(e: Evidence, year: int) -> float:
    """Vacant shops, %, in the fourth quarter."""
    return e.mean(lambda run: e.at(_mean_over_places(run, "retail_vacancy"), f"{year}Q4"))


def _mean_over_places(run: DrawRun, name: str) -> np.ndarray:  # type: ignore[type-arg]
    values = outcome(run, name)
    return np.asarray(values.mean([dim for dim in values.dims if dim != "quarter"]).to_numpy())


@measure
def retail_vacancy_2019(e: Evidence) -> float:
    """Vacant shops, %."""
    return _vacancy(e, 2019)


@measure
def retail_vacancy_2021(e: Evidence) -> float:
    """Vacant shops, %."""
    return _vacancy(e, 2021)


def _share_of_jobs(e: Evidence, name: str) -> float:
    return 100.0 * e.mean(
        lambda run: e.year(e.total(run, name), 2016) / e.year(run.quarterly["sector_jobs"].sum(axis=1), 2016)
    )


@measure
def tourism_jobs_share(e: Evidence) -> float:
    """Direct jobs in tourism, % of jobs."""
    return _share_of_jobs(e, "tourism_jobs")


@measure
def port_jobs_share(e: Evidence) -> float:
    """Direct jobs in ports, % of jobs."""
    return _share_of_jobs(e, "port_jobs")
