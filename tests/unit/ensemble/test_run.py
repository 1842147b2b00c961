"""An ensemble: same numbers from every engine, nothing computed twice, nothing half-written."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
import xarray as xr

from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import UnfinishedError, run_ensemble
from regionsim.ensemble.units import Model, Unit
from regionsim.model.settings import Settings
from regionsim.results.store import attribute, read_results
from regionsim.state.errors import InputError
from tests.fixtures.fake_model import fake, small

SERIAL = EngineSettings("serial")


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder through which the fake model is told to misbehave, and where it says which units it began."""
    folder = tmp_path / "orders"
    folder.mkdir()
    monkeypatch.setenv("FAKE_MODEL", str(folder))
    return folder


def begun(orders: Path) -> list[int]:
    log = orders / "begun"
    return sorted(int(line.split()[0]) for line in log.read_text().splitlines()) if log.exists() else []


def run(folder: Path, settings: Settings | None = None, engine: EngineSettings = SERIAL) -> xr.Dataset:
    return read_results(run_ensemble(settings or small(), engine, folder, model=fake()))


def leftovers(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.name.endswith(".part")]


def test_engines_and_any_number_of_workers_give_identical_data(tmp_path: Path) -> None:
    here = run(tmp_path / "serial", small(draws=5))
    for kind, workers in (("processes", 1), ("processes", 3), ("dask", 2)):
        there = run(tmp_path / f"{kind}{workers}", small(draws=5), EngineSettings(kind, workers))
        assert there.drop_attrs(deep=False).identical(here.drop_attrs(deep=False))


def test_adding_draws_computes_only_the_new_ones_and_changes_no_earlier_draw(
    tmp_path: Path, orders: Path
) -> None:
    first = run(tmp_path / "out", small(draws=2))
    more = run(tmp_path / "out", small(draws=4))
    assert begun(orders) == [0, 1, 2, 3]
    assert more.sel(draw=[0, 1]).equals(first)
    again = run(tmp_path / "out", small(draws=4))
    assert begun(orders) == [0, 1, 2, 3]
    assert again.identical(more)


def test_a_broken_unit_is_computed_again(tmp_path: Path, orders: Path) -> None:
    whole = run(tmp_path / "out")
    file = sorted((tmp_path / "out" / "units").glob("*_d0001.nc"))[0]
    file.write_bytes(file.read_bytes()[:300])
    assert run(tmp_path / "out").identical(whole)
    assert begun(orders) == [0, 1, 1, 2]


def test_another_configuration_computes_its_own_units(tmp_path: Path, orders: Path) -> None:
    run(tmp_path / "out", small(draws=1))
    run(tmp_path / "out", small(draws=1, seed=2))
    assert begun(orders) == [0, 0]
    assert len(list((tmp_path / "out" / "units").glob("*.nc"))) == 2


def test_a_failing_unit_is_named_and_the_others_are_kept(tmp_path: Path, orders: Path) -> None:
    (orders / "fail_1").touch()
    with pytest.raises(UnfinishedError) as caught:
        run(tmp_path / "out")
    assert "1 of 3 units failed, 2 are stored" in str(caught.value)
    assert "draw 1: ValueError: accounts of people do not balance" in str(caught.value)
    assert not caught.value.of_surroundings
    (failed,) = (tmp_path / "out" / "units").glob("*.failed")
    assert "Traceback" in failed.read_text()
    assert not (tmp_path / "out" / "results.zarr").exists()
    (orders / "fail_1").unlink()
    assert run(tmp_path / "out").sizes["draw"] == 3
    assert begun(orders) == [0, 1, 1, 2]
    assert not failed.exists()


def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path, orders: Path) -> None:
    (orders / "kill_once_1").touch()
    found = run(tmp_path / "killed", small(draws=4), EngineSettings("processes", 2))
    assert found.drop_attrs(deep=False).equals(run(tmp_path / "calm", small(draws=4)).drop_attrs(deep=False))
    assert begun(orders).count(1) >= 2


def test_a_unit_that_kills_its_worker_takes_no_other_with_it(tmp_path: Path, orders: Path) -> None:
    (orders / "kill_always_2").touch()
    with pytest.raises(UnfinishedError) as caught:
        run(tmp_path / "out", small(draws=6), EngineSettings("processes", 2))
    assert list(caught.value.failures) == [Unit(2)]
    assert "killed twice" in caught.value.failures[Unit(2)].reason
    assert len(list((tmp_path / "out" / "units").glob("*.nc"))) == 5
    assert begun(orders).count(2) == 2
    assert leftovers(tmp_path) == []


