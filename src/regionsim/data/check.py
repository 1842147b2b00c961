"""Checks a folder of region tables against the schema and reports every fault at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from regionsim.data.columns import WORDS, Column
from regionsim.data.links import known_codes, linking_faults
from regionsim.data.reading import RawTable, read_raw
from regionsim.data.schema import TABLES
from regionsim.state.errors import InputError, did_you_mean, listed

MOST_ROWS_TOLD = 10  # row faults printed of one column; the others are counted
MOST_CODES_TOLD = 40  # allowed values printed in full

_WHOLE = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def check_folder(folder: Path) -> dict[str, RawTable]:
    """Every table of the folder, checked: files, headers, values, keys, references, complete combinations.

    Raises InputError with all faults; each names the file and, where it is one cell, its row (the header is row 1) and
    column. At most MOST_ROWS_TOLD rows are named for a column.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "is not a folder of region tables")
    faults = _file_faults(folder)
    raw = {name: table for name in TABLES if (table := read_raw(folder, TABLES[name], faults)) is not None}
    known = known_codes(raw)
    for table in raw.values():
        for column in table.table.columns:
            faults += _column_faults(table, column, known)
        faults += _repeated_keys(table)
    faults += linking_faults(raw, known)
    if faults:
        raise InputError(str(folder), faults)
    return raw


def _file_faults(folder: Path) -> list[str]:
    """Table files that the schema does not know."""
    files = [table.file for table in TABLES.values()]
    strangers = sorted(path.name for path in folder.glob("*.csv") if path.name not in files)
    return [f"{name}: unknown table{did_you_mean(name, files)}; allowed: {listed(files)}" for name in strangers]


def _column_faults(raw: RawTable, column: Column, known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What is wrong with the cells of one column, by row."""
    cells = raw.columns.get(column.name, [])
    wrong = {cell: why for cell in set(cells) if (why := _why_wrong(column, cell, known))}
    where = f"{raw.table.file}, row {{}}, column '{column.name}': {{}}"
    return _told([where.format(row, wrong[cell]) for row, cell in zip(raw.rows, cells, strict=False) if cell in wrong])


def _repeated_keys(raw: RawTable) -> list[str]:
    """Rows whose key stands in an earlier row."""
    key = raw.table.key
    if any(name not in raw.columns for name in key):
        return []
    first: dict[tuple[str, ...], int] = {}
    faults = []
    for row, values in zip(raw.rows, zip(*(raw.columns[name] for name in key), strict=True), strict=True):
        if (earlier := first.setdefault(values, row)) != row:
            named = ", ".join(f"{name} '{value}'" for name, value in zip(key, values, strict=True))
            faults.append(f"{raw.table.file}, row {row}: repeats {named} of row {earlier}")
    return _told(faults)


def _told(faults: list[str]) -> list[str]:
    """The first faults, and how many more there are."""
    more = len(faults) - MOST_ROWS_TOLD
    if more <= 0:
        return faults
    where = re.sub(r", row \d+", "", faults[0]).split(": ")[0]
    return [*faults[:MOST_ROWS_TOLD], f"{where}: and {more} more"]


def _why_wrong(column: Column, cell: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """Why a cell is not allowed in a column; empty if it is."""
    if not cell:
        return "" if column.optional else "is empty"
    if cell != cell.strip():
        return f"'{cell}' has blanks around it"
    if column.kind != "text":
        return _why_wrong_number(column, cell)
    parts = cell.split(column.separator) if column.separator else [cell]
    if len(parts) > len(set(parts)):
        return f"'{cell}' names a value twice"
    return next((why for part in parts if (why := _why_wrong_code(column, part, known))), "")


def _why_wrong_code(column: Column, part: str, known: Mapping[str, tuple[str, ...]]) -> str:
    if column.pattern and not re.fullmatch(column.pattern, part):
        return f"'{part}' is not {WORDS[column.pattern]}"
    if column.refers and column.refers not in known:
        return ""  # the table that it refers to is at fault itself
    allowed = (*column.allowed, *known.get(column.refers, ()))
    if not allowed or part in allowed:
        return ""
    more = f", ... ({len(allowed)} in all)" if len(allowed) > MOST_CODES_TOLD else ""
    shown = f"{listed(allowed[:MOST_CODES_TOLD])}{more}"
    return f"'{part}' is not allowed{did_you_mean(part, allowed)}; allowed: {shown}"


def _why_wrong_number(column: Column, cell: str) -> str:
    form, words = (_WHOLE, "a whole number") if column.kind == "whole" else (_NUMBER, "a number with a decimal point")
    if not form.fullmatch(cell):
        return f"'{cell}' is not {words}"
    if column.low is not None and float(cell) < column.low:
        return f"{cell} is below the lowest allowed value, {column.low:g} ({column.unit})"
    if column.high is not None and float(cell) > column.high:
        return f"{cell} is above the highest allowed value, {column.high:g} ({column.unit})"
    return ""
