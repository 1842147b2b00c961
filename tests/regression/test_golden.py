"""Numbers change only on purpose: a short run against the golden file, each total also against its sane range."""

from __future__ import annotations

import json

import pytest

from regionsim.model.setup import Setup
from tests.regression.golden import FILE, RANGES, totals


@pytest.fixture(scope="module")
def found(setup: Setup) -> dict[str, float]:
    return totals(setup)


def test_the_file_holds_the_same_totals_and_ranges() -> None:
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    assert {name: tuple(row["sane"]) for name, row in golden.items()} == RANGES
    assert all(row["sane"][0] <= row["value"] <= row["sane"][1] for row in golden.values())


@pytest.mark.parametrize("name", RANGES)
def test_a_total_is_the_golden_one(found: dict[str, float], name: str) -> None:
    """Counts to the unit; sums of money to a millionth, since other processors round powers otherwise.

    After a change that is meant to alter numbers: python -m tests.regression.golden"""
    golden = json.loads(FILE.read_text(encoding="utf-8"))[name]["value"]
    assert found[name] == pytest.approx(golden, rel=1e-6)


@pytest.mark.parametrize("name", RANGES)
def test_a_total_is_sane(found: dict[str, float], name: str) -> None:
    low, high = RANGES[name]
    assert low <= found[name] <= high
