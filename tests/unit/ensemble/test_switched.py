"""Units with a source of another draw: stored, resumed and counted like any other, and read for the split."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import xarray as xr

from regionsim.analysis.variance_split import stored_split
from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import UnfinishedError, run_ensemble
from regionsim.ensemble.units import Unit, units_of
from regionsim.results.outcomes import HEADLINES
from regionsim.results.store import attribute, read_results, read_unit
from regionsim.state.errors import InputError
from regionsim.state.sources import SOURCES, Sources
from tests.fixtures.fake_model import fake, small
from tests.unit.ensemble.test_run import SERIAL, Watcher, begun, orders, run

__all__ = ["orders"]
SPLIT = small(draws=4, variance_split=True)


def stored(folder: Path) -> dict[str, Path]:
    """Files of units by the end of their names."""
    return {file.stem.partition("_")[2]: file for file in (folder / "units").glob("*.nc")}


def test_every_draw_is_run_again_with_each_source_of_the_next() -> None:
    units = units_of(replace(SPLIT, first_draw=5))
    assert units[:4] == [Unit(5), Unit(6), Unit(7), Unit(8)]
    assert {(unit.draw, unit.switched, unit.other) for unit in units[4:]} == {
        (draw, source, 5 + (draw - 4) % 4) for draw in (5, 6, 7, 8) for source in SOURCES
    }
    assert Unit(8, "chance", 5).sources == Sources(driver=8, parameter=8, chance=5)
    assert Unit(3).sources == Sources(3, 3, 3)
    assert (Unit(3).file_suffix, Unit(3, "driver", 4).file_suffix) == ("d0003", "d0003_driver0004")


@pytest.mark.parametrize("draws", [1, 3])
def test_too_few_draws_to_split_are_told_before_anything_is_written(tmp_path: Path, draws: int) -> None:
    with pytest.raises(InputError, match=rf"ensemble.draws: got {draws}; allowed .*: a whole number, 4 or more"):
        run_ensemble(replace(SPLIT, draws=draws), SERIAL, tmp_path / "out", model=fake())
    assert not (tmp_path / "out").exists()


def test_draws_are_the_same_with_and_without_the_split(tmp_path: Path) -> None:
    without = run(tmp_path / "without", replace(SPLIT, variance_split=False))
    with_split = run(tmp_path / "with", SPLIT)
    xr.testing.assert_identical(with_split.drop_attrs(deep=False), without.drop_attrs(deep=False))
    assert "variance_split" not in without.attrs and "variance_split" in with_split.attrs
    plain, more = stored(tmp_path / "without"), stored(tmp_path / "with")
    assert set(plain) == {f"d000{draw}" for draw in range(4)} and len(more) == 16
    for name, file in plain.items():
        assert more[name].name == file.name  # the key is the same too
        xr.testing.assert_identical(read_unit(more[name]), read_unit(file))


def test_the_split_adds_its_units_to_those_that_are_there(tmp_path: Path, orders: Path) -> None:
    run(tmp_path / "out", replace(SPLIT, variance_split=False))
    first = run(tmp_path / "out", SPLIT)
    assert begun(orders) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    assert run(tmp_path / "out", SPLIT).identical(first)
    assert len(begun(orders)) == 16
    stored(tmp_path / "out")["d0002_parameter0003"].unlink()
    assert run(tmp_path / "out", SPLIT).identical(first)
    assert begun(orders).count(2) == 5


def test_with_more_draws_the_last_one_takes_another_partner(tmp_path: Path) -> None:
    run(tmp_path / "out", SPLIT)
    before = set(stored(tmp_path / "out"))
    run(tmp_path / "out", replace(SPLIT, draws=5))
    added = set(stored(tmp_path / "out")) - before
    assert "d0003_driver0000" in before and {"d0003_driver0004", "d0004_driver0000", "d0004"} <= added
    assert len(added) == 7


def test_units_say_which_sources_they_had(tmp_path: Path) -> None:
    run(tmp_path / "out", SPLIT)
    told = {name: attribute(read_unit(file), "provenance", {}) for name, file in stored(tmp_path / "out").items()}
    assert told["d0001_chance0002"]["sources"] == {"driver": 1, "parameter": 1, "chance": 2}
    assert "sources" not in told["d0001"]


def test_engines_give_the_same_split_and_it_is_that_of_the_model(tmp_path: Path) -> None:
    settings = small(draws=24, variance_split=True, outcomes=HEADLINES)  # those that are split
    tables = [
        stored_split(run(tmp_path / kind, settings, EngineSettings(kind, 2))) for kind in ("serial", "processes")
    ]
    assert tables[0].equals(tables[1])
    varying = tables[0][tables[0]["first_order"] > -9]  # outcomes that vary at all
    assert varying["outcome"].nunique() >= 10
    for source, share in (("driver", 0.64), ("parameter", 0.36)):  # the weights of the fake model are 0.8, 0.6 and 0
        found = varying.loc[varying["source"] == source, "total"]
        error = found.std() / len(found) ** 0.5  # the noise of one outcome tells nothing about another's
        assert found.mean() == pytest.approx(share, abs=3 * error) and error < 0.08
    assert (varying.loc[varying["source"] == "chance", "total"] == 0).all()


def test_progress_counts_switched_units(tmp_path: Path) -> None:
    watcher = Watcher()
    run_ensemble(SPLIT, SERIAL, tmp_path / "out", watcher, model=fake())
    assert watcher.events[0] == (16, 0) and len(watcher.events) == 17


def test_a_switched_unit_that_fails_is_named(tmp_path: Path, orders: Path) -> None:
    (orders / "fail_1").touch()
    with pytest.raises(UnfinishedError) as caught:
        run(tmp_path / "out", SPLIT)
    assert "4 of 16 units failed, 12 are stored" in str(caught.value)
    assert "draw 1, 1 with chance of 2, 1 with driver of 2, 1 with parameter of 2: ValueError" in str(caught.value)
    (orders / "fail_1").unlink()
    assert read_results(run_ensemble(SPLIT, SERIAL, tmp_path / "out", model=fake())).sizes["draw"] == 4
