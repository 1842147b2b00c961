"""What a page consists of: sections of sentences, figures, charts and tables, all in the page's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Table:
    """Columns (title, True if it holds numbers), rows of texts, and a caption that says what is in it.

    With a `title` the table is folded under it and shown on request.
    """

    caption: str
    columns: list[tuple[str, bool]]
    rows: list[list[str]]
    title: str = ""


@dataclass(frozen=True)
class Key:
    """One entry of a chart's legend: a mark (line, dash, band, dot, bar, block) in the colour of a CSS variable."""

    mark: str
    colour: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification, what it shows in words (for those who do not see it), its legend and its data.

    The subtitle says what is measured, and in which unit where the axis does not.
    """

    id: str
    title: str
    spec: dict[str, Any]
    label: str
    table: Table
    legend: list[Key] = field(default_factory=list)
    note: str = ""
    subtitle: str = ""
    width: Literal["full", "half", "third"] = "full"


@dataclass(frozen=True)
class Tile:
    """One headline figure: what it is, the number, its range and probability."""

    title: str
    value: str
    unit: str
    details: list[str]


@dataclass(frozen=True)
class Section:
    """One part of the page."""

    id: str
    title: str
    paragraphs: list[str] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    legend: list[Key] = field(default_factory=list)  # of all charts of the section
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)  # term and description
    code: list[tuple[str, str]] = field(default_factory=list)  # folded: title and preformatted text
    in_columns: bool = False  # charts alternate between two columns, each as high as its charts
