"""Driver paths: history as published, then sample paths; path d is the same whatever else is run."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from regionsim.data.schema_economy import FORECAST_ROLES
from regionsim.data.tables import RegionTables, load_region
from regionsim.drivers.history.observed import ASSUMED, JOINT, POOLED_WALK
from regionsim.drivers.paths import BLOCK_DRAWS, DriverModel, driver_dataset, driver_path, observe_drivers
from regionsim.drivers.store import cached_drivers
from regionsim.state.calendar import ordinal, quarters
from regionsim.state.errors import InputError
from regionsim.state.parameters import Block
from tests.fixtures.models import FICTLAND, parameters, same

FIRST, LAST = ordinal("2011Q1"), ordinal("2044Q4")


@pytest.fixture(scope="module")
def tables() -> RegionTables:
    return load_region(FICTLAND)


@pytest.fixture(scope="module")
def block() -> Block:
    return parameters().central().drivers


@pytest.fixture(scope="module")
def model(tables: RegionTables, block: Block) -> DriverModel:
    return observe_drivers(tables, block, 5.0, 1)


@pytest.fixture(scope="module")
def paths(model: DriverModel) -> dict[str, np.ndarray]:
    """(draw, quarter) of every driver."""
    drawn = [driver_path(model, d, FIRST, LAST) for d in range(BLOCK_DRAWS)]
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


def test_every_role_and_every_kind_of_driver_is_there(model: DriverModel, tables: RegionTables) -> None:
    families = {name.split("/")[0] for name in model.names}
    assert families == {
        *FORECAST_ROLES, "fertility", "net_migration", "mortality", "migration_rate", "energy_prices", "interest_rate",
        "wage_index", "relative_wage_neighbours", "tightness_neighbours", "school_leavers", "frontier_workers",
        "tourism_nights",
    }  # fmt: skip
    assert {s.model for s in model.series.values()} == {JOINT, POOLED_WALK, ASSUMED}


def test_all_draws_share_history(model: DriverModel, paths) -> None:
    for name in model.names:
        known = paths[name][:, : max(model.series[name].last - FIRST + 1, 0)]
        assert (known == known[:1]).all(), name
        if not name.startswith("mortality"):  # the table of this region falls evenly: nothing to be unsure of
            assert (paths[name][0, -40:] != paths[name][1, -40:]).all(), name


def test_the_observed_part_of_a_path_is_its_history(model: DriverModel, paths) -> None:
    for name, s in model.series.items():
        last = min(s.last, LAST)
        if len(s.values):
            start = max(s.start, FIRST)
            assert (paths[name][0, start - FIRST : last - FIRST + 1] == s.quarterly(start, last)).all(), name


# After the last observation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORECAST_ROLES)
def test_paths_go_on_from_the_last_observation_as_the_series_moved(model: DriverModel, paths, name: str) -> None:
    """A quarter ahead the spread is about that of past changes; ten years ahead several times as much."""
    s = model.series[name]
    last = s.last - FIRST
    past = np.diff(np.log(s.values))
    calm = past[: ordinal("2019Q4") - s.start]
    ln = np.log(paths[name] / paths[name][:, last : last + 1])
    assert 0.15 * calm.std() < ln[:, last + 1].std() < 3 * calm.std()
    assert ln[:, last + 40].std() > 2 * ln[:, last + 1].std()
    assert abs(np.median(ln[:, last + 1])) < 5 * calm.std()


def test_annual_drivers_move_once_a_year(model: DriverModel, paths) -> None:
    for name in (n for n, s in model.series.items() if s.model == POOLED_WALK):
        ahead = model.series[name].last + 1 - FIRST
        future = paths[name][:, ahead:]
        by_year = future[:, : future.shape[1] // 4 * 4].reshape(BLOCK_DRAWS, -1, 4)
        assert (by_year == by_year[:, :, :1]).all(), name


def test_migration_of_a_large_place_varies_more_in_persons(model: DriverModel, paths, tables: RegionTables) -> None:
    people = tables.population_single_age.groupby("arrondissement")["persons"].sum()
    large, small = people.idxmax(), people.idxmin()
    spread = {c: np.diff(paths[f"net_migration/{c}"][:, ::4], axis=1)[:, 10:].std() for c in (large, small)}
    assert spread[large] / spread[small] == pytest.approx(people[large] / people[small], rel=0.3)


def test_wages_follow_the_prices_of_their_draw(model: DriverModel, paths) -> None:
    last = model.series["wage_index"].last - FIRST
    wages, prices = (np.log(paths[n][:, -1] / paths[n][:, last]) for n in ("wage_index", "prices"))
    assert np.corrcoef(wages, prices)[0, 1] > 0.7
    assert np.median(wages - prices) == pytest.approx(0, abs=0.02)


def test_published_yearly_figures_stand_in_the_paths(paths, tables: RegionTables) -> None:
    nights = sum(paths[f"tourism_nights/{o}"] for o in ("country", "neighbours", "elsewhere"))
    for row in tables.driver_facts.itertuples():
        at = slice(4 * row.year - FIRST, 4 * row.year + 4 - FIRST)
        if row.driver == "tourism_nights":
            assert nights[0, at].sum() == pytest.approx(row.value, rel=1e-9)
        else:
            assert paths[row.driver][0, at].mean() == pytest.approx(row.value, rel=1e-9)
    season = nights[0, 4 * 2016 - FIRST :][:4]
    assert season.argmax() == 2


def test_an_interest_rate_returns_to_its_long_run_level(paths, block: Block) -> None:
    assert np.median(paths["interest_rate"][:, -1]) == pytest.approx(block.interest_long_run, abs=0.5)
    spread = block.interest_sd_year / 2 / np.sqrt(1 - (1 - block.interest_reversion_year) ** 0.5)
    assert paths["interest_rate"][:, -1].std() == pytest.approx(spread, rel=0.2)


# Identity of a path ------------------------------------------------------------------------------------------------


def test_path_d_is_the_same_whatever_else_is_drawn(model: DriverModel, tables: RegionTables, block: Block) -> None:
    alone = driver_path(observe_drivers(tables, block, 5.0, 1), 7, FIRST, LAST)
    among = driver_dataset(model, [3, 7, 199], "2011Q1", "2044Q4").value.sel(draw=7)
    for name in model.names:
        assert same(among.sel(driver=name).values, alone[name])


def test_draws_of_a_later_block_are_others_and_change_none_before(model: DriverModel) -> None:
    before = driver_path(model, 3, FIRST, LAST)
    later = driver_path(model, BLOCK_DRAWS + 3, FIRST, LAST)
    again = driver_path(model, 3, FIRST, LAST)
    assert all(same(before[n], again[n]) for n in model.names)
    assert (later["gdp_country"][-40:] != before["gdp_country"][-40:]).all()


def test_a_longer_horizon_changes_no_earlier_quarter(model: DriverModel) -> None:
    short, long = driver_path(model, 7, FIRST, LAST - 40), driver_path(model, 7, FIRST, LAST)
    assert all(same(short[name], long[name][: LAST - 40 - FIRST + 1]) for name in model.names)


def test_a_horizon_beyond_the_paths_is_refused(model: DriverModel) -> None:
    with pytest.raises(InputError, match=r"ensemble.horizon: got 2071Q1; allowed: a quarter up to 2070Q4"):
        driver_path(model, 0, FIRST, ordinal("2071Q1"))


def test_seeds_differ(tables: RegionTables, block: Block, model: DriverModel) -> None:
    other = driver_path(observe_drivers(tables, block, 5.0, 2), 0, FIRST, LAST)["gdp_country"]
    assert (other[-40:] != driver_path(model, 0, FIRST, LAST)["gdp_country"][-40:]).all()


def test_the_dataset_says_what_it_holds(model: DriverModel) -> None:
    data = driver_dataset(model, [0, 4], "2011Q1", "2012Q4")
    assert data.value.dims == ("driver", "draw", "quarter")
    assert data.draw.values.tolist() == [0, 4]
    assert data.quarter.values.tolist() == quarters("2011Q1", "2012Q4")
    assert data.driver.values.tolist() == list(model.names)
    for name in ("unit", "source", "model"):
        assert data[name].dims == ("driver",) and all(str(text) for text in data[name].values)
    assert str(data.last_observed.sel(driver="gdp_country").values) == "2025Q4"
    assert str(data.last_observed.sel(driver="energy_prices").values) == ""
    assert data.assumption.sel(driver="energy_prices") and not data.assumption.sel(driver="gdp_uk")
    assert data.attrs["seed"] == 1
    assert data.attrs["vintage"] == model.vintage
    assert data.attrs["hash"] == model.digest


# Kept on disk ------------------------------------------------------------------------------------------------------


def test_kept_paths_are_the_paths_bit_for_bit(
    tables: RegionTables, block: Block, model: DriverModel, tmp_path: Path
) -> None:
    for kept in (cached_drivers(tables, block, 5.0, 1, [0, 5], tmp_path) for _ in range(2)):
        assert kept.vintage == model.vintage and same(kept.blocks[0], model.blocks[0])
    assert len(list(tmp_path.glob("drivers-*.npz"))) == 1


def test_paths_are_read_only_for_the_same_tables_parameters_and_seed(
    tables: RegionTables, block: Block, tmp_path: Path
) -> None:
    other = Block("drivers", {**block.values, "energy_sd_year": 0.5})
    cached_drivers(tables, block, 5.0, 1, folder=tmp_path)
    cached_drivers(tables, block, 5.0, 2, folder=tmp_path)
    cached_drivers(tables, other, 5.0, 1, folder=tmp_path)
    assert len(list(tmp_path.glob("drivers-*.npz"))) == 3


@pytest.mark.parametrize("broken", [b"", b"{", b"PK\x03\x04nothing"])
def test_a_broken_file_is_made_anew(tables: RegionTables, block: Block, tmp_path: Path, broken: bytes) -> None:
    good = cached_drivers(tables, block, 5.0, 1, folder=tmp_path)
    (file,) = tmp_path.glob("drivers-*.npz")
    whole = file.read_bytes()
    file.write_bytes(broken)
    assert same(cached_drivers(tables, block, 5.0, 1, folder=tmp_path).blocks[0], good.blocks[0])
    assert file.stat().st_size == len(whole)
