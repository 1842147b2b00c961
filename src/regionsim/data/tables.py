"""A region's tables, loaded and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from regionsim.data.check import check_folder
from regionsim.data.columns import Column, Table
from regionsim.data.labels import Labels, labels_of
from regionsim.data.reading import RawTable
from regionsim.data.schema import TABLES
from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError, did_you_mean, listed

if TYPE_CHECKING:
    import pandas as pd

REGIONS = Path(__file__).parent / "regions"


@dataclass(frozen=True, eq=False, repr=False)
class RegionTables:
    """The checked tables of a region: tables.commuting or tables["commuting"] is a DataFrame.

    Columns and units are those of schema.py: texts are str, whole numbers int64, other numbers float64; a column that
    may be empty is str with '' or float64 with NaN. hashes: sha256 of each file as read, by file name; as_of: the
    quarter after which observations were left out, '' for none.
    """

    name: str
    folder: Path
    as_of: str
    hashes: Mapping[str, str]
    labels: Labels
    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __getattr__(self, table: str) -> pd.DataFrame:
        try:
            return self.__dict__["tables"][table]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"no table '{table}'{did_you_mean(table, TABLES)}") from None

    def __repr__(self) -> str:
        return f"RegionTables('{self.name}', {len(self.tables)} tables, as_of='{self.as_of}')"

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    @property
    def digest(self) -> str:
        """sha256 over the names and hashes of all files: one text for the vintage of a region's tables."""
        return hashlib.sha256("".join(f"{k}={v}" for k, v in sorted(self.hashes.items())).encode()).hexdigest()

    def fact(self, name: str, year: int | None = None) -> float:
        """One figure of single_facts.csv, in the unit of its row.

        Raises InputError for an unknown fact, a year without it, or no year where the table has several.
        """
        where = str(self.folder / "single_facts.csv")
        facts = self.tables["single_facts"]
        found = facts[facts["fact"] == name]
        if found.empty:
            names = sorted(set(facts["fact"]))
            raise InputError(where, f"no fact '{name}'{did_you_mean(name, names)}; allowed: {listed(names)}")
        years = [f"{value:.0f}" for value in found["year"] if value == value]
        if year is not None:
            found = found[found["year"] == year]
        if len(found) != 1:
            asked = "needs a year" if year is None else f"has no value of {year}"
            raise InputError(where, f"fact '{name}' {asked}; allowed: {listed(years) or 'no year'}")
        return float(found["value"].iloc[0])


def region_names() -> list[str]:
    """The regions that come with the package."""
    return sorted(path.parent.name for path in REGIONS.glob("*/region.csv"))


def region_folder(name_or_path: str | Path) -> Path:
    """The folder of a region of the package, or a folder of one's own. Raises InputError if there is neither."""
    if str(name_or_path) in region_names():
        return REGIONS / str(name_or_path)
    if Path(name_or_path).is_dir():
        return Path(name_or_path)
    names = region_names()
    hint = did_you_mean(str(name_or_path), names)
    raise InputError(f"region '{name_or_path}'", f"is unknown{hint}; allowed: {listed(names)}, or a folder of tables")


def load_region(name_or_path: str | Path, as_of: str | None = None) -> RegionTables:
    """The tables of a region, checked.

    as_of: a quarter such as '2014Q4'. Later observations of time series are then left out: a quarter, a year that has
    not ended, a 1 January still to come, survivors of a later year. Single facts, the census, the input-output table
    and the descriptions of series stay: they are structure, or facts to validate against. The vintage of a figure is
    the one in sources.csv whatever as_of says.
    Raises InputError with every fault of the folder.
    """
    last = None if as_of is None else ordinal(as_of)
    folder = region_folder(name_or_path)
    raw = check_folder(folder)
    tables = {name: _frame(table) for name, table in raw.items()}
    if last is not None:
        tables = {name: _known_by(TABLES[name], frame, last) for name, frame in tables.items()}
    region = dict(zip(tables["region"]["key"], tables["region"]["value"], strict=True))
    hashes = {table.table.file: table.sha256 for table in raw.values()}
    return RegionTables(region["name"], folder, as_of or "", hashes, labels_of(tables), tables)


def _frame(raw: RawTable) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column.name: _values(column, raw.columns[column.name]) for column in raw.table.columns})


def _values(column: Column, cells: list[str]) -> list[str] | np.ndarray:
    if column.kind == "text":
        return cells
    if column.kind == "whole" and not column.optional:
        return np.array([int(cell) for cell in cells], dtype=np.int64)
    return np.array([float(cell) if cell else np.nan for cell in cells], dtype=np.float64)


def _known_by(table: Table, frame: pd.DataFrame, last: int) -> pd.DataFrame:
    """The rows and cells of a table that are observed by the ordinal quarter `last`."""
    dated = table.dated_by
    if dated is None:
        return frame
    if dated.observed == "quarter":
        known_at = np.array([ordinal(period) for period in frame[dated.name]])
    else:  # a year is known in its fourth quarter, its 1 January in the first
        known_at = frame[dated.name].to_numpy() * 4 + (3 if dated.observed == "year" else 0)
    kept = frame[known_at <= last].reset_index(drop=True)
    known_at = known_at[known_at <= last]
    for column in table.columns:
        if column.lag_years:
            kept[column.name] = kept[column.name].where(known_at + 4 * column.lag_years <= last)
    return kept
