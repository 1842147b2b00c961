"""Driver paths: history as published, then the fitted spread; path d is the same whatever else is run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from regionsim.data.tables import RegionTables, load_region
from regionsim.drivers.paths import PANDEMIC, DriverModel, driver_dataset, driver_path, fit_drivers
from regionsim.drivers.store import cached_drivers
from regionsim.state.calendar import ordinal, quarters
from regionsim.state.parameters import Block
from tests.fixtures.models import FICTLAND, parameters, same

FIRST, LAST = ordinal("2011Q1"), ordinal("2044Q4")
DRAWS = 400
NATIONAL = (
    "gdp_country",
    "gdp_uk",
    "gdp_eu",
    "gdp_world",
    "household_consumption",
    "investment",
    "employment_country",
)


@pytest.fixture(scope="module")
def tables() -> RegionTables:
    return load_region(FICTLAND)


@pytest.fixture(scope="module")
def block() -> Block:
    return parameters().central().drivers


@pytest.fixture(scope="module")
def model(tables: RegionTables, block: Block) -> DriverModel:
    return fit_drivers(tables, block, 5.0)


@pytest.fixture(scope="module")
def paths(model: DriverModel) -> dict[str, np.ndarray]:
    """(draw, quarter) of every driver."""
    drawn = [driver_path(model, 1, d, FIRST, LAST) for d in range(DRAWS)]
    return {name: np.stack([path[name] for path in drawn]) for name in model.names}


def series(name: str) -> dict[int, float]:
    """A series as the file has it, by ordinal quarter."""
    with (FICTLAND / "drivers.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["series"] == name]
    return {ordinal(row["period"]): float(row["value"]) for row in rows}


# History ------------------------------------------------------------------------------------------------------------


def test_a_driver_is_its_published_series_relative_to_the_first_quarter(model: DriverModel, paths) -> None:
    gdp = series("gdp_be")
    for q in range(FIRST, model.series["gdp_country"].last + 1):
        assert paths["gdp_country"][0, q - FIRST] == pytest.approx(gdp[q] / gdp[FIRST], rel=1e-12)
    assert model.series["gdp_country"].last == max(gdp)


def test_a_deflated_driver_is_real(model: DriverModel, paths) -> None:
    nominal, prices = series("investment_be"), series("gdp_deflator_be")
    base = nominal[FIRST] / prices[FIRST]
    for q in range(FIRST, model.series["investment"].last + 1):
        assert paths["investment"][0, q - FIRST] == pytest.approx(nominal[q] / prices[q] / base, rel=1e-12)


def test_a_smoothed_driver_is_the_mean_of_its_last_four_quarters(model: DriverModel, paths) -> None:
    nominal, prices = series("household_consumption_be"), series("hicp_be")
    real = {q: nominal[q] / prices[q] for q in nominal if q in prices}
    base = sum(real[FIRST - k] for k in range(4))
    for q in range(FIRST, model.series["household_consumption"].last + 1):
        mean = sum(real[q - k] for k in range(4)) / base
        assert paths["household_consumption"][0, q - FIRST] == pytest.approx(mean, rel=1e-12)


def test_a_group_of_markets_is_their_weighted_mean(model: DriverModel, paths) -> None:
    with (FICTLAND / "driver_roles.csv").open(encoding="utf-8") as file:
        weights = {row["series"]: float(row["weight"]) for row in csv.DictReader(file) if row["role"] == "gdp_eu"}
    parts = {name: series(name) for name in weights}
    for q in (FIRST, FIRST + 7, model.series["gdp_eu"].last):
        mean = sum(w * parts[n][q] / parts[n][FIRST] for n, w in weights.items()) / sum(weights.values())
        assert paths["gdp_eu"][0, q - FIRST] == pytest.approx(mean, rel=1e-12)


def test_net_migration_is_the_published_one_in_each_of_its_years(
    model: DriverModel, paths, tables: RegionTables
) -> None:
    for code in tables.labels.arrondissements:
        rows = tables.vital_events[tables.vital_events["arrondissement"] == code].set_index("year")["net_migration"]
        for year in range(2011, int(rows.index.max()) + 1):
            at = slice(4 * year - FIRST, 4 * year + 4 - FIRST)
            assert (paths[f"net_migration/{code}"][0, at] == rows[year]).all()


def test_fertility_reproduces_published_births(model: DriverModel, tables: RegionTables) -> None:
    """The rate times women at risk gives the births of the year; a rate of a plausible size."""
    for code in tables.labels.arrondissements:
        values = model.series[f"fertility/{code}"].values
        assert ((values > 1.0) & (values < 2.5)).all()


def test_all_draws_share_history(model: DriverModel, paths) -> None:
    for name in model.names:
        known = paths[name][:, : model.series[name].last - FIRST + 1]
        assert (known == known[0]).all(), name
        assert (paths[name][0, -40:] != paths[name][1, -40:]).all(), name


# After the last observation ------------------------------------------------------------------------------------------


def changes_before_the_pandemic_and_after(values: np.ndarray, start: int) -> np.ndarray:
    at = np.arange(start + 1, start + len(values))
    return np.diff(np.log(values))[(at < PANDEMIC[0]) | (at > PANDEMIC[1])]


@pytest.mark.parametrize("name", NATIONAL)
def test_drift_and_spread_are_those_of_the_published_changes(model: DriverModel, name: str) -> None:
    s = model.series[name]
    changes = changes_before_the_pandemic_and_after(s.values, s.start)
    assert model.drift[name] == pytest.approx(changes.mean())
    assert model.spread[name] == pytest.approx(changes.std(ddof=1))
    assert 0 < model.spread[name] < 0.1


@pytest.mark.parametrize("name", NATIONAL)
def test_paths_have_the_fitted_drift_and_spread(model: DriverModel, paths, name: str) -> None:
    """Steps after the last observation: mean, standard deviation and normal shape, four standard errors."""
    steps = np.diff(np.log(paths[name]))[:, model.series[name].last - FIRST :]
    z = (steps - model.drift[name]) / model.spread[name]
    n = z.size
    assert abs(z.mean()) < 4 / np.sqrt(n)
    assert abs(z.std() - 1) < 4 / np.sqrt(2 * n)
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
    assert np.abs(np.corrcoef(z[:, :-1].ravel(), z[:, 1:].ravel())[0, 1]) < 4 / np.sqrt(n)


@pytest.mark.parametrize("name", NATIONAL)
def test_uncertainty_grows_with_the_root_of_the_horizon(model: DriverModel, paths, name: str) -> None:
    last = model.series[name].last - FIRST
    for ahead in (1, 4, 40):
        spread = np.log(paths[name][:, last + ahead]).std()
        assert spread == pytest.approx(model.spread[name] * np.sqrt(ahead), rel=4 / np.sqrt(2 * DRAWS))


def test_drivers_move_together_as_they_did(model: DriverModel, paths) -> None:
    """Correlation of steps between drivers: the published one, shrunk by a tenth, within sampling error."""
    names = model.quarterly
    last = max(model.series[n].last for n in names) - FIRST
    steps = np.stack([np.diff(np.log(paths[n]))[:, last:].ravel() for n in names])
    wanted = model.loading @ model.loading.T
    assert np.allclose(np.diag(wanted), 1)
    assert np.abs(np.corrcoef(steps) - wanted).max() < 4.5 / np.sqrt(steps.shape[1])
    first, until = max(model.series[n].start for n in names), min(model.series[n].last for n in names)
    history = np.stack([
        changes_before_the_pandemic_and_after(model.series[n].quarterly(first, until), first) for n in names
    ])  # fmt: skip
    assert np.allclose(wanted - np.eye(len(names)), 0.9 * (np.corrcoef(history) - np.eye(len(names))))


def test_annual_drivers_move_once_a_year_and_stay_around_their_last_level(model: DriverModel, paths, tables) -> None:
    for name in (n for n in model.names if model.series[n].annual):
        ahead = model.series[name].last + 1 - FIRST
        future = paths[name][:, ahead:]
        by_year = future[:, : future.shape[1] // 4 * 4].reshape(DRAWS, -1, 4)
        assert (by_year == by_year[:, :, :1]).all(), name
        log = np.log if model.series[name].logarithmic else np.asarray
        steps = np.diff(log(by_year[:, :, 0]), axis=1)
        assert model.drift[name] == 0
        assert abs(steps.mean()) < 4 * model.spread[name] / np.sqrt(steps.size)
        assert steps.std() == pytest.approx(model.spread[name], rel=4 / np.sqrt(2 * steps.size))


def test_mortality_starts_at_its_table_with_the_spread_of_its_parameter(
    model: DriverModel, paths, block: Block
) -> None:
    assert model.spread["mortality"] == block.mortality_sd_year
    assert (paths["mortality"][:, : model.series["mortality"].last - FIRST + 1] == 1).all()


# Identity of a path ------------------------------------------------------------------------------------------------


def test_path_d_is_the_same_whatever_else_is_drawn(model: DriverModel) -> None:
    alone = driver_path(model, 1, 7, FIRST, LAST)
    among = driver_dataset(model, 1, [3, 7, 200], "2011Q1", "2044Q4").value.sel(draw=7)
    again = driver_dataset(model, 1, [7], "2011Q1", "2044Q4").value.sel(draw=7)
    for name in model.names:
        assert same(among.sel(driver=name).values, alone[name]) and same(again.sel(driver=name).values, alone[name])


def test_a_longer_horizon_changes_no_earlier_quarter(model: DriverModel) -> None:
    short, long = driver_path(model, 1, 7, FIRST, LAST - 40), driver_path(model, 1, 7, FIRST, LAST)
    assert all(same(short[name], long[name][: LAST - 40 - FIRST + 1]) for name in model.names)


def test_seeds_and_draws_differ(model: DriverModel) -> None:
    one, other, seed = (driver_path(model, s, d, FIRST, LAST)["gdp_country"][-1] for s, d in ((1, 0), (1, 1), (2, 0)))
    assert len({one, other, seed}) == 3


def test_the_dataset_says_what_it_holds(model: DriverModel) -> None:
    data = driver_dataset(model, 5, [0, 4], "2011Q1", "2012Q4")
    assert data.value.dims == ("driver", "draw", "quarter")
    assert data.draw.values.tolist() == [0, 4]
    assert data.quarter.values.tolist() == quarters("2011Q1", "2012Q4")
    assert data.driver.values.tolist() == list(model.names)
    for name in ("unit", "source", "last_observed"):
        assert data[name].dims == ("driver",) and all(str(text) for text in data[name].values)
    assert str(data.last_observed.sel(driver="gdp_country").values) == "2025Q4"
    assert data.attrs["seed"] == 5
    assert data.attrs["vintage"] == model.vintage


# Kept on disk ------------------------------------------------------------------------------------------------------


def test_a_kept_fit_is_the_fit_bit_for_bit(
    tables: RegionTables, block: Block, model: DriverModel, tmp_path: Path
) -> None:
    for kept in (cached_drivers(tables, block, 5.0, tmp_path), cached_drivers(tables, block, 5.0, tmp_path)):
        assert kept.drift == model.drift and kept.spread == model.spread and kept.quarterly == model.quarterly
        assert same(kept.loading, model.loading)
        one, other = driver_path(kept, 1, 3, FIRST, LAST), driver_path(model, 1, 3, FIRST, LAST)
        assert all(same(one[name], other[name]) for name in model.names)
    assert len(list(tmp_path.glob("drivers-*.json"))) == 1


def test_a_fit_is_read_only_for_the_same_tables_and_parameters(
    tables: RegionTables, block: Block, tmp_path: Path
) -> None:
    cached_drivers(tables, block, 5.0, tmp_path)
    cached_drivers(tables, block, 6.0, tmp_path)
    cached_drivers(tables, Block("drivers", {**block.values, "mortality_sd_year": 0.5}), 5.0, tmp_path)
    cached_drivers(load_region(FICTLAND, "2014Q4"), block, 5.0, tmp_path)
    assert len(list(tmp_path.glob("drivers-*.json"))) == 4


@pytest.mark.parametrize("broken", ["", "{", '{"series": 3}', "[]"])
def test_a_broken_file_is_made_anew(tables: RegionTables, block: Block, tmp_path: Path, broken: str) -> None:
    good = cached_drivers(tables, block, 5.0, tmp_path)
    (file,) = tmp_path.glob("drivers-*.json")
    file.write_text(broken)
    assert cached_drivers(tables, block, 5.0, tmp_path).drift == good.drift
    assert json.loads(file.read_text())["drift"] == good.drift
