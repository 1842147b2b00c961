"""Every headline effect from the plan's start to each horizon; below it the full table and what each figure counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from regionsim.analysis.effects import records
from regionsim.report.charts import PLAN, by_horizon
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.view import View


def effects(view: View) -> Section | None:
    """One small chart per headline outcome, the table of all statistics, and the definitions."""
    if view.plan is None:
        return None
    t = view.text
    names = [str(name) for name in view.effects["outcome"].unique()]
    return Section(
        "effects",
        t("effects_title"),
        [t("effects_lead", n=view.draws)],
        legend=[Key("dot", PLAN, t("legend_mean", n=view.draws)), Key("bar", PLAN, t("legend_range"))],
        charts=[_panel(view, name) for name in names],
        tables=[_full_table(view), _definitions(view, names)],
    )


def _panel(view: View, name: str) -> Chart:
    t = view.text
    rows = view.rows(name)
    unit = t.unit(rows[-1]["unit"])
    measured = t.word("measure_of", rows[-1]["measure_of"])
    whens = [view.after(moment) for moment in view.horizons]
    points = [view.point(row, when=when) for when, row in zip(whens, rows, strict=True)]
    cells = [
        [f"{when} ({row['quarter']})", *view.effect(row), t.percent(row["percent_of_none"])]
        for when, row in zip(whens, rows, strict=True)
    ]
    columns = [(t("horizon"), False), (t("effect"), True), (t("range_80_short"), True), (t("of_none"), True)]
    return Chart(
        id=f"effect-{name}",
        title=t.outcome(name),
        subtitle=f"{unit}, {measured}",
        spec=by_horizon(pd.DataFrame(points), unit),
        label=_spoken(view, rows[-1]),
        table=Table(t("table_effect", what=f"{t.outcome(name)}, {measured}", unit=unit, n=view.draws), columns, cells),
        note=t("all_zero", n=view.draws) if all(row["no_effect"] for row in rows) else "",
        width="third",
    )


def _spoken(view: View, row: dict[str, Any]) -> str:
    t = view.text
    mean, span = view.effect(row)
    words = {"what": t.outcome(row["outcome"]), "measured": t.word("measure_of", row["measure_of"])}
    unit, quarter = t.unit(row["unit"]), row["quarter"]
    return t("panel_label", unit=unit, mean=mean, range=span, quarter=quarter, n=row["draws"], **words)


def _full_table(view: View) -> Table:
    t = view.text
    words = ("outcome", "quarter", "measured")
    numbers = ("effect", "range_80_short", "of_none", "above_zero_in", "draws_enough", "paired_sd", "variance_ratio")
    columns = [(t(key), False) for key in words] + [(t(key), True) for key in numbers]
    rows = [_full_row(view, row) for row in records(view.effects)]
    return Table(t("full_table", n=view.draws), columns, rows, t("full_table_title"))


def _full_row(view: View, row: dict[str, Any]) -> list[str]:
    t = view.text
    enough = None if pd.isna(row["draws_enough"]) else float(row["draws_enough"])
    mean, span = view.effect(row)
    return [
        f"{t.outcome(row['outcome'])} ({t.unit(row['unit'])})",
        row["quarter"],
        t.word("measure_of", row["measure_of"]),
        t("no_effect") if row["no_effect"] else mean,
        span,
        t.percent(row["percent_of_none"]),
        t("share_of_draws", above=round(row["p_positive"] * row["draws"]), n=row["draws"]),
        t.effect(enough, sign=False),
        t.effect(row["paired_sd"], row["unit"], sign=False),
        t.effect(row["variance_ratio"], sign=False),
    ]


def _definitions(view: View, names: list[str]) -> Table:
    t = view.text
    rows = [[t.outcome(name), t.definition(name)] for name in names]
    columns = [(t("outcome"), False), (t("counts"), False)]
    return Table(t("definitions_caption"), columns, rows, t("definitions"))
