"""Quarters: a run's clock counts them from its first one; people read '2027Q1'."""

from __future__ import annotations

import re

from regionsim.state.errors import InputError

LAST_QUARTER = "2070Q4"  # no run goes further: driver paths are always made to here and cut, so that a later horizon
# changes no quarter before it

_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")


def ordinal(quarter: str) -> int:
    """Quarters since year 0 of a text like '2027Q1'. Raises InputError on any other form."""
    match = _QUARTER.match(str(quarter))
    if match is None:
        raise InputError(f"quarter '{quarter}'", "must look like 2027Q1 (year, Q, 1 to 4)")
    return int(match[1]) * 4 + int(match[2]) - 1


def text(ordinal_quarter: int) -> str:
    """The text of an ordinal quarter: text(ordinal('2027Q1')) == '2027Q1'."""
    return f"{ordinal_quarter // 4}Q{ordinal_quarter % 4 + 1}"


def quarters(first: str, last: str) -> list[str]:
    """All quarters from first to last, both included; empty if last is before first."""
    return [text(q) for q in range(ordinal(first), ordinal(last) + 1)]


def year(ordinal_quarter: int) -> int:
    """Calendar year of an ordinal quarter."""
    return ordinal_quarter // 4


def quarter_of_year(ordinal_quarter: int) -> int:
    """1 to 4."""
    return ordinal_quarter % 4 + 1
