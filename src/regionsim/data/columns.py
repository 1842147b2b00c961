"""What a column and a table of a region are, and the codes that many tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "number"]
Observed = Literal["", "year", "january", "quarter"]

SEXES = ("F", "M")
BANDS_TO_100 = tuple(f"{age}-{age + 4}" for age in range(0, 100, 5)) + ("100+",)
BANDS_TO_85 = BANDS_TO_100[:17] + ("85+",)
SCHOOLING = ("low", "middle", "tertiary", "unknown")  # of people who can have finished a level
EDUCATION = ("none_yet", *SCHOOLING)  # none_yet: under 15
ACTIVITIES = ("child", "student", "employed", "job_seeker", "pension", "other_inactive")
ROLES = ("child_at_home", "partnered", "single", "single_parent", "collective", "other")
SECTIONS = (*"ABCDEFGHIJKLMNOPQRSTU", "unknown")  # NACE Rev. 2
ADDING_GROUPS = ("A", "B-E", "F", "G-I", "J", "K", "L", "M_N", "O-Q", "R-U")  # together the whole economy
GROUPS = ("A", "B-E", "C", "F", "G-I", "J", "K", "L", "M_N", "O-Q", "R-U", "TOTAL")  # C is part of B-E
STATUSES = ("data", "verified", "direction-verified", "recalled", "calibrated", "assumption")
GRADES = ("A", "B", "C", "D")

SNAKE = r"[a-z][a-z0-9_]*"
CODE = r"[A-Za-z0-9_.-]+"
QUARTER = r"\d{4}Q[1-4]"
NACE = r"[A-U](\d\d(-\d\d)?)?"
PERIOD = r"\d{4}(Q[1-4])?"
WORDS = {  # what a pattern means, for people
    SNAKE: "a code of lower-case letters, digits and _",
    CODE: "a code of letters, digits, _ . and -",
    QUARTER: "a quarter such as 2014Q4",
    NACE: "a NACE section or range of divisions such as F or C10-12",
    PERIOD: "a year or a quarter such as 2014 or 2014Q4",
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    allowed: the values a text may have; refers: 'table.column' whose values it may have as well; pattern: the form of
    a text, one of the keys of WORDS; low, high: bounds of a number, both included; separator: splits a text into
    several values; optional: a cell may be empty; observed: this column dates a row (a year that is known at its end,
    a 1 January, a quarter); lag_years: the cell is known that many years after the date of its row.
    """

    name: str
    kind: Kind = "text"
    meaning: str = ""
    unit: str = ""
    allowed: tuple[str, ...] = ()
    refers: str = ""
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    separator: str = ""
    optional: bool = False
    observed: Observed = ""
    lag_years: int = 0


@dataclass(frozen=True)
class Table:
    """One table: a file <name>.csv with exactly these columns.

    key: columns that together name a row once; complete: columns of which every combination of known values must
    have a row.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    complete: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of the table's file."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The header of the file, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def dated_by(self) -> Column | None:
        """The column that dates an observation, or None where the table is no time series."""
        return next((column for column in self.columns if column.observed), None)


def text(name: str, meaning: str, optional: bool = False) -> Column:
    """A column of free text."""
    return Column(name, "text", meaning, optional=optional)


def code(
    name: str,
    meaning: str,
    *allowed: str,
    refers: str = "",
    pattern: str = "",
    separator: str = "",
    optional: bool = False,
    observed: Observed = "",
) -> Column:
    """A column of codes: of `allowed`, of another table (refers) or of a form (pattern)."""
    return Column(name, "text", meaning, "", allowed, refers, pattern, None, None, separator, optional, observed)


def whole(
    name: str,
    meaning: str,
    unit: str,
    low: float | None = 0,
    high: float | None = None,
    optional: bool = False,
    observed: Observed = "",
    lag_years: int = 0,
) -> Column:
    """A column of whole numbers, by default not negative."""
    return Column(
        name, "whole", meaning, unit, low=low, high=high, optional=optional, observed=observed, lag_years=lag_years
    )


def number(name: str, meaning: str, unit: str, low: float | None = 0, high: float | None = None) -> Column:
    """A column of decimal numbers, by default not negative."""
    return Column(name, "number", meaning, unit, low=low, high=high)


def year(observed: Observed = "year", name: str = "year") -> Column:
    """The year of an observation."""
    meaning = "1 January of this year" if observed == "january" else "year"
    return whole(name, meaning, "year", low=1900, high=2100, observed=observed)


def arrondissement() -> Column:
    """The region's own codes of arrondissements."""
    return code("arrondissement", "code of the arrondissement", refers="arrondissements.arrondissement")


def sector(name: str = "sector") -> Column:
    """The region's own codes of sectors."""
    return code(name, "code of the sector", refers="sectors.sector")


def mio(name: str, meaning: str, low: float | None = 0) -> Column:
    """A flow of money in a year."""
    return number(name, meaning, "mio of the currency a year", low=low)


SEX = code("sex", "sex", *SEXES)
SECTION = code("section", "NACE section", *SECTIONS)
INDICATOR = code("indicator", "what is measured", pattern=SNAKE)
PERSONS = whole("persons", "number of persons", "persons")
VALUE = number("value", "value in the unit of the row", "see unit", low=None)
UNIT = text("unit", "unit of the value")