def test_a_unit_that_fails_in_a_worker_is_named_with_its_reason(tmp_path: Path, orders: Path) -> None:
    (orders / "fail_0").touch()
    with pytest.raises(UnfinishedError, match="draw 0: ValueError: accounts of people do not balance"):
        run(tmp_path / "out", small(draws=3), EngineSettings("processes", 2))
    assert sorted(file.stem[-1] for file in (tmp_path / "out" / "units").glob("*.nc")) == ["1", "2"]


def _same_run(folder: str) -> None:
    run(Path(folder), small(draws=6))


def test_two_identical_runs_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    twins = [context.Process(target=_same_run, args=(str(tmp_path / "out"),)) for _ in range(2)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join(120)
    assert [twin.exitcode for twin in twins] == [0, 0]
    together = read_results(tmp_path / "out")
    assert together.drop_attrs(deep=False).equals(
        run(tmp_path / "alone", small(draws=6)).drop_attrs(deep=False)
    )
    assert leftovers(tmp_path) == []


def test_bad_input_stops_the_run_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        run_ensemble(small(region="nowhere"), SERIAL, tmp_path / "out", model=fake())
    with pytest.raises(InputError, match=r"engine.kind.*'threads'.*serial, processes, dask, slurm"):
        run_ensemble(small(), EngineSettings("threads"), tmp_path / "out2", model=fake())
    assert not (tmp_path / "out").exists()
    assert not list((tmp_path / "out2").rglob("*.nc"))


def test_bad_input_found_while_preparing_is_not_a_failed_unit(tmp_path: Path) -> None:
    for engine in (SERIAL, EngineSettings("processes", 2)):
        with pytest.raises(InputError, match="this region"):
            run_ensemble(small(), engine, tmp_path / "out", model=Model(refuse, fake().run_unit))


def refuse(settings: Settings) -> None:
    raise InputError("region.first", "this region starts elsewhere")


def test_results_say_where_they_come_from(tmp_path: Path) -> None:
    config = {"ensemble": {"draws": 3}}
    path = run_ensemble(small(as_of="2010Q4"), SERIAL, tmp_path / "out", config=config, model=fake())
    dataset = read_results(path)
    told = attribute(dataset, "provenance", {})
    assert told["config"] == config
    assert told["seeds"] == {"0": 1, "1": 1, "2": 1}
    assert set(told["tables"]) >= {"region.csv", "census_people.csv"}
    assert {"numpy", "numba", "xarray"} <= set(told["packages"])
    assert told["code"] and told["key"]
    assert attribute(dataset, "region", {})["name"] == "fictland"


def test_texts_are_those_of_the_last_run_even_when_units_are_reused(tmp_path: Path, orders: Path) -> None:
    from tests.unit.ensemble.test_content_key import NO_PLAN, PLAN

    settings = small(draws=1, plans=(NO_PLAN, replace(PLAN, title_en="First title")))
    run(tmp_path / "out", settings)
    again = run(
        tmp_path / "out", replace(settings, draws=2, plans=(NO_PLAN, replace(PLAN, title_en="Better title")))
    )
    assert attribute(again, "plan_titles", {})["some"]["en"] == "Better title"
    assert attribute(again, "plan_start", {}) == {"some": "2012Q1"}
    assert begun(orders) == [0, 1]


class Watcher:
    def __init__(self) -> None:
        self.events: list[object] = []

    def begin(self, total: int, done: int) -> None:
        self.events.append((total, done))

    def finished(self, number: int) -> None:
        self.events.append(number)

    def note(self, text: str) -> None:
        pass

    def say(self, text: str) -> None:
        pass


@pytest.mark.parametrize("engine", [SERIAL, EngineSettings("processes", 2)])
def test_progress_tells_every_unit_once(tmp_path: Path, engine: EngineSettings) -> None:
    run(tmp_path / "out", small(draws=1))
    watcher = Watcher()
    run_ensemble(small(draws=4), engine, tmp_path / "out", watcher, model=fake())
    assert watcher.events[0] == (4, 1)
    assert sorted(watcher.events[1:]) == [1, 2, 3]  # type: ignore[type-var]
