"""Published history and the model's side of it, on fictland."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.data.tables import RegionTables
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.validation.bars import BARS, Line, indexed
from regionsim.validation.evidence import Evidence
from regionsim.validation.history import compare, score
from regionsim.validation.history_lines import lines, price_of_output, to_census_level
from regionsim.validation.runs import DrawRun, run_draw


@pytest.fixture(scope="module")
def run(setup: Setup) -> DrawRun:
    """One draw to 2016Q4, with the branch of more demand."""
    return run_draw(setup, 0)


def line(tables: RegionTables, name: str) -> Line:
    """The line of this name."""
    return next(each for each in lines(tables) if each.name == name)


def test_branches_do_not_disturb_the_run(run: DrawRun, setup: Setup) -> None:
    model = RegionModel(setup, 0, record=True).run(len(setup.quarters))
    assert model.recorder is not None
    alone = model.recorder.finish(1.0)
    assert all(np.array_equal(alone[name], run.outcomes[name], equal_nan=True) for name in alone.data_vars)


def test_more_demand_from_abroad_makes_jobs(run: DrawRun, setup: Setup) -> None:
    first = setup.quarters.index("2013Q1")
    assert len(run.shocked_jobs) == len(setup.quarters) - first
    gain = run.shocked_jobs - run.quarterly["sector_jobs"][first:]
    assert gain[-4:].sum(axis=1).mean() > 0
    assert not run.without_pandemic  # the run ends before it


def test_published_indices_start_at_100_and_rates_at_the_survey(setup: Setup) -> None:
    for each in lines(setup.tables):
        published = each.published(setup.tables)
        assert len(published) > 1 and min(published) == 2011, each.name
        if each.name.startswith(("value added", "jobs", "people")):
            assert published[2011] == pytest.approx(100.0), each.name


def test_both_sides_share_years(run: DrawRun, setup: Setup) -> None:
    for each in (*BARS, *lines(setup.tables)):
        modelled = each.modelled(run, setup.tables)
        if each.name != "survival of starters after 5 years":
            assert len(set(modelled) & set(each.published(setup.tables))) > 1, each.name
        assert all(np.isfinite(value) for value in modelled.values()), each.name


def test_places_add_up_to_the_region(setup: Setup, run: DrawRun) -> None:
    tables = setup.tables
    for kind in ("births", "deaths"):
        whole = line(tables, f"{kind} region")
        parts = [line(tables, f"{kind} {name}") for name in tables.labels.arrondissement_names]
        for year, total in whole.published(tables).items():
            assert total == sum(part.published(tables)[year] for part in parts)
        for year, total in whole.modelled(run, tables).items():
            assert total == pytest.approx(sum(part.modelled(run, tables)[year] for part in parts))


def test_value_added_is_deflated(setup: Setup) -> None:
    tables = setup.tables
    price = price_of_output(tables)
    current = tables.gva_history.set_index(["group", "year"])["mio_eur"]
    real = line(tables, "value added TOTAL").published(tables)
    expected = current["TOTAL", 2015] / current["TOTAL", 2011] * price[2011] / price[2015] * 100
    assert real[2015] == pytest.approx(expected)


def test_ages_are_brought_to_the_census_level(setup: Setup) -> None:
    tables = setup.tables
    level = to_census_level(tables)
    persons = tables.population_history.groupby("year")["persons"].sum()
    whole = tables.vital_events.groupby("year")["population_1_january"].sum()
    assert level[2012] * persons[2012] == pytest.approx(whole[2012])


def test_the_first_year_counts_for_bars_only(setup: Setup, run: DrawRun) -> None:
    years = compare(setup.tables, [run])
    table = score(setup.tables, years).set_index("name")
    births = years[(years["series"] == "births region") & (years["year"] > 2011)]
    assert table.loc["births region", "model_error"] == pytest.approx(births["error"].abs().mean())
    assert table.loc["births region", "naive_error"] == pytest.approx(births["error_naive"].abs().mean())
    jobs = years[years["series"] == "jobs, index"]
    assert jobs["year"].min() == 2011
    assert table.loc["jobs, index", "model_error"] == pytest.approx(jobs["error"].abs().mean())
    assert table["met"].notna().sum() == len(BARS)


def test_indexed() -> None:
    assert indexed({2011: 4.0, 2012: 5.0}, 2011) == {2011: 100.0, 2012: 125.0}


def test_evidence_answers_by_quarter_and_year(setup: Setup, run: DrawRun) -> None:
    evidence = Evidence(setup.tables, setup.quarters, [run])
    values = np.arange(1.0, len(setup.quarters) + 1)
    assert evidence.year(values, 2011) == 2.5 and np.isnan(evidence.year(values, 2030))
    assert evidence.at(values, "2011Q2") == 2.0 and np.isnan(evidence.at(values, "2030Q1"))
    assert evidence.change(values, "2011Q2") == pytest.approx(100.0)
    assert np.isnan(evidence.change(values, "2011Q1"))
    assert evidence.total(run, "residents")[0] == run.outcomes["residents"][0].sum()
