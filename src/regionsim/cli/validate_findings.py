"""What a validation found, on the terminal: facts by tag, the pandemic, history, and which promises are kept."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from regionsim.validation.validate import Found

TAGS = {
    "emergent": "Emergent: evidence for the model",
    "fitted": "Fitted: a constant was set to it",
    "imposed": "Imposed: an input or the start says so",
}
WORDS = {"pass": "pass", "fail": "FAIL", "no model counterpart": "none", "no figure": "-", "no value": "-"}


def print_validation(console: Console, found: Found) -> None:
    """Print every table, the reasons of what fails, and the promises."""
    content = found.content
    for tag, title in TAGS.items():
        facts = [fact for fact in content["facts"] if fact["tag"] == tag]
        passed = sum(fact["passed"] for fact in facts)
        console.print(f"\n{title}: {passed} of {len(facts)} facts pass", style="bold")
        console.print(_facts(facts))
    _reasons(console, content["facts"])
    scored = [row for row in content["covid_indicators"] if row["passed"] is not None]
    words = f"{sum(row['passed'] for row in scored)} of {len(scored)} scored rows in their band"
    console.print(f"\nThe pandemic, % on the quarter before, not seasonally adjusted: {words}", style="bold")
    console.print(_indicators(content["covid_indicators"]))
    console.print("\nHistory: mean absolute error of the model and of naive continuation", style="bold")
    console.print(_history(content["history"]))
    _promises(console, found)


def _table(*columns: str) -> Table:
    """A plain table; columns whose title begins with '>' are aligned to the right."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left")
    return table


def _facts(facts: list[dict[str, Any]]) -> Table:
    """One row a part; under the title of a fact where it comes from."""
    table = _table("fact, source", "statistic", ">target", ">band", ">value", ">80 % of draws", "")
    for fact in facts:
        for number, part in enumerate(fact["parts"]):
            title = f"{escape(fact['title'])}\n[dim]{escape(fact['source'])}[/dim]" if number == 0 else ""
            name = f"{part['name']}: " if len(fact["parts"]) > 1 else ""
            draws = "" if part["p10"] is None else f"{figure(part['p10'])} to {figure(part['p90'])}"
            cells = [part["target"], band(part["band"]), figure(part["value"]), draws]
            table.add_row(title, escape(f"{name}{part['statistic']}, {part['unit']}"), *cells, WORDS[part["verdict"]])
    return table


def _reasons(console: Console, facts: list[dict[str, Any]]) -> None:
    failing = [fact for fact in facts if not fact["passed"]]
    partly = [fact for fact in facts if fact["passed"] and fact["reason"]]
    if failing or partly:
        console.print("\nWhy facts fail (none: the model has no counterpart)", style="bold")
    for fact in failing:
        console.print(f"{fact['title']} ({fact['tag']}): {fact['reason']}", highlight=False)
    for fact in partly:
        console.print(f"{fact['title']} passes as far as it can be shown: {fact['reason']}", highlight=False)


def _indicators(rows: list[dict[str, Any]]) -> Table:
    table = _table(">row", "indicator", ">plan", ">band", ">model", "")
    for row in rows:
        verdict = row["reason"] if row["passed"] is None else "pass" if row["passed"] else "fail"
        cells = [str(row["row"]), row["title"], figure(row["target"]), band(row["band"]), figure(row["value"])]
        table.add_row(*cells, verdict)
    return table


def _history(rows: list[dict[str, Any]]) -> Table:
    table = _table("series", "tag", "years", ">model", ">naive", "unit", "", "bar")
    for row in rows:
        bar = row["bar"] and f"{row['bar']}: {'met' if row['bar_met'] else 'not met'}"
        errors = [f"{row['value']:.2f}", f"{row['naive_error']:.2f}", row["unit"]]
        table.add_row(row["name"], row["tag"], row["years"], *errors, "pass" if row["passed"] else "fail", bar)
    return table


def _promises(console: Console, found: Found) -> None:
    console.print("\nWhat it must show", style="bold")
    for promise in found.promised:
        verdict = "kept" if promise.kept else "NOT kept"
        console.print(f"{promise.text}: {promise.reached} of {promise.of}, {verdict}", highlight=False)
    folder = found.files[0].parent
    console.print(f"written: {folder} ({', '.join(path.name for path in found.files if path.parent == folder)})")
    for path in found.files:
        if path.parent != folder:
            console.print(f"written: {path}")


def figure(value: float | None) -> str:
    """A value with three digits that count, one decimal from 100 on; - for none."""
    return "-" if value is None else f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def band(limits: list[float | None] | None) -> str:
    """A band in words."""
    if limits is None:
        return "-"
    low, high = limits
    if low is None or high is None:
        return f"below {figure(high)}" if low is None else f"above {figure(low)}"
    return f"{figure(low)} to {figure(high)}"
