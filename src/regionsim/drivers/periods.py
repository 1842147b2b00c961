"""Periods of any frequency: ordinals count them from year 0, people read 2027, 2027Q1 or 2027-03."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from regionsim.state.errors import InputError

YEARS, QUARTERS, MONTHS = 1, 4, 12
NAMES = {YEARS: "years", QUARTERS: "quarters", MONTHS: "months"}
EXAMPLES = {YEARS: "2027", QUARTERS: "2027Q1", MONTHS: "2027-03"}
FURTHEST_YEARS = 50  # of paths after the last observation
FORMS = "2010Q1, 2010-Q1, 2010-03, 2010-01-31 or 2010"

_YEAR = re.compile(r"^(\d{4})$")
_QUARTER = re.compile(r"^(\d{4})-?[Qq]([1-4])$")
_MONTH = re.compile(r"^(\d{4})-?[Mm]?-?(0[1-9]|1[0-2])$")
_DAY = re.compile(r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$")


@dataclass(frozen=True)
class Period:
    """A period as it is written: periods a year (1, 4 or 12) and ordinal; a month may stand for its quarter or year."""

    periods: int
    ordinal: int
    day: int = 0  # of the month, where a date was written

    def at(self, periods: int) -> int:
        """The ordinal of the period of this frequency that it lies in."""
        return self.ordinal * periods // self.periods


def parse(written: str) -> Period | None:
    """A period from a text in one of FORMS; None if it has none of them."""
    text = written.strip()
    if found := _YEAR.match(text):
        return Period(YEARS, int(found[1]))
    if found := _QUARTER.match(text):
        return Period(QUARTERS, int(found[1]) * 4 + int(found[2]) - 1)
    if found := _DAY.match(text):
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
        return Period(MONTHS, day.year * 12 + day.month - 1, day.day)
    if found := _MONTH.match(text):
        return Period(MONTHS, int(found[1]) * 12 + int(found[2]) - 1)
    return None


def text(ordinal: int, periods: int) -> str:
    """The text of an ordinal: '2027', '2027Q1' or '2027-03'."""
    year, index = divmod(ordinal, periods)
    return {YEARS: f"{year}", QUARTERS: f"{year}Q{index + 1}", MONTHS: f"{year}-{index + 1:02d}"}[periods]


def last_by(quarter: int, periods: int) -> int:
    """Ordinal of the last period of a frequency that has ended when this ordinal quarter ends."""
    return (quarter + 1) * periods // QUARTERS - 1


def last_of_paths(written: str, last: int, periods: int) -> int:
    """Ordinal of the period `written`, which must be one of this frequency after `last`; InputError otherwise."""
    found = parse(written)
    if found is None or found.periods != periods:
        raise InputError(
            "until", f"got '{written}'; allowed: one of the {NAMES[periods]} of the data, like {EXAMPLES[periods]}"
        )
    furthest = last + FURTHEST_YEARS * periods
    if not last < found.ordinal <= furthest:
        first, end = text(last + 1, periods), text(furthest, periods)
        raise InputError("until", f"got '{written}'; allowed: {first} (after the last observation) to {end}")
    return found.ordinal

