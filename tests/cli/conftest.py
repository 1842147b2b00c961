"""The command line in this process, in an empty folder, with the fictional region and a model that takes no time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from regionsim.cli.main import main
from regionsim.ensemble import run
from tests.fixtures.fake_model import FICTLAND, fake

SMALL = (f"region.tables={FICTLAND}", "region.name=fictland", "ensemble=smoke", "engine=serial")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def files(self) -> list[str]:
        """Everything that lies in the folder now."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    @property
    def refused(self) -> bool:
        """Whether bad input was told as it should: code 2, one message, no traceback, nothing written."""
        told = bool(self.err.strip()) and "Traceback" not in self.err and "Error executing" not in self.err
        return self.code == 2 and told and not self.files and not self.out


Command = Callable[..., Ended]


@pytest.fixture
def regionsim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Call with the words after `regionsim`."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(run, "_real_model", fake)

    def call(*words: str) -> Ended:
        try:
            code = main(list(words))
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Ended(code, out, err, here)

    return call


@pytest.fixture
def small(regionsim: Command) -> Command:
    """The main job on the fictional region, small."""
    return lambda *words: regionsim(*SMALL, *words)
