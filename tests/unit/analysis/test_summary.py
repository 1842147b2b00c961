"""The summary: what was found, as JSON that any program can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr

from regionsim.analysis.checks import account_checks
from regionsim.analysis.effects import effect_table
from regionsim.analysis.summary import summarise, write_summary
from tests.fixtures.results import synthetic


def no_constants(text: str) -> None:
    raise AssertionError(f"{text} is not JSON")


def test_the_summary_is_strict_json_and_says_what_the_table_says(ds: xr.Dataset, tmp_path: Path) -> None:
    path = write_summary(ds, tmp_path / "summary.json")
    summary = json.loads(path.read_text(), parse_constant=no_constants)
    effects = summary["plans"]["growth"]["effects"]
    table = effect_table(ds, "growth")
    assert len(effects) == len(table)
    assert [row["mean"] for row in effects] == table["mean"].tolist()
    work = next(row for row in effects if row["outcome"] == "employed_residents")
    assert isinstance(work["draws_enough"], int)
    assert next(row for row in effects if row["verdict"])["draws_enough"] is None


def test_the_summary_names_region_draws_start_and_cost(ds: xr.Dataset) -> None:
    summary = summarise(ds)
    assert summary["region"]["title_en"] == "Fictland"
    assert (summary["draws"], summary["range_is_reliable"]) == (12, True)
    plan = summary["plans"]["growth"]
    assert (plan["start"], plan["cost_until"]) == ("2021Q1", "2027Q4")
    assert {row["measure"]: round(row["mean"], 6) for row in plan["cost"]} == {
        "apprenticeships": 15.12,
        "export_coaching": 10.08,
    }
    assert summary["assumptions"] == {
        "parameters": 3,
        "by_status": {"assumption": 1, "recalled": 1, "verified": 1},
    }
    assert summary["provenance"]["regionsim"]


def test_few_draws_are_not_reliable(tmp_path: Path) -> None:
    assert summarise(synthetic(tmp_path, 7, first="2020Q1", last="2022Q4"))["range_is_reliable"] is False


def test_a_dataset_without_plans_has_a_summary(ds: xr.Dataset) -> None:
    assert summarise(ds.sel(plan=["none"]))["plans"] == {}


def test_accounts_balance_within_their_tolerance(ds: xr.Dataset) -> None:
    assert account_checks(ds).set_index("account")["balanced"].to_dict() == {
        "people": True,
        "jobs": True,
        "money": True,
    }


@pytest.mark.parametrize(("name", "value"), [("people", 1.0), ("jobs", -1.0), ("money", 0.01), ("money", float("nan"))])
def test_one_wrong_quarter_of_one_run_is_seen(ds: xr.Dataset, name: str, value: float) -> None:
    wrong = ds.copy(deep=True)
    wrong[f"residual_{name}"][0, 1, 5, 7] = value
    balanced = account_checks(wrong).set_index("account")["balanced"]
    assert not balanced[name]
    assert balanced.sum() == 2
