"""Sweeps through launchers and sweepers of Hydra: one dataset, an exit code, every failed job named once."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher

from regionsim.cli.dask_jobs import checked_engine
from regionsim.cli.launched import Launched, Shares
from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.units import Task
from regionsim.results.store import read_results
from regionsim.state.errors import InputError
from tests.cli.conftest import SMALL, Command, Ended
from tests.fixtures.fake_model import fake
from tests.unit.ensemble.test_run import orders
from tests.unit.ensemble.test_studies import same

Plugins.instance()  # finds plugins by running their files, so that these classes are the ones found
from hydra._internal.core_plugins.basic_launcher import BasicLauncher  # noqa: E402
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper  # noqa: E402

__all__ = ["orders"]  # the fixture
ROOT = Path(__file__).parents[2]
SWEEP = (*SMALL[:-1], "-m", "world.brexit=none", "plan=starters,facilities")  # two jobs, with one draw each
DASK = ("hydra/launcher=dask", "hydra.launcher.workers=2")


class Elsewhere(BasicLauncher):
    """Hands jobs over as to another process, which starts in another folder."""

    __module__ = "hydra_plugins.of_these_tests"
    folder = Path("/")
    broken = False

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Any:
        if self.broken:
            raise RuntimeError("the queue is closed")
        self.task_function = pickle.loads(pickle.dumps(self.task_function))
        with chdir(self.folder):
            return super().launch(job_overrides, initial_job_idx)


class OnTheWay(BasicSweeper):
    """A sweeper of which nobody knows beforehand what it will run."""

    __module__ = "hydra_plugins.of_these_tests"


@pytest.fixture(autouse=True)
def of_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The launcher `elsewhere`, the sweeper `on_the_way`; a page takes seconds and is not built."""
    more = {"launcher": (Elsewhere, {}), "sweeper": (OnTheWay, {"max_batch_size": None, "params": None})}
    for group, (kind, keys) in more.items():
        Plugins.instance().register(kind)
        name = "elsewhere" if group == "launcher" else "on_the_way"
        node = {"_target_": f"{kind.__module__}.{kind.__name__}", **keys}
        ConfigStore.instance().store(group=f"hydra/{group}", name=name, node=node)
    import hydra_plugins

    monkeypatch.setitem(sys.modules, Elsewhere.__module__, sys.modules[__name__])
    monkeypatch.setattr(hydra_plugins, "of_these_tests", sys.modules[__name__], raising=False)
    (tmp_path / "far").mkdir()
    monkeypatch.setattr(Elsewhere, "folder", tmp_path / "far")
    monkeypatch.setattr("regionsim.report.build.build_report", lambda ds, path, language: path.write_text("page"))


def processes(orders: Path) -> set[int]:
    """Those that computed units since the last call."""
    log = orders / "begun"
    found = {int(line.split()[1]) for line in log.read_text().splitlines()} if log.exists() else set()
    log.unlink(missing_ok=True)
    return found


def failed_jobs(ended: Ended) -> list[int]:
    """The jobs that were named as failed."""
    assert "Traceback" not in ended.err and "Error executing" not in ended.err
    lines = [line for line in ended.err.splitlines() if " failed: " in line]
    assert all("world.brexit=" in line for line in lines)
    return [int(line.split()[2]) for line in lines]


def test_the_launcher_is_found_and_without_dask_all_else_works() -> None:
    assert "DaskLauncher" in {kind.__name__ for kind in Plugins.instance().discover(Launcher)}
    code = "import sys; sys.modules['distributed'] = None; from regionsim.cli.main import main; main(['--cfg', 'job'])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, text=True, capture_output=True, check=True)
    assert "west_flanders" in ended.stdout and not ended.stderr


def test_a_sweep_through_launchers_is_the_dataset_that_it_is_here(
    regionsim: Command, orders: Path, tmp_path: Path
) -> None:
    assert regionsim(*SWEEP, "engine=serial", "name=here").code == 0
    (orders / "fail_1").touch()
    failed = regionsim(*SWEEP, "hydra/launcher=elsewhere", "name=there")
    assert failed.code == 1 and failed_jobs(failed) == [1]
    assert "1 of 2 units failed, 1 are stored" in failed.err and "accounts of people do not balance" in failed.err
    assert not list((tmp_path / "far").iterdir()) and processes(orders) == {os.getpid()}
    (orders / "fail_1").rename(orders / "kill_once_1")
    ended = regionsim(*SWEEP, *DASK, "name=there")
    assert ended.code == 0, ended.err
    assert "2 units, 2 of them stored already" in ended.out
    assert os.getpid() not in processes(orders)
    outputs = ended.folder / "outputs"
    assert {path.name for path in outputs.iterdir()} == {"here", "there", "multirun.yaml"}
    assert {path.name for path in (outputs / "there").iterdir()} == {path.name for path in (outputs / "here").iterdir()}
    assert same(read_results(outputs / "there"), read_results(outputs / "here"))


@pytest.mark.parametrize(
    ("options", "engine", "message"),
    [
        ({"workers": 0}, "serial", "hydra.launcher: workers: Input should be greater than or equal to 1"),
        ({"slurm": {"wall": 1}}, "serial", "hydra.launcher: slurm.wall: Extra inputs are not permitted"),
        ({}, "processes", "engine.kind: got processes; allowed with hydra/launcher=dask: serial"),
    ],
)
def test_what_the_launcher_refuses(options: dict[str, Any], engine: str, message: str) -> None:
    task = Launched(Path("/"), [Shares(Task({}, fake(), {}, {}), EngineSettings(engine), {})])
    with pytest.raises(InputError) as refused:
        checked_engine({"workers": None, **options}, task)
    assert message in str(refused.value)


def test_without_dask_the_launcher_says_what_to_install(regionsim: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    whole = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "distributed" else whole(name))
    ended = regionsim(*SWEEP[:-1], "plan=none", *DASK)
    assert ended.refused
    assert ended.err == "regionsim: hydra/launcher: needs the package distributed: pip install 'regionsim[dask]'\n"


def test_a_launcher_that_breaks_ends_with_code_1(regionsim: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Elsewhere, "broken", True)
    ended = regionsim(*SWEEP, "hydra/launcher=elsewhere")
    assert ended.code == 1 and failed_jobs(ended) == [0, 1]
    assert "regionsim: RuntimeError: the queue is closed" in ended.err and "0 are stored" in ended.err


def test_jobs_of_another_sweeper_are_studies_of_their_own(regionsim: Command, orders: Path, tmp_path: Path) -> None:
    (orders / "fail_1").touch()
    words = ("hydra/sweeper=on_the_way", "hydra/launcher=elsewhere", "plan=starters,facilities")
    failed = regionsim(*SMALL, "-m", *words)
    assert failed.code == 1 and "Traceback" not in failed.err and failed.err.count("1 of 2 units failed") == 2
    folders = [path for path in (failed.folder / "outputs").iterdir() if path.is_dir()]
    assert sorted(path.name.split("_")[1] for path in folders) == ["facilities", "starters"]
    assert not list((tmp_path / "far").iterdir())
