"""Ctrl-C, and a killed parent: what is finished stays, nobody is left behind, the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds
WORDS = [*SMALL[:-1], "engine=processes", "engine.workers=2", "ensemble.draws=2", "name=x"]


def started(folder: Path) -> subprocess.Popen[str]:
    """A run of two draws of which the second waits for half a minute, once both are begun and the first is stored."""
    (folder / "wait_1").touch()
    environment = {**os.environ, "FAKE_MODEL": str(folder), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.fixtures.fake_regionsim", *WORDS],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        until(lambda: len(workers(folder)) == 2 and len(units(folder)) == 1)
    except BaseException:
        run.kill()
        raise
    return run


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def units(folder: Path) -> list[Path]:
    return sorted((folder / "outputs" / "x" / "units").glob("*.nc"))


def workers(folder: Path) -> list[int]:
    log = folder / "begun"
    return [int(line.split()[1]) for line in log.read_text().splitlines()] if log.exists() else []


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_at_once_keeps_finished_units_and_says_how_to_go_on(tmp_path: Path) -> None:
    run = started(tmp_path)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130
    assert "interrupted: what is finished is kept" in err
    assert "Traceback" not in err + out
    until(lambda: not any(alive(worker) for worker in workers(tmp_path)))
    assert len(units(tmp_path)) == 1
    assert not list(tmp_path.rglob("*.part"))
    assert not list(tmp_path.rglob("results.zarr"))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    run = started(tmp_path)
    run.kill()
    run.communicate(timeout=PATIENCE)
    until(lambda: not any(alive(worker) for worker in workers(tmp_path)))
    assert len(units(tmp_path)) == 1
