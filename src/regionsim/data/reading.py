"""Reads one table file into columns of texts, and reports what is wrong with its shape."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from regionsim.data.columns import Table
from regionsim.state.errors import did_you_mean, listed


@dataclass(frozen=True)
class RawTable:
    """A table as written: its known columns as lists of texts, and the file's row number of each record.

    rows: the header is row 1, as in a spreadsheet; sha256: hash of the file's bytes.
    """

    table: Table
    columns: dict[str, list[str]]
    rows: list[int]
    sha256: str


def read_raw(folder: Path, table: Table, faults: list[str]) -> RawTable | None:
    """The table's file as texts; what is wrong with file, header or row lengths is added to `faults`.

    None if there is nothing to check further. UTF-8 with or without a byte-order mark; empty rows are passed over.
    """
    try:
        content = (folder / table.file).read_bytes()
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        records = [(lines.line_num, record) for record in lines if record]
    except FileNotFoundError:
        faults.append(f"{table.file}: the file is missing ({table.meaning})")
        return None
    except UnicodeDecodeError as error:
        faults.append(f"{table.file}: is not UTF-8 (byte {error.start + 1})")
        return None
    except csv.Error as error:
        faults.append(f"{table.file}, row {lines.line_num}: {error}")
        return None
    if len(records) < 2:
        faults.append(f"{table.file}: has no rows; its columns are {listed(table.column_names)}")
        return None
    header = records[0][1]
    faults += _header_faults(table, header)
    whole_rows = []
    for row, record in records[1:]:
        if len(record) == len(header):
            whole_rows.append((row, record))
        else:
            faults.append(f"{table.file}, row {row}: has {len(record)} cells, the header has {len(header)}")
    by_column = list(zip(*(record for _, record in whole_rows), strict=True)) or [()] * len(header)
    known = {name: list(cells) for name, cells in zip(header, by_column, strict=True) if name in table.column_names}
    return RawTable(table, known, [row for row, _ in whole_rows], hashlib.sha256(content).hexdigest())


def _header_faults(table: Table, header: list[str]) -> list[str]:
    """Missing, unknown and repeated column names."""
    names = table.column_names
    missing = [name for name in names if name not in header]
    unknown = [name for name in dict.fromkeys(header) if name not in names]
    repeated = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    faults = [f"{table.file}: column '{name}' is missing" for name in missing]
    for name in unknown:
        hint = did_you_mean(name, missing or names)
        faults.append(f"{table.file}: unknown column '{name}'{hint}; allowed: {listed(names)}")
    return faults + [f"{table.file}: column '{name}' appears more than once" for name in repeated]
