"""A whole validation of fictland: files, JSON, exit code; and a model without a mechanism says so."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from regionsim.cli.validate_command import _settings_first
from regionsim.cli.validate_findings import print_validation
from regionsim.validation.evidence import Evidence, NoCounterpart
from regionsim.validation.facts import FactResult, PartResult, passing
from regionsim.validation.firm_measures import port_jobs_share
from regionsim.validation.promises import promises
from regionsim.validation.table import Band, load_facts
from regionsim.validation.validate import Found, validate
from tests.fixtures import models


@pytest.fixture(scope="module")
def found(population_cache: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Found, Path]:
    """Fictland validated with one draw, with a copy as JSON."""
    folder = tmp_path_factory.mktemp("validation")
    asked = folder / "asked.json"
    return validate(models.settings(draws=1), folder / "out", asked, lambda words: None), folder


def test_the_json_holds_what_is_promised(found: tuple[Found, Path]) -> None:
    content: dict[str, Any] = json.loads((found[1] / "asked.json").read_text(encoding="utf-8"))
    assert len(content["facts"]) == 30
    assert content["history"] and content["covid_indicators"] and len(content["promises"]) == 4
    for row in [*content["facts"], *content["history"]]:
        assert isinstance(row["name"], str) and row["tag"] in ("imposed", "fitted", "emergent")
        assert row["value"] is None or isinstance(row["value"], float)
        assert row["band"] is None or len(row["band"]) == 2
        assert isinstance(row["passed"], bool)
    for row in content["history"]:
        assert row["passed"] == (row["value"] < row["naive_error"]) and row["band"] == [0.0, row["naive_error"]]


def test_a_fact_that_does_not_pass_says_why(found: tuple[Found, Path]) -> None:
    for row in found[0].content["facts"]:
        assert row["passed"] or row["reason"], row["name"]
        if row["passed"]:
            assert all(part["verdict"] != "fail" for part in row["parts"])


def test_facts_about_differences_between_worlds_have_a_value(found: tuple[Found, Path]) -> None:
    values = {row["name"]: row["value"] for row in found[0].content["facts"]}
    assert values["okun_2020"] is not None and values["local_multiplier"] is not None


def test_the_tables_say_the_same(found: tuple[Found, Path]) -> None:
    folder = found[1] / "out"
    assert {path.name for path in folder.iterdir()} == {
        "facts.csv", "covid_indicators.csv", "history.csv", "history_years.csv", "validation.json",
    }  # fmt: skip
    with (folder / "facts.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == sum(len(fact.parts) for fact in load_facts())
    assert {"statistic", "target", "low", "high", "source", "value", "passed", "tag"} <= set(rows[0])
    assert json.loads((folder / "validation.json").read_text()) == json.loads((found[1] / "asked.json").read_text())


def test_bars_are_rows_of_history(found: tuple[Found, Path]) -> None:
    bars = [row for row in found[0].content["history"] if row["bar"]]
    assert [row["name"] for row in bars][-2:] == ["jobs, index", "unemployment rate"]
    assert all(isinstance(row["bar_met"], bool) for row in bars)


def result(value: float | None, *more: PartResult) -> FactResult:
    """The first fact with one part of this value, and more parts."""
    fact = load_facts()[0]
    band = Band("1", 0.0, 2.0)
    verdict = "no model counterpart" if value is None else "pass" if band.holds(value) else "fail"
    part = PartResult(fact.parts[0], band, value, verdict, "nothing there" if value is None else "")  # type: ignore[arg-type]
    return FactResult(fact, (part, *more))


def test_a_fact_passes_only_if_no_part_fails() -> None:
    good, bad, absent = result(1.0), result(3.0), result(None)
    assert good.passed and not bad.passed and not absent.passed
    assert not result(1.0, *bad.parts).passed
    assert result(1.0, *absent.parts).passed
    assert "above 2" in bad.reason and "rests on" in bad.reason
    assert "nothing there" in absent.reason and not good.reason
    assert passing([good, bad, absent]) == (1, 3)
    assert passing([good], "emergent") == (0, 0)


def test_promises_are_kept_from_their_share_on() -> None:
    import pandas as pd

    emergent = replace(load_facts()[0], tag="emergent")
    facts = [FactResult(emergent, result(value).parts) for value in (1.0, 1.0, 1.0, 1.0, 9.0)]
    history = pd.DataFrame({"passed": [True, True, False], "met": [None, True, None]})
    share, count, below, bars = promises(facts, history)
    assert share.kept and share.needed == 4  # 80 % of 5
    assert not count.kept and count.reached == 4
    assert below.kept and below.needed == 2  # two thirds of 3
    assert bars.kept and (bars.reached, bars.of) == (1, 1)


def test_a_missing_outcome_is_no_counterpart(setup: models.Setup) -> None:
    class Bare:
        outcomes: dict[str, Any] = {}

    with pytest.raises(NoCounterpart, match="port_jobs"):
        port_jobs_share(Evidence(setup.tables, setup.quarters, [Bare()]))  # type: ignore[list-item]


def test_findings_are_printed_with_sources_and_reasons(found: tuple[Found, Path]) -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    print_validation(console, found[0])
    told = console.export_text()
    for words in ("Emergent: evidence", "Locatus in the press", "What it must show"):
        assert words in " ".join(told.split()), words
    assert told.count("not met") + told.count(": met") == 5


@pytest.mark.parametrize(
    ("words", "parsed"),
    [
        (["--scale", "0.1", "json=a.json"], ["json=a.json", "--scale", "0.1"]),
        (["x=1", "--output", "a=b", "y=2", "--json", "c"], ["x=1", "y=2", "--output", "a=b", "--json", "c"]),
    ],
)
def test_settings_may_stand_anywhere(words: list[str], parsed: list[str]) -> None:
    assert _settings_first(words) == parsed
