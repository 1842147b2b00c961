"""Quarters read '2027Q1' and count on."""

from __future__ import annotations

import pytest

from regionsim.state.calendar import ordinal, quarter_of_year, quarters, text, year
from regionsim.state.errors import InputError, did_you_mean


def test_ordinals_count_quarters() -> None:
    assert ordinal("2011Q1") - ordinal("2010Q4") == 1
    assert ordinal("2044Q4") - ordinal("2011Q1") == 34 * 4 - 1
    assert [text(ordinal(q)) for q in ("2010Q4", "2011Q1", "2020Q3")] == ["2010Q4", "2011Q1", "2020Q3"]


def test_year_and_quarter_of_year() -> None:
    assert [(year(q), quarter_of_year(q)) for q in range(ordinal("2010Q3"), ordinal("2011Q2"))] == [
        (2010, 3),
        (2010, 4),
        (2011, 1),
    ]


def test_quarters_include_both_ends() -> None:
    assert quarters("2011Q3", "2012Q2") == ["2011Q3", "2011Q4", "2012Q1", "2012Q2"]
    assert quarters("2011Q3", "2011Q3") == ["2011Q3"]
    assert quarters("2011Q3", "2011Q2") == []


@pytest.mark.parametrize("wrong", ["2011", "2011Q5", "2011Q0", "2011-Q1", "11Q1", "2011Q1 ", "", "2011q1"])
def test_any_other_form_is_refused_and_shown(wrong: str) -> None:
    with pytest.raises(InputError, match="must look like 2027Q1") as caught:
        ordinal(wrong)
    assert f"'{wrong}'" in caught.value.where


def test_errors_number_their_faults() -> None:
    assert str(InputError("file.yaml", "is empty")) == "file.yaml: is empty"
    assert str(InputError("file.yaml", ["no a", "no b"])) == "file.yaml\n  1. no a\n  2. no b"
    assert did_you_mean("emloyed", ["employed", "retired"]) == " (did you mean 'employed'?)"
    assert did_you_mean("xyz", ["employed", "retired"]) == ""
