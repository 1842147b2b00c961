"""The tables of facts and of the pandemic: complete, known, with the bands of the evidence."""

from __future__ import annotations

import math
import warnings
from types import SimpleNamespace

import pytest
import xarray as xr

from regionsim.data.tables import load_region
from regionsim.validation import facts as registering  # noqa: F401  (it registers the measures)
from regionsim.validation.evidence import Evidence
from regionsim.validation.indicators import CHANGES, HALF_WIDTH, SIGN_ONLY, band_around
from regionsim.validation.measures import MEASURES
from regionsim.validation.table import Band, band_of, load_facts, read_table, region_figure

FACTS = load_facts()
PARTS = [(fact, part) for fact in FACTS for part in fact.parts]


def test_there_are_thirty_facts_with_names_of_their_own() -> None:
    assert len(FACTS) == 30
    assert len({fact.name for fact in FACTS}) == 30
    assert all(fact.title and fact.source and fact.rests_on and fact.parts for fact in FACTS)


def test_every_measure_is_used_once_and_known() -> None:
    named = [part.measure for _, part in PARTS]
    assert sorted(named) == sorted(MEASURES)


@pytest.mark.parametrize(("fact", "part"), PARTS, ids=lambda each: each.name)
def test_every_part_has_a_band_in_west_flanders(fact, part) -> None:  # type: ignore[no-untyped-def]
    band = band_of(part, load_region("west_flanders"))
    assert band is not None and band.low < band.high and band.target
    assert part.statistic and part.unit and 2011 <= part.year <= 2024
    assert math.isfinite(band.low) or math.isfinite(band.high)


def test_bands_are_those_of_the_evidence() -> None:
    tables = load_region("west_flanders")
    bands = {(fact.name, part.name): band_of(part, tables) for fact, part in PARTS}
    wanted = {
        ("small_establishments", "share"): (78, 81), ("job_flows", "creation"): (5, 9),
        ("job_flows", "destruction"): (4, 8), ("worker_flows", "hires"): (14, 22),
        ("worker_flows", "separations"): (14, 22), ("survival", "five years"): (62, 70),
        ("growth_variance", "slope"): (-0.25, -0.15), ("beveridge", "slope"): (-2.5, -0.7),
        ("tightness", "2020Q3"): (3.0, 4.2), ("tightness", "2021Q3"): (1.3, 2.8),
        ("okun", "coefficient"): (-0.6, -0.15), ("okun_2020", "coefficient"): (-0.15, -0.02),
        ("season_young", "change"): (15, 30), ("season_all", "change"): (-2, 3),
        ("pandemic_output", "excess"): (-14, -8),
        ("employment_rate", "2018"): (77.6, 81.6), ("employment_rate", "2020"): (74.5, 78.5),
        ("unemployment_rate", "2022"): (1.5, 3.5), ("unemployment_rate", "2024"): (1.5, 3.5),
        ("older_employees", "2020"): (25, 34), ("older_self_employed", "2014"): (42, 52),
        ("students_away", "all"): (56, 64), ("students_away", "university"): (86, 94),
        ("graduate_loss", "share"): (0.3, 0.5), ("net_migration", "rate"): (0, 0.5),
        ("dependency", "1-1-2021"): (101.6, 103.6), ("uk_share", "2023"): (14, 18),
        ("local_multiplier", "ratio"): (0.2, 1.0), ("retail_vacancy", "2019"): (7.5, 9.5),
        ("retail_vacancy", "2021"): (9.3, 11.3), ("tourism_jobs", "share"): (5.5, 7.5),
        ("port_jobs", "share"): (2.2, 3.0), ("tfp_dispersion", "p90/p10"): (1.0, 1.6),
    }  # fmt: skip
    for key, (low, high) in wanted.items():
        found = bands[key]
        assert found is not None and (found.low, found.high) == pytest.approx((low, high)), key


def test_a_region_without_the_figure_has_no_band() -> None:
    from tests.fixtures.models import FICTLAND

    tables = load_region(FICTLAND)
    (rate,) = [part for fact, part in PARTS if fact.name == "unemployment_rate" and part.name == "2024"]
    assert band_of(rate, tables) is None
    assert region_figure("retail_vacancy@2019", tables) == 8.5


def test_a_band_holds_its_limits() -> None:
    band = Band("1", 0.5, 1.5)
    assert band.holds(0.5) and band.holds(1.5) and not band.holds(1.51) and not band.holds(float("nan"))


def test_the_table_of_the_pandemic_is_whole() -> None:
    rows, tables = read_table("covid_indicators.csv"), load_region("west_flanders")
    assert sorted(int(row["row"]) for row in rows) == [5, 6, *range(15, 29)]
    for row in rows:
        assert region_figure(row["region_fact"], tables) is not None, row["name"]
        assert bool(row["no_counterpart"]) != (row["measure"] in CHANGES), row["name"]


def test_the_half_width_is_how_far_the_regions_around_were_apart() -> None:
    rows, tables = read_table("covid_indicators.csv"), load_region("west_flanders")
    apart = [region_figure(row["region_fact"], tables) - float(row["around"]) for row in rows if row["around"]]  # type: ignore[operator]
    assert round(math.sqrt(sum(gap**2 for gap in apart) / len(apart)), 1) == HALF_WIDTH


def test_a_row_of_which_only_the_sign_is_known_takes_every_size() -> None:
    assert band_around(-16.7, sign_only=True).holds(-90) and not band_around(-16.7, sign_only=True).holds(0.1)
    assert band_around(2.0, sign_only=False).holds(5.0) and not band_around(2.0, sign_only=False).holds(5.2)
    assert SIGN_ONLY in CHANGES


@pytest.mark.parametrize(
    ("founded", "closed", "change"),
    [([5.0, 9.0], [3.0, 3.0], 200.0), ([3.0, 2.0], [5.0, 3.0], 50.0), ([3.0, 9.0], [3.0, 3.0], math.nan)],
    ids=["2 to 6", "-2 to -1", "0 to 6"],
)
def test_net_growth_of_firms_is_compared_with_the_size_of_the_one_before(
    founded: list[float], closed: list[float], change: float
) -> None:
    """Without net growth before there is nothing to compare with, and no warning of a division."""
    outcomes = {name: xr.DataArray(v, dims="quarter") for name, v in zip(
        ("firms_founded", "firms_closed"), (founded, closed), strict=True)}  # fmt: skip
    run = SimpleNamespace(outcomes=outcomes)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = CHANGES["firms_net_growth"](Evidence(None, ["2020Q1", "2020Q2"], [run]), "2020Q2")  # type: ignore[arg-type]
    assert found == pytest.approx(change, nan_ok=True)
