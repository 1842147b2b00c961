"""`regionsim compare`: many plans from one shared past, in one table."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from regionsim.analysis.compare import KEPT
from regionsim.results.store import attribute, read_results
from tests.cli.conftest import SMALL, Command

TWO = ("dual_learning", "starters_guidance")


def test_measures_alone_are_set_side_by_side_at_equal_budget(regionsim: Command) -> None:
    ended = regionsim("compare", "measures", *TWO, *SMALL, "--output", "out")
    assert ended.code == 0, ended.err
    assert all(name in ended.out for name in TWO)
    dataset = read_results(ended.folder / "out")
    assert list(dataset.plan.values) == ["none", *TWO]
    assert set(map(str, dataset.data_vars)) == set(KEPT)
    rows = {row["measure"]: row for row in attribute(dataset, "measures", [])}
    assert rows["starters_guidance"]["dose"] == pytest.approx(24e6 / (12 * 1500 * 1.1), rel=0.2)
    table = pd.read_csv(ended.folder / "out" / "compare.csv")
    assert set(table["plan"]) == set(TWO)


def test_the_largest_effect_comes_first(regionsim: Command) -> None:
    words = ("compare", "measures", *TWO, *SMALL, "--output", "out", "--outcome", "employed_residents")
    ended = regionsim(*words)
    assert ended.code == 0, ended.err
    ranking = pd.read_csv(ended.folder / "out" / "ranking.csv")
    last = [name for name in ranking.columns if name.startswith("mean_")][-1]
    assert ranking[last].is_monotonic_decreasing
    assert ended.out.index(ranking["plan"][0]) < ended.out.index(ranking["plan"][1])


def test_plans_share_one_run_and_the_same_command_takes_up_what_is_there(regionsim: Command) -> None:
    words = ("compare", "plans", "pillar_one", "pillar_two", *SMALL, "--output", "out")
    assert regionsim(*words).code == 0
    again = regionsim(*words)
    assert again.code == 0 and "2 of them stored already" in again.out
    assert list(read_results(again.folder / "out").plan.values) == ["none", "pillar_one", "pillar_two"]


def test_other_choices_are_written_elsewhere(regionsim: Command) -> None:
    for more in ((), ("world.brexit=hard",)):
        assert regionsim("compare", "measures", *TWO, *SMALL, *more).code == 0
    folders = {path.parent for path in regionsim("--version").folder.rglob("results.zarr")}
    assert len(folders) == 2


def test_the_engine_that_is_asked_for_computes(regionsim: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    from regionsim.ensemble import run

    compute = run.compute
    monkeypatch.setattr(run, "compute", lambda engine, *rest: seen.append(engine.kind) or compute(engine, *rest))
    assert regionsim("compare", "measures", *TWO, *SMALL, "--output", "out").code == 0
    assert seen == ["serial"]


def test_the_budget_may_be_another(regionsim: Command) -> None:
    words = ("compare", "measures", "starters_guidance", *SMALL)
    for name, more in {"whole": (), "half": ("--budget", "12e6")}.items():
        ended = regionsim(*words, *more, "--output", name)
        assert ended.code == 0, ended.err
    doses = [attribute(read_results(ended.folder / name), "measures", [])[0]["dose"] for name in ("whole", "half")]
    assert doses[0] == pytest.approx(2 * doses[1])


def test_a_summary_in_numbers_lies_beside_the_tables(regionsim: Command) -> None:
    ended = regionsim("compare", "measures", *TWO, *SMALL, "--output", "out")
    summary = json.loads((ended.folder / "out" / "summary.json").read_text())
    assert set(summary["plans"]) == set(TWO)


def test_a_plan_without_measures_may_stand_beside_others(regionsim: Command, tmp_path: Path) -> None:
    plan = tmp_path / "mine" / "plan" / "empty.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_text("defaults: [none, _self_]\nname: empty\ntitle_en: Empty\ntitle_nl: Leeg\n")
    words = ("compare", "plans", "pillar_one", "empty", *SMALL, "--config-dir", str(plan.parent.parent))
    assert regionsim(*words, "--output", "out").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("measures", "dual_learnin", "starter_guidance"), ("did you mean 'dual_learning'", "'starters_guidance'")),
        (("plans",), ("give the names of some",)),
        (("measures", "--budget", "0"), ("got '0'; allowed: a number above 0",)),
        (("measures", "--outcome", "job"), ("did you mean 'jobs'",)),
        (("plans", "pillar_one", "world.brexit=soft", "ensemble.draws=0"), ("world.brexit", "ensemble.draws")),
        (("measures", "dual_learning", "plan.dose=0"), ("dose",)),
    ],
)
def test_bad_input_is_told_at_once(regionsim: Command, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    ended = regionsim("compare", *words)
    assert ended.refused, ended
    assert all(part in ended.err for part in told), ended.err
