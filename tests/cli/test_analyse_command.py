"""`regionsim analyse`: stored results asked again, without a model."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from tests.cli.conftest import Command

PARTS = ("plan=pillar_three", "plan.parts=domain", "ensemble.draws=10", "name=out")


def test_everything_that_the_results_can_answer(small: Command, regionsim: Command) -> None:
    ran = small(*PARTS)
    assert ran.code == 0, ran.err
    assert "Parts of the effect" in ran.out and "III.A" in ran.out
    asked = regionsim("analyse", "outputs/out", "--csv", "tables")
    assert asked.code == 0, asked.err
    for title in ("Effect on jobs", "Choosing by jobs", "Parts of the effect", "enough", "depends on", "When the gain"):
        assert title in asked.out, title
    written = {file for file in asked.files if file.startswith("tables/")}
    assert {"tables/ranking.csv", "tables/attribution.csv", "tables/flips.csv"} <= written


def test_another_outcome_is_asked_alone(small: Command, regionsim: Command) -> None:
    assert small(*PARTS).code == 0
    asked = regionsim("analyse", "outputs/out", "attribution", "--outcome", "employed_residents", "--csv", "tables")
    assert asked.code == 0, asked.err
    table = pd.read_csv(asked.folder / "tables/attribution.csv")
    last = table[table["quarters"] == table["quarters"].max()].set_index("player")["share_mean"]
    assert last[["III.A", "III.B"]].sum() == pytest.approx(last["package"], abs=1e-9)


def test_nine_domains_are_sampled_and_say_how_far_that_carries(small: Command) -> None:
    ran = small("plan=masterplan", "plan.parts=domain", "plan.orders=2", "name=out")
    assert ran.code == 0, ran.err
    table = pd.read_csv(ran.folder / "outputs" / "out" / "attribution.csv")
    parts = table[~table["player"].isin(["package", "synergy"])]
    assert parts["player"].nunique() == 9 and not parts["exact"].any() and set(parts["orders"]) == {2}
    assert "orders, +-" in ran.out


def test_a_design_has_indices_and_no_ranges(small: Command, regionsim: Command) -> None:
    words = ("plan=starters", "design=morris", "design.number=2", "design.repeats=1")
    ran = small(*words, "design.parameters=[labour,firms,measures]", "name=out")
    assert ran.code == 0, ran.err
    folder = ran.folder / "outputs" / "out"
    assert (folder / "sensitivity.csv").is_file() and not (folder / "report.html").exists()
    assert set(pd.read_csv(folder / "sensitivity.csv")["factor"]) == {"labour", "firms", "measures"}
    assert json.loads((folder / "design.json").read_text())["method"] == "morris"
    again = regionsim("analyse", "outputs/out", "sensitivity", "--outcome", "gva")
    assert again.code == 0 and "measures" in again.out
    refused = regionsim("analyse", "outputs/out", "ranking")
    assert refused.code == 2 and "ask for sensitivity" in refused.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rankings",), "did you mean 'ranking'"),
        (("--outcome", "job"), "did you mean 'jobs'"),
        (("discovery", "--plan", "III"), "--plan 'III' is none of these results"),
        (("effects", "ranking"), "needed: 2"),
    ],
)
def test_what_cannot_be_answered_is_told(small: Command, regionsim: Command, words: tuple[str, ...], told: str) -> None:
    assert small("plan=starters", "name=out").code == 0
    asked = regionsim("analyse", "outputs/out", *words)
    assert asked.code == 2 and told in asked.err and "Traceback" not in asked.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "is missing"),
        ("garbage,1\n", "has no column 'draw'"),
        ("", "cannot be read"),
        ("draw,a.b\n7,1\n", "has no row for draw 0"),
    ],
)
def test_parameters_that_cannot_be_used_are_told(
    small: Command, regionsim: Command, content: str | None, told: str
) -> None:
    assert small(*PARTS).code == 0
    file = regionsim("--version").folder / "outputs" / "out" / "parameters.csv"
    file.unlink()
    if content is not None:
        file.write_text(content)
    asked = regionsim("analyse", "outputs/out", "flips")
    assert asked.code == 2 and told in asked.err and "parameters.csv" in asked.err and "Traceback" not in asked.err


def test_a_folder_without_results_is_told(regionsim: Command) -> None:
    assert regionsim("analyse", "nowhere").refused
