"""`as_of`: no observation after that quarter changes anything, to the bit."""

from __future__ import annotations

import csv
import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest

from regionsim.data.columns import Table
from regionsim.data.schema import TABLES
from regionsim.data.tables import load_region
from regionsim.drivers.paths import observe_drivers
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup, prepare
from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError
from tests.fixtures import models
from tests.fixtures.models import FICTLAND, differences, same, settings

AS_OF = "2014Q4"
LAST = ordinal(AS_OF)


def observed_at(table: Table, cell: str) -> int:
    """Quarter in which a row is known: a year in its fourth quarter, a 1 January in its first."""
    if table.dated_by.observed == "quarter":
        return ordinal(cell)
    return int(cell) * 4 + (3 if table.dated_by.observed == "year" else 0)


def altered(folder: Path) -> dict[str, int]:
    """Change every later observation of a region's folder; returns how many cells by table."""
    counts = {}
    for table in TABLES.values():
        file = folder / table.file
        if table.dated_by is None or not file.exists():
            continue
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        counts[table.file] = sum(altered_cells(table, row) for row in rows)
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return counts


def altered_cells(table: Table, row: dict[str, str]) -> int:
    """Change the cells of a row that were not known yet; returns how many."""
    known_at = observed_at(table, row[table.dated_by.name])
    many = 0
    for column in table.columns:
        late = known_at + 4 * column.lag_years > LAST
        if late and column.kind != "text" and column.name not in table.key and row[column.name]:
            if column.lag_years:
                row[column.name] = ""
            elif column.kind == "whole":
                row[column.name] = str(int(row[column.name]) + 1)
            else:
                row[column.name] = repr(float(row[column.name]) * 0.99)
            many += 1
    return many


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, population_cache: None) -> tuple[Setup, Setup, dict[str, int]]:
    """Fictland as of 2014Q4, and a copy of it whose later observations are others."""
    folder = tmp_path_factory.mktemp("region") / "fictland"
    shutil.copytree(FICTLAND, folder)
    counts = altered(folder)
    return (
        prepare(settings(as_of=AS_OF, horizon="2018Q4")),
        prepare(settings(as_of=AS_OF, horizon="2018Q4", region=folder)),
        counts,
    )


def test_later_observations_were_changed_in_the_copy(both) -> None:
    """Else the tests below would show nothing: and without `as_of` they make a difference."""
    original, copy, counts = both
    assert {
        "drivers.csv",
        "driver_facts.csv",
        "employment_history.csv",
        "vital_events.csv",
        "population_history.csv",
        "firm_survival.csv",
    } <= {file for file, many in counts.items() if many}
    assert original.tables.hashes != copy.tables.hashes
    now, then = (prepare(settings(region=setup.settings.region, horizon="2016Q4")) for setup in (original, copy))
    runs = [RegionModel(setup, 0).run(20) for setup in (now, then)]
    assert differences(runs[0].state, runs[1].state) != []


def flat(thing: object, name: str = "") -> dict[str, object]:
    """The fields of a dataclass and of those inside it, by dotted name."""
    if not is_dataclass(thing):
        return {name: thing}
    inside = [flat(getattr(thing, f.name), f"{name}.{f.name}") for f in fields(thing)]
    return {key: value for each in inside for key, value in each.items()}


def test_what_is_prepared_is_the_same(both) -> None:
    original, copy, _ = both
    for part in ("reference", "base", "places", "reach"):
        one, other = flat(getattr(original, part)), flat(getattr(copy, part))
        assert one.keys() == other.keys()
        assert [name for name in one if not same(one[name], other[name])] == [], part
    for family, steps in original.drivers.steps.items():
        assert same(steps, copy.drivers.steps[family]), family
    assert same(original.drivers.blocks[0], copy.drivers.blocks[0])  # every path of every driver, to 2070
    for name, series in original.drivers.series.items():
        assert same(series.values, copy.drivers.series[name].values), name
    for kind in ("people", "firms"):
        one, other = getattr(original.population, kind), getattr(copy.population, kind)
        assert all(same(one.column(c.name), other.column(c.name)) for c in one.declared)


def test_a_run_past_that_quarter_is_the_same(both) -> None:
    original, copy, _ = both
    for draw in (0, 1):
        one, other = (
            RegionModel(original, draw, record=True).run(32),
            RegionModel(copy, draw, record=True).run(32),
        )
        assert differences(one.state, other.state) == []
        assert one.recorder.finish(1.0).equals(other.recorder.finish(1.0))


def test_drivers_are_uncertain_from_the_quarter_after(both) -> None:
    """National series up to 2014Q4 are history, whatever was published since."""
    original, _, _ = both
    paths = [RegionModel(original, draw).path["gdp_country"] for draw in range(3)]
    known = LAST - original.first + 1
    assert original.drivers.series["gdp_country"].last == LAST
    assert np.ptp(np.stack(paths)[:, :known], axis=0).max() == 0
    assert np.ptp(np.stack(paths)[:, known:], axis=0).min() > 0


def test_with_foresight_drivers_alone_know_what_came(both) -> None:
    """A replay: realised drivers to their last observation, everything else as of 2014Q4."""
    original, _, _ = both
    replay = prepare(settings(as_of=AS_OF, horizon="2018Q4", foresight=True))
    today = prepare(settings(horizon="2018Q4"))
    for name, series in today.drivers.series.items():
        assert same(series.values, replay.drivers.series[name].values), name
    paths = np.stack([RegionModel(replay, draw).path["gdp_country"] for draw in range(2)])
    assert np.ptp(paths[:, : ordinal("2018Q4") - replay.first + 1], axis=0).max() == 0
    assert replay.tables["employment_history"]["year"].max() == 2014
    assert original.tables["employment_history"].equals(replay.tables["employment_history"])


def test_a_quarter_too_early_for_what_is_needed_is_refused() -> None:
    with pytest.raises(InputError, match="fertility.csv, as of 2014Q1: has no mean age of mothers yet"):
        observe_drivers(load_region("west_flanders", "2014Q1"), models.parameters().central().drivers, 5.0, 1)
