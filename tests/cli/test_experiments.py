"""Every experiment runs, small, and finds what its question asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from experiments import figures

from regionsim.cli.configs import options
from regionsim.results.store import read_results
from tests.cli.conftest import SMALL, Command

ROOT = Path(__file__).parents[2]
FOUND = {  # the table that answers, beside the ranking
    "which_pillar_works": "attribution",
    "cost_of_delay": "up_to",
    "hard_brexit_resilience": "shocks",
    "keep_graduates": "robustness",
    "westhoek_gap": "effects",
    "governance_matters": "robustness",
    "equal_budget_ranking": "compare",
}


def test_every_experiment_is_tried_and_told() -> None:
    assert set(FOUND) == set(options("experiment"))
    for name in FOUND:
        page = (ROOT / "experiments" / name / "README.md").read_text(encoding="utf-8")
        assert f"regionsim +experiment={name}" in page
        for part in ("**Question.**", "**Command.**", "**Finding.**", "**How to read it.**"):
            assert part in page, (name, part)
        (picture,) = re.findall(r"!\[[^\]]{20,}\]\((\w+\.png)\)", page)
        assert (ROOT / "experiments" / name / picture).is_file()


@pytest.mark.parametrize("name", FOUND)
def test_an_experiment_runs_small(regionsim: Command, name: str) -> None:
    ended = regionsim(f"+experiment={name}", *SMALL)
    assert ended.code == 0, ended.err
    (folder,) = (ended.folder / "outputs").iterdir()
    assert folder.name.startswith(f"fictland_{name}_")
    assert not pd.read_csv(folder / f"{FOUND[name]}.csv").empty
    dataset = read_results(folder)
    assert dataset.sizes["plan"] > 2 and (folder / "report.html").is_file()
    assert all(str(plan) in ended.out for plan in dataset["plan"].values[1:])  # labels with [] too
    table, picture = figures.QUESTIONS[name](dataset)
    assert len(table.splitlines()) > 3 and picture is not None and len(picture.rows) > 1
    table = pd.read_csv(folder / "ranking.csv")
    assert set(table["plan"]) == set(map(str, dataset["plan"].values[1:]))
