"""The facts the baseline must reproduce, read from the tables beside this file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from regionsim.data.tables import RegionTables
from regionsim.state.errors import InputError

FOLDER = Path(__file__).parent
Tag = Literal["imposed", "fitted", "emergent"]


@dataclass(frozen=True)
class Part:
    """One statistic of a fact with its band; `measure` names the function that computes it."""

    name: str
    measure: str
    year: int  # last year it needs
    statistic: str
    unit: str
    region_fact: str  # 'name' or 'name@year' in single_facts; '' where the target is the same everywhere
    target: str
    relative_band: bool  # low and high are counted from the region's figure
    low: float
    high: float


@dataclass(frozen=True)
class Fact:
    """One row of the list of facts; it is reproduced if every part that the model can show is in its band."""

    name: str
    title: str
    tag: Tag
    source: str
    note: str
    rests_on: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Band:
    """What a part should be: the target in words or figures, and its limits."""

    target: str
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies inside."""
        return self.low <= value <= self.high


def load_facts() -> tuple[Fact, ...]:
    """All facts, in order. Raises ValueError for a table that is not as it should be."""
    parts: dict[str, list[Part]] = {}
    for row in read_table("fact_parts.csv"):
        parts.setdefault(row["fact"], []).append(_part(row))
    facts = []
    for row in read_table("facts.csv"):
        if row["tag"] not in get_args(Tag) or row["fact"] not in parts:
            raise ValueError(f"facts.csv, '{row['fact']}': tag '{row['tag']}' or no parts")
        texts = (row["source"], row["note"], row["rests_on"])
        facts.append(Fact(row["fact"], row["title"], cast(Tag, row["tag"]), *texts, tuple(parts.pop(row["fact"]))))
    if parts:
        raise ValueError(f"fact_parts.csv: no such fact: {', '.join(parts)}")
    return tuple(facts)


def band_of(part: Part, tables: RegionTables) -> Band | None:
    """The band of a part in a region; None where the region has no such figure."""
    if not part.region_fact:
        return Band(part.target, part.low, part.high)
    figure = region_figure(part.region_fact, tables)
    if figure is None:
        return None
    shift = figure if part.relative_band else 0.0
    return Band(f"{figure:g}", round(part.low + shift, 6), round(part.high + shift, 6))


def region_figure(name: str, tables: RegionTables) -> float | None:
    """A single fact 'name' or 'name@year' of the region; None without it."""
    fact, _, year = name.partition("@")
    try:
        return tables.fact(fact, int(year) if year else None)
    except InputError:
        return None


def read_table(file: str) -> list[dict[str, str]]:
    """The rows of a CSV beside this file."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _part(row: dict[str, str]) -> Part:
    low = float(row["low"]) if row["low"] else float("-inf")
    high = float(row["high"]) if row["high"] else float("inf")
    if row["band"] not in ("absolute", "from target") or low > high:
        raise ValueError(f"fact_parts.csv, '{row['fact']}', '{row['part']}': band '{row['band']}' from {low} to {high}")
    texts = (row["statistic"], row["unit"], row["region_fact"], row["target"])
    return Part(row["part"], row["measure"], int(row["year"]), *texts, row["band"] == "from target", low, high)
