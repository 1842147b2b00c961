"""Several worlds in one study, sweeps of many units that are disturbed, and what `status` sees of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import xarray as xr

from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.manifest import unit_states
from regionsim.ensemble.run import UnfinishedError, run_ensemble, run_study
from regionsim.ensemble.units import Unit
from regionsim.model.settings import Points, Settings, World
from regionsim.results.store import read_results
from regionsim.state.errors import InputError
from regionsim.state.parameters import parse_parameters
from tests.fixtures.fake_model import FORMS, fake, small
from tests.unit.ensemble.test_run import SERIAL, begun, leftovers, orders

__all__ = ["orders"]  # the fixture
WORLDS = tuple(World(name) for name in ("calm", "stormy"))
PROCESSES = EngineSettings("processes", 2)


def scenarios(**changes: object) -> list[Settings]:
    return [small(world=world, **changes) for world in WORLDS]


def study(folder: Path, engine: EngineSettings = SERIAL, **changes: object) -> xr.Dataset:
    return read_results(run_study(scenarios(**changes), engine, folder, model=fake()))


def same(one: xr.Dataset, other: xr.Dataset) -> bool:
    return bool(one.drop_attrs(deep=False).identical(other.drop_attrs(deep=False)))


def test_worlds_of_a_study_are_one_dataset_and_each_is_what_it_is_alone(tmp_path: Path) -> None:
    both = study(tmp_path / "both", draws=4)
    assert list(both.world.values) == ["calm", "stormy"]
    for settings in scenarios(draws=4):
        alone = read_results(run_ensemble(settings, SERIAL, tmp_path / settings.world.name, model=fake()))
        assert both.sel(world=[settings.world.name]).equals(alone)


def test_a_study_is_the_same_on_every_engine(tmp_path: Path) -> None:
    here = study(tmp_path / "serial", draws=3)
    for engine in (PROCESSES, EngineSettings("dask", 2)):
        assert same(study(tmp_path / engine.kind, engine, draws=3), here)


def test_scenarios_that_cannot_be_one_dataset_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="differ in more than world"):
        run_study([small(world=WORLDS[0]), small(world=WORLDS[1], seed=2)], SERIAL, tmp_path, model=fake())
    with pytest.raises(InputError, match="worlds of one name"):
        run_study([small(), small()], SERIAL, tmp_path, model=fake())


def test_a_killed_worker_of_forty_units_costs_none(tmp_path: Path, orders: Path) -> None:
    for draw in (3, 11):
        (orders / f"kill_once_{draw}").touch()
    found = study(tmp_path / "out", PROCESSES, draws=20, outcomes=FORMS)
    assert (found.sizes["world"], found.sizes["draw"]) == (2, 20)
    assert len(list((tmp_path / "out" / "units").glob("*.nc"))) == 40
    assert same(found, study(tmp_path / "calm", draws=20, outcomes=FORMS))
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("order", ["fail", "kill_always"])
def test_a_unit_that_always_fails_is_named_and_the_other_39_are_there(
    tmp_path: Path, orders: Path, order: str
) -> None:
    settings = small(draws=40, outcomes=FORMS)
    (orders / f"{order}_7").touch()
    with pytest.raises(UnfinishedError, match="1 of 40 units failed, 39 are stored") as caught:
        run_ensemble(settings, PROCESSES, tmp_path / "out", model=fake())
    assert list(caught.value.failures) == [Unit(7)]
    states = unit_states(tmp_path / "out")
    assert [state.label for state in states if state.state == "failed"] == ["7"]
    assert sum(state.state == "done" for state in states) == 39
    (orders / f"{order}_7").unlink()
    before = len(begun(orders))
    assert read_results(run_ensemble(settings, SERIAL, tmp_path / "out", model=fake())).sizes["draw"] == 40
    assert len(begun(orders)) == before + 1
    assert all(state.state == "done" for state in unit_states(tmp_path / "out"))


def dozen(folder: str) -> None:
    run_ensemble(small(draws=12), PROCESSES, folder, model=fake())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_run_goes_on_and_repeats_at_most_what_was_running(tmp_path: Path, orders: Path) -> None:
    (orders / "wait_5").touch()
    root = Path(__file__).parents[3]
    code = f"from tests.unit.ensemble.test_studies import dozen; dozen({str(tmp_path / 'out')!r})"
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    running = subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)
    folder = tmp_path / "out" / "units"
    until = time.monotonic() + 60
    while len(list(folder.glob("*.nc"))) < 8 and time.monotonic() < until:
        time.sleep(0.05)
    (under_way,) = [state for state in unit_states(tmp_path / "out") if state.state == "running" and state.label == "5"]
    assert under_way.mark is not None and under_way.mark.process != running.pid
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    done = {state.label for state in unit_states(tmp_path / "out") if state.state == "done"}
    (orders / "wait_5").unlink()
    first = begun(orders)
    run_ensemble(small(draws=12), SERIAL, tmp_path / "out", model=fake())
    assert {str(draw) for draw in begun(orders)} == {str(draw) for draw in range(12)}
    again = [draw for draw in set(begun(orders)) if begun(orders).count(draw) > 1]
    assert len(again) <= 2 and not {str(draw) for draw in again} & done
    assert len(first) >= 8


def test_a_folder_that_refuses_stops_the_run_and_keeps_earlier_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read_results(run_ensemble(small(draws=2), SERIAL, tmp_path / "out", model=fake()))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "out" / "units" / "x.nc"))

    monkeypatch.setattr("regionsim.results.store.write_unit", refuse)
    with pytest.raises(UnfinishedError, match="were not tried") as caught:
        run_ensemble(small(draws=9), SERIAL, tmp_path / "out", model=fake())
    assert caught.value.of_surroundings and len(caught.value.failures) == 1
    assert same(read_results(tmp_path / "out"), whole)


def test_points_of_a_design_stand_in_the_draws(tmp_path: Path) -> None:
    told = {"value": 0.5, "unit": "share", "source": "a study", "status": "verified"}
    number = {**told, "distribution": {"uniform": [0, 1]}}
    blocks = parse_parameters({"labour": {"quit": number, "hire": number}})
    design = Points(("labour.quit",), ((0.1,), (0.9,), (0.5,)), repeats=2)
    settings = small(parameters=blocks, draws=6, design=design)
    run_ensemble(settings, SERIAL, tmp_path / "out", model=fake())
    import pandas as pd

    told = pd.read_csv(tmp_path / "out" / "parameters.csv", index_col="draw")
    assert told["labour.quit"].tolist() == pytest.approx([0.1, 0.1, 0.9, 0.9, 0.5, 0.5])
    assert told["labour.hire"].tolist()[::2] == [told["labour.hire"][0]] * 3  # of draw 0 in every point
    assert replace(settings, design=None) != settings


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A Dask scheduler and two workers, each a process of its own, on loopback."""
    root = Path(__file__).parents[3]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}",
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    quiet |= {"cwd": tmp_path, "start_new_session": True}
    started = [subprocess.Popen([*dask, "--no-dashboard", "--scheduler-file", str(file)], **quiet)]
    until = time.monotonic() + 60
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.1)
    import json

    address = json.loads(file.read_text())["address"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
    yield address
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def test_a_scheduler_that_runs_elsewhere_gives_the_same_data_and_survives_killed_workers(
    tmp_path: Path, orders: Path, scheduler: str
) -> None:
    engine = EngineSettings("dask", address=scheduler)
    (orders / "kill_once_2").touch()
    assert same(study(tmp_path / "there", engine, draws=4), study(tmp_path / "here", draws=4))
    (orders / "kill_always_1").touch()
    with pytest.raises(UnfinishedError, match="1 of 6 units failed, 5 are stored"):
        run_ensemble(small(draws=6), engine, tmp_path / "out", model=fake())


def test_settings_of_dask_are_what_they_were(tmp_path: Path) -> None:
    script = f"""
import dask
from tests.unit.ensemble.test_studies import EngineSettings, fake, run_ensemble, small

if __name__ == "__main__":
    run_ensemble(small(draws=1), EngineSettings("dask", 1), {str(tmp_path / "out")!r}, model=fake())
    assert dask.config.get("distributed.comm.timeouts.connect")
    assert dask.config.get("distributed.scheduler.allowed-failures") == 3
"""
    (tmp_path / "after.py").write_text(script)
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    subprocess.run([sys.executable, tmp_path / "after.py"], env=environment, check=True)


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regionsim.ensemble.dask_pool.SECONDS_TO_CONNECT", 1.0)
    with pytest.raises(InputError, match="no Dask scheduler answers at 'tcp://127.0.0.1:1'"):
        run_ensemble(small(), EngineSettings("dask", address="tcp://127.0.0.1:1"), tmp_path, model=fake())


def test_slurm_is_asked_for_what_the_configuration_says() -> None:
    from regionsim.ensemble.dask_pool import slurm_cluster

    options = {"queue": "short", "account": None, "walltime": "02:00:00", "memory": "3GB", "job_extra_directives": []}
    with slurm_cluster(options) as cluster:
        script = cluster.job_script()
    assert "#SBATCH -p short" in script and "#SBATCH -t 02:00:00" in script and "--cpus-per-task=1" in script
    assert "#SBATCH -A" not in script
