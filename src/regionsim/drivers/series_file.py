"""Series of one's own from a CSV file, checked: every fault of every series at once, each in one line.

Empty values before the first and after the last observation of a series are fine (series of different length); a hole
between them is a fault, because no model should guess what was not observed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from regionsim.drivers.backtest.origins import FIRST_YEARS, origins_of
from regionsim.drivers.csv_table import Cell, read_table
from regionsim.drivers.periods import FORMS, MONTHS, NAMES, QUARTERS, YEARS, Period, last_by, parse, text
from regionsim.drivers.season import has_season
from regionsim.drivers.series import Series, standardised
from regionsim.state.errors import InputError

Transform = Literal["log", "level"]
Season = Literal["auto", "yes", "no"]
Observed = list[tuple[Cell, Period]]

FEWEST_ORIGINS = 4
SHOWN = 3  # rows or periods that a message names
NO_CHANGE = 1e-9  # relative spread of changes below which there is nothing to learn from
FREQUENCIES = {1: MONTHS, 3: QUARTERS, 12: YEARS}  # by months from one date to the next


def read_series(
    path: Path,
    transform: Transform = "log",
    season: Season = "auto",
    as_of: int | None = None,
    backtested: bool = True,
) -> list[Series]:
    """The file's series in its order; as_of: ordinal quarter after which observations are left out.

    transform: 'log', changes are relative and all values above 0, or 'level'; season: 'auto' asks season.has_season.
    InputError with every fault of all series.
    """
    faults: list[tuple[str, str]] = []
    table = read_table(path)
    columns = {name: _observed(name, cells, faults) for name, cells in table.cells.items()}
    kinds = {name: _frequency(name, found, faults) for name, found in columns.items()}
    if len(set(kinds.values()) - {0}) > 1:
        told = ", ".join(f"'{name}' {NAMES[kind]}" for name, kind in list(kinds.items())[:6] if kind)
        faults.append(("", f"mixed frequencies: {told}; allowed: one frequency in a file"))
    series = []
    for name, found in columns.items():
        if kinds[name]:
            made = _series(name, found, kinds[name], table.decimal_comma, transform, as_of, faults)
            if made is not None and _worth_forecasting(made, backtested, faults):
                series.append(made)
    if not faults and backtested:
        faults = _unchanging_at_first_origin(series)
    if faults:
        raise InputError(str(path), _told(faults, list(columns)))
    return [replace(s, seasonal=has_season(s) if season == "auto" else season == "yes") for s in series]


def needed(periods: int, backtested: bool) -> int:
    """Observations that a series must have: FIRST_YEARS, and a year more (at least FEWEST_ORIGINS) to backtest on."""
    return FIRST_YEARS * periods + (max(FEWEST_ORIGINS, periods) if backtested else 0)


def _observed(name: str, cells: Sequence[Cell], faults: list[tuple[str, str]]) -> Observed:
    """Cells that hold a value, with their period."""
    if not name:
        faults.append(("", f"{_rows(cells)}: the series has no name"))
        return []
    found, odd = [], []
    for cell in cells:
        period = parse(cell.period)
        if period is None:
            odd.append(cell)
        elif cell.value:
            found.append((cell, period))
    if odd:
        faults.append((name, f"{_rows(odd)}: '{odd[0].period}' is no period; allowed: {FORMS}"))
    elif not found:
        faults.append((name, "has no values"))
    return found


def _frequency(name: str, found: Observed, faults: list[tuple[str, str]]) -> int:
    """Periods a year; months and dates that are mostly a quarter or a year apart are quarters or years; 0: none."""
    written = Counter(period.periods for _, period in found)
    if not written:
        return 0
    if len(written) > 1:
        usual = written.most_common(1)[0][0]
        odd = [cell for cell, period in found if period.periods != usual]
        faults.append((name, f"{_rows(odd)}: '{odd[0].period}' among {NAMES[usual]}; allowed: one frequency in a file"))
        return 0
    kind = next(iter(written))
    if kind != MONTHS or len(found) < 2:
        return kind
    apart = Counter(np.diff(sorted(period.ordinal for _, period in found)).tolist()).most_common(1)[0][0]
    days = len({(period.ordinal, period.day) for _, period in found})
    if apart == 0 and days > len({period.ordinal for _, period in found}):
        faults.append((name, "has several dates in a month; allowed: one date for each month, quarter or year"))
        return 0
    return FREQUENCIES.get(apart, MONTHS)


def _series(
    name: str, found: Observed, kind: int, comma: bool, transform: Transform, as_of: int | None,
    faults: list[tuple[str, str]],
) -> Series | None:  # fmt: skip
    """The series if its numbers and its calendar are right."""
    before = len(faults)
    found = sorted(found, key=lambda one: one[1].ordinal)
    values, odd, endless, low = {}, [], [], []
    for cell, period in found:
        number = _number(cell.value, comma)
        if number is None:
            odd.append(cell)
        elif not np.isfinite(number):
            endless.append(cell)
        else:
            values[period.at(kind)] = number
            if number <= 0:
                low.append(cell)
    point = "a number, with a comma or a point for decimals" if comma else "a number with a point for decimals"
    if odd:
        faults.append((name, f"{_rows(odd)}: '{odd[0].value}' is not a number; allowed: {point}, or nothing"))
    if endless:
        faults.append(
            (name, f"{_rows(endless)}: '{endless[0].value}' is not finite; allowed: a finite number, or nothing")
        )
    if transform == "log" and low:
        faults.append((name, f"{_rows(low)}: {low[0].value} is not above 0, and changes are relative; "
                       "allowed: numbers above 0, or transform=level"))  # fmt: skip
    _check_calendar(name, found, kind, faults)
    if len(faults) > before:
        return None
    last = max(values) if as_of is None else min(max(values), last_by(as_of, kind))
    kept = np.array([values[at] for at in range(min(values), last + 1)])
    if not len(kept):
        faults.append((name, f"begins after as_of, in {text(min(values), kind)}"))
        return None
    return Series(name, min(values), kept, kind, log=transform == "log")


def _check_calendar(name: str, found: Observed, kind: int, faults: list[tuple[str, str]]) -> None:
    """Every period between the first and the last once."""
    times = Counter(period.at(kind) for _, period in found)
    twice = [at for at, n in times.items() if n > 1]
    if twice:
        rows = [cell for cell, period in found if period.at(kind) == twice[0]]
        more = f" (and {len(twice) - 1} more)" if len(twice) > 1 else ""
        faults.append((name, f"{_rows(rows)}: {text(twice[0], kind)} stands {len(rows)} times{more}; allowed: once"))
    first, last = min(times), max(times)
    gaps = [text(at, kind) for at in range(first, last + 1) if at not in times]
    if gaps:
        faults.append((name, f"has no value for {_listed(gaps)}; allowed: one for each of the {NAMES[kind]} "
                       f"from its first, {text(first, kind)}, to its last, {text(last, kind)}"))  # fmt: skip


def _worth_forecasting(s: Series, backtested: bool, faults: list[tuple[str, str]]) -> bool:
    """Long enough, and not the same in every period."""
    fewest, before = needed(s.periods, backtested), len(faults)
    if len(s.values) < fewest:
        why = f"; {needed(s.periods, False)} do with backtest=false" if backtested else ""
        span = f"{text(s.first, s.periods)} to {text(s.last, s.periods)}"
        faults.append((s.name, f"is too short: {len(s.values)} {NAMES[s.periods]}, {span}; needed: {fewest}{why}"))
    if len(s.values) > 1 and np.all(s.values == s.values[0]):
        faults.append((s.name, f"is constant: {s.values[0]:g} in every period; a forecast needs changes"))
    elif len(s.values) > 1 and _spread(s) < NO_CHANGE:
        faults.append((s.name, "changes by the same step in every period; a forecast needs changes that differ"))
    return len(faults) == before


def _unchanging_at_first_origin(series: Sequence[Series]) -> list[tuple[str, str]]:
    first = min(origins_of(series), default=None)
    if first is None:
        ends = text(max(s.last for s in series), series[0].periods)
        starts = text(max(s.first for s in series), series[0].periods)
        return [("", f"no origin for a backtest: all series are observed from {starts} only, and the last one ends in "
                 f"{ends}; needed: more than {FIRST_YEARS} years, or backtest=false")]  # fmt: skip
    return [
        (s.name, f"does not change before {text(first, s.periods)}, where the backtest starts; "
         "leave out its first part, or backtest=false")
        for s in series if _spread(s.until(first)) < NO_CHANGE
    ]  # fmt: skip


def _spread(s: Series) -> float:
    """Standard deviation of the changes that are a guide, relative to the largest value."""
    guide = ~np.isnan(standardised(s).changes[1:])
    values = np.log(s.values) if s.log else s.values / max(np.abs(s.values).max(), np.finfo(float).tiny)
    changes = np.diff(values)[guide]
    return float(changes.std()) if changes.size else 0.0


def _number(written: str, comma: bool) -> float | None:
    """The number, None for a text that is none; 'nan' and 'inf' are numbers that are not finite."""
    plain = written.replace(",", ".") if comma and "." not in written else written
    try:
        return None if "_" in plain else float(plain)
    except ValueError:
        return None


def _rows(cells: Sequence[Cell]) -> str:
    rows = list(dict.fromkeys(str(cell.row) for cell in cells))
    return ("row " if len(rows) == 1 else "rows ") + _listed(rows)


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more


def _told(faults: Sequence[tuple[str, str]], names: Sequence[str]) -> list[str]:
    """Lines in the order found; what is the same for several series is told once."""
    by_text: dict[str, list[str]] = {}
    for name, told in faults:
        by_text.setdefault(told, []).append(name)
    lines = []
    for told, series in by_text.items():
        if series == [""]:
            lines.append(told)
        elif len(series) > 1 and len(series) == len(names):
            lines.append(f"all {len(names)} series: {told}")
        else:
            lines.append(f"series {_listed([f'{name!r}' for name in series])}: {told}")
    return lines
