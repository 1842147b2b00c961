"""Effects in two digits that count: no more than a range allows, and no half persons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionsim.analysis.rounding import is_count, rounded


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (67.9, "persons", "+68"),
        (243.2, "persons", "+240"),
        (-1_234, "jobs", "-1,200"),
        (99.6, "persons", "+100"),
        (7.9, "firms", "+8"),
        (7.9, "million EUR", "+7.9"),
        (0.42, "persons", "+0.4"),
        (0.97, "persons per quarter", "+1"),
        (0.97, "percentage points", "+0.97"),
        (-0.0163, "percentage points", "-0.016"),
        (0.996, "million EUR", "+1"),
        (5.01, "million EUR", "+5"),
        (0, "persons", "0"),
        (-1e-9, "million EUR", "0"),
        (None, "persons", ""),
        (float("nan"), "persons", ""),
        (float("inf"), "persons", ""),
    ],
)
def test_two_digits_and_whole_counts(value: float | None, unit: str, written: str) -> None:
    assert rounded(value, unit=unit) == [written]


def test_a_mean_is_not_finer_than_its_range_allows() -> None:
    assert rounded(0.0832, -13.8, 14.4, unit="million EUR") == ["+0.1", "-14", "+14"]
    assert rounded(67.9, -240, 470, unit="persons") == ["+68", "-240", "+470"]
    assert rounded(0.4, -240, 470, unit="persons") == ["0", "-240", "+470"]
    assert rounded(0.4, -7, 10, unit="persons") == ["+0.4", "-7", "+10"]
    assert rounded(None, 1.0, unit="persons") == ["", "+1"]


def test_a_number_without_sign_keeps_its_minus() -> None:
    assert rounded(12_345, -3_210, sign=False) == ["12,000", "-3,200"]


@given(st.floats(1e-4, 1e9), st.sampled_from(["persons", "million EUR"]))
def test_what_is_written_is_close_to_the_value(value: float, unit: str) -> None:
    written = float(rounded(value, unit=unit)[0].replace(",", ""))
    assert written == pytest.approx(value, rel=0.05 if unit == "million EUR" else 0.5)


def test_units_of_people_jobs_and_firms_are_counts() -> None:
    assert all(is_count(unit) for unit in ("persons", "persons per quarter", "jobs", "firms", "units", "vacancies"))
    assert not any(is_count(unit) for unit in ("million EUR", "percentage points", "job-seekers per vacancy", ""))
