"""help, list, explain, data check, completion: they teach, and they are quick."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from regionsim import __version__
from regionsim.cli.catalogue import KINDS, explained_names
from regionsim.cli.commands import COMMANDS, MODULES
from regionsim.cli.configs import GROUPS, options
from regionsim.cli.explain_command import explained
from tests.cli.conftest import Command
from tests.fixtures.fake_model import FICTLAND


def test_help_names_every_command_group_and_option(regionsim: Command) -> None:
    for words in (["--help"], ["help"], ["ensemble=smoke", "-h"]):
        ended = regionsim(*words)
        assert ended.code == 0
        assert all(name in ended.out for name in COMMANDS)
    for group in set(GROUPS) - {"parameters", "intervention"}:
        assert f"{group}=" in ended.out
        assert all(option in ended.out for option in options(group))


def test_help_and_version_take_less_than_half_a_second() -> None:
    for flag in ("--help", "--version"):
        fastest = min(_seconds(flag) for _ in range(3))
        assert fastest < 0.5


def _seconds(flag: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "regionsim.cli.main", flag], check=True, capture_output=True)
    return time.perf_counter() - start


def test_version(regionsim: Command) -> None:
    assert regionsim("--version").out == f"regionsim {__version__}\n"


@pytest.mark.parametrize("command", sorted(MODULES))
def test_every_command_has_help(regionsim: Command, command: str) -> None:
    ended = regionsim(command, "--help")
    assert ended.code == 0
    assert f"usage: regionsim {command}" in ended.out


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_listed(regionsim: Command, kind: str) -> None:
    ended = regionsim("list", kind)
    assert ended.code == 0, ended.err
    lines = [line.split("\t") for line in ended.out.splitlines()]
    assert len(lines) > 1
    assert len({len(line) for line in lines}) == 1


def test_lists_hold_what_there_is(regionsim: Command) -> None:
    assert {line.split("\t")[0] for line in regionsim("list", "interventions").out.splitlines()} >= {
        "dual_learning",
        "sme_digitalisation",
        "starters_guidance",
    }
    worlds = regionsim("list", "worlds").out
    assert "world.brexit\ttca\tnone, tca, hard" in worlds


def test_everything_can_be_explained() -> None:
    for name in explained_names():
        told = explained(name)
        assert len(told.splitlines()) >= 2, name
        assert "None" not in told, name


def test_an_intervention_is_explained_with_mechanism_levers_numbers_and_evidence(regionsim: Command) -> None:
    told = regionsim("explain", "intervention/dual_learning").out
    for words in (
        "Mechanism: dual_places",
        "training_firm_retention",
        "retention = 0.5",
        "uniform 0.35, 0.65",
    ):
        assert words in told
    for words in ("status: assumption", "Cahuc", "Evidence", "Assumptions: retention, dose, unit cost"):
        assert words in told


def test_interventions_of_ones_own_are_listed_and_explained(regionsim: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "intervention" / "more_places.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text(
        options("intervention")["dual_learning"].read_text().replace("Dual learning", "More places")
    )
    config = ["--config-dir", str(tmp_path / "mine")]
    assert "more_places" in regionsim("list", "interventions", *config).out
    assert "More places" in regionsim("explain", "intervention/more_places", *config).out


def test_tables_are_checked(regionsim: Command) -> None:
    assert "west_flanders: " in regionsim("data", "check").out
    ended = regionsim("data", "check", str(FICTLAND))
    assert ended.code == 0 and "all right" in ended.out


@pytest.mark.parametrize(
    ("line", "expected", "unexpected"),
    [
        ("regionsim ", {"list", "explain", "plan=", "ensemble="}, set()),
        ("regionsim ens", {"ensemble="}, {"list"}),
        ("regionsim ensemble=", {"ensemble=smoke", "ensemble=one_to_one"}, set()),
        ("regionsim plan.s", {"plan.start="}, set()),
        ("regionsim list ", set(KINDS), {"plan="}),
        ("regionsim forecast ", {"data=", "backtest="}, {"plan="}),
        ("regionsim forecast da", {"data="}, {"draws="}),
        ("regionsim explain outcome/gv", {"outcome/gva"}, {"outcome/jobs", "plan="}),
        ("regionsim explain outcome/gva ensemble=", set(), set()),
    ],
)
def test_completion(
    regionsim: Command, monkeypatch: pytest.MonkeyPatch, line: str, expected: set[str], unexpected: set[str]
) -> None:
    monkeypatch.setenv("COMP_LINE", line)
    ended = regionsim("-sc", "query=bash")
    assert ended.code == 0, ended.err
    offered = set(ended.out.split())
    assert expected <= offered
    assert not unexpected & offered


def test_completion_can_be_installed(regionsim: Command) -> None:
    ended = regionsim("-sc", "install=bash")
    assert ended.code == 0
    assert "complete" in ended.out
