"""A CSV file of one's own as text: periods and values of every series, in a wide or a long layout."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from regionsim.state.errors import InputError, did_you_mean

SEPARATORS = {";": "semicolon", "\t": "tab", ",": "comma"}
LONG = ("series", "period", "value")
LAYOUTS = "a column 'period' and one column for each series, or the columns series, period, value"


@dataclass(frozen=True)
class Cell:
    """What stands in a row (1 is the header) for a period."""

    row: int
    period: str
    value: str


@dataclass(frozen=True)
class TextTable:
    """Cells of every series in the order of the file, empty ones too; decimal_comma: whether 1,5 is a number."""

    cells: dict[str, list[Cell]]
    decimal_comma: bool


def read_table(path: Path) -> TextTable:
    """The file's cells; InputError with everything that is wrong with the file and its layout."""
    text = _text(path)
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    rows = [(line, row) for line, row in rows if any(row)]
    header, body = rows[0][1], rows[1:]
    faults = _faults_of_header(header) or _faults_of_rows(header, body, separator)
    if not faults and not body:
        faults = ["has a header and no rows below it"]
    if faults:
        raise InputError(str(path), faults)
    lower = [name.lower() for name in header]
    cells = _long(lower, body) if set(LONG) == set(lower) else _wide(header, lower.index("period"), body)
    return TextTable(cells, decimal_comma=separator == ";")


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError("data", f"there is no file '{path}'; allowed: a CSV file with {LAYOUTS}") from None
    except IsADirectoryError:
        raise InputError("data", f"'{path}' is a folder; allowed: a CSV file with {LAYOUTS}") from None
    except OSError as error:
        raise InputError("data", f"'{path}' cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(str(path), f"row {line}: is not UTF-8; save the file as 'CSV UTF-8'") from None
    if not text.strip():
        raise InputError(str(path), f"is empty; allowed: {LAYOUTS}")
    if "\0" in text:
        raise InputError(str(path), "holds zero bytes, so it is no text; save the file as 'CSV UTF-8'")
    return text


def _separator(text: str) -> str:
    """The separator under which the header has a column 'period', else the one that makes most columns of it."""
    header = next(line for line in text.splitlines() if line.strip())
    split = {s: [cell.strip().lower() for cell in next(csv.reader([header], delimiter=s))] for s in SEPARATORS}
    found = [s for s, cells in split.items() if "period" in cells and len(cells) > 1]
    return (found or sorted(SEPARATORS, key=lambda s: -len(split[s])))[0]


def _faults_of_header(header: list[str]) -> list[str]:
    lower = [name.lower() for name in header]
    faults = []
    if "period" not in lower:
        near = did_you_mean("period", lower).replace("did you mean", "is it")
        faults.append(f"row 1: has no column 'period'{near}; allowed: {LAYOUTS}")
    elif len(header) == 1:
        faults.append(f"row 1: has no series beside 'period'; allowed: {LAYOUTS}, separated by comma, semicolon or tab")
    faults += [f"row 1: column {i} has no name" for i, name in enumerate(header, 1) if not name]
    twice = dict.fromkeys(name for name in header if name and header.count(name) > 1)
    faults += [f"row 1: '{name}' is the name of {header.count(name)} columns" for name in twice]
    return faults


def _faults_of_rows(header: list[str], body: list[tuple[int, list[str]]], separator: str) -> list[str]:
    """Rows with too many or too few cells; trailing empty cells may be missing or too many."""
    faults = []
    for line, row in body:
        if any(row[len(header) :]):
            hint = "; decimals with a comma need semicolons between the columns" if separator == "," else ""
            faults.append(f"row {line}: has {len(row)} cells, the header has {len(header)}{hint}")
    few = faults[:5]
    return few + ([f"and {len(faults) - 5} more rows with too many cells"] if len(faults) > 5 else [])


def _wide(header: list[str], period: int, body: list[tuple[int, list[str]]]) -> dict[str, list[Cell]]:
    cells: dict[str, list[Cell]] = {name: [] for i, name in enumerate(header) if i != period}
    for line, row in body:
        padded = row + [""] * (len(header) - len(row))
        for i, name in enumerate(header):
            if i != period:
                cells[name].append(Cell(line, padded[period], padded[i]))
    return cells


def _long(lower: list[str], body: list[tuple[int, list[str]]]) -> dict[str, list[Cell]]:
    series, period, value = (lower.index(name) for name in LONG)
    cells: dict[str, list[Cell]] = {}
    for line, row in body:
        padded = row + [""] * (len(lower) - len(row))
        cells.setdefault(padded[series], []).append(Cell(line, padded[period], padded[value]))
    return cells
