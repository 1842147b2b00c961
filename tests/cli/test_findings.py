"""The table on the terminal says what the dataset holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xarray as xr
from rich.console import Console

from regionsim.cli.findings import WIDE, number, numbers, print_findings
from regionsim.cli.progress import Bar, Lines, watching
from tests.fixtures.results import jobs_added, synthetic, with_split


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Twelve draws, enough for ranges that say something."""
    return synthetic(tmp_path_factory.mktemp("many"), 12)


def printed(ds: xr.Dataset, width: int = 120) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    print_findings(console, ds)
    return console.export_text()


def test_the_mean_effect_is_that_of_the_data(many: xr.Dataset) -> None:
    text = printed(many)
    mean = sum(jobs_added(draw, q) for draw in range(12) for q in range(12)) / (12 * 12)
    lines = text.splitlines()
    (at,) = [at for at, line in enumerate(lines) if line.startswith("Residents in work")]
    assert "2023Q4" in lines[at]  # 12 quarters after 2021Q1, its end
    assert f"{mean:+,.0f}" in lines[at]
    assert "1.00" in lines[at]
    assert lines[at + 1].startswith("  persons ") and "2027Q4" in lines[at + 1]
    assert "Averages over the time since the plan's start" in text
    assert "ranges say little" not in text
    assert "no effect" in text  # on the outcomes that the plan does not touch


def test_a_flow_is_a_sum_and_says_so(many: xr.Dataset) -> None:
    lines = printed(many).splitlines()
    (at,) = [at for at, line in enumerate(lines) if line.startswith("Value added")]
    assert lines[at + 1].startswith("  million EUR of 2011, sum ")


@pytest.mark.parametrize(("width", "has"), [(120, True), (100, True), (WIDE, True), (80, False)])
def test_every_outcome_keeps_its_lines_in_a_terminal_of_any_width(many: xr.Dataset, width: int, has: bool) -> None:
    lines = printed(many, width).splitlines()
    assert any("variance" in line for line in lines) is has
    first = next(at for at, line in enumerate(lines) if line.startswith("effect on"))
    last = next(at for at, line in enumerate(lines) if line.startswith("Public cost"))
    table = lines[first + 1 : last]
    assert all(re.search(r"20\d\dQ4", line) for line in table)  # no line is the rest of another
    assert all(len(line) <= width and "…" not in line for line in table)


def test_a_split_variance_is_printed_and_adds_up(tmp_path: Path) -> None:
    text = printed(with_split(synthetic(tmp_path, 16)))
    (line,) = [line for line in text.split("variance of the effect, % from")[1].splitlines() if "in work" in line]
    assert sum(int(share) for share in line.split()[-4:]) in (99, 100, 101)
    assert "Up to 2027Q4, 16 draws" in text
    assert "Public cost" not in text.split("variance of the effect")[1].split("numbers are assumptions")[0]


def test_few_draws_are_called_few(tmp_path: Path) -> None:
    assert "With 3 draws these ranges say little" in printed(synthetic(tmp_path, 3))


def test_without_a_plan_the_baseline_is_shown(tmp_path: Path) -> None:
    text = printed(synthetic(tmp_path, 3, plans=("none",)))
    assert "without a plan" in text and "80 % range in 2032Q4" in text


def test_numbers_that_stand_together_are_rounded_alike() -> None:
    assert numbers(250.4, -30.04, 530.2) == ["250", "-30", "530"]
    assert numbers(0.1234, 12.0) == ["0.1", "12.0"]
    assert numbers(0.0) == ["0"]
    assert [number(value) for value in (24.0, 4.5, 100.0, 0.0)] == ["24", "4.5", "100", "0"]


def test_a_log_gets_lines_with_the_time_left(monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    seconds = iter([0.0, 0.0, 2.0, 10.0, 11.0])
    monkeypatch.setattr("regionsim.cli.progress.time.monotonic", lambda: next(seconds))
    lines = Lines(Console(width=100))
    lines.begin(5, 2)
    for draw in (2, 3, 4):
        lines.finished(draw)
    told = capsys.readouterr().out.splitlines()
    assert told == ["5 units, 2 of them stored already", "unit 4 of 5, about 5 s left", "unit 5 of 5"]


def test_a_terminal_gets_a_bar() -> None:
    assert isinstance(watching(Console(force_terminal=True)), Bar)
    assert isinstance(watching(Console(force_terminal=False)), Lines)
