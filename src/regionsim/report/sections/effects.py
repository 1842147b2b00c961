"""Every headline effect at each horizon, with its range; below it the full table and what each figure counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from regionsim.analysis.effects import records
from regionsim.report.charts import PLAN, by_horizon
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.view import View

ADDED_UP = ("public_cost", "net_graduate_migration")


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


def measure_shown(name: str) -> str:
    """'cumulated' for flows whose sum since the start is what counts, or whose quarters differ by season."""
    return "cumulated" if name in ADDED_UP else "level"


def _panel(view: View, name: str) -> Chart:
    t = view.text
    table = view.effects
    shown = table[(table["outcome"] == name) & (table["measure_of"] == measure_shown(name))]
    rows = records(shown)
    unit = t.unit(rows[-1]["unit"])
    points = [
        {
            "when": view.after(moment),
            "mean": row["mean"],
            "p10": row["p10"],
            "p90": row["p90"],
            "tip": f"{t.signed(row['mean'])} ({t.interval(row['p10'], row['p90'])})",
        }
        for moment, row in zip(view.horizons, rows, strict=True)
    ]
    cells = [
        [
            f"{point['when']} ({row['quarter']})",
            t.signed(row["mean"]),
            t.interval(row["p10"], row["p90"]),
            t.percent(row["percent_of_none"]),
        ]
        for point, row in zip(points, rows, strict=True)
    ]
    columns = [(t("horizon"), False), (t("effect"), True), (t("range_80_short"), True), (t("of_none"), True)]
    return Chart(
        id=f"effect-{name}",
        title=t.outcome(name) if measure_shown(name) == "level" else t("title_cumulated", what=t.outcome(name)),
        spec=by_horizon(pd.DataFrame(points), unit),
        label=_spoken(view, rows[-1]),
        table=Table(t("table_effect", what=t.outcome(name), unit=unit, n=view.draws), columns, cells),
        note=t("all_zero", n=view.draws) if all(row["no_effect"] for row in rows) else "",
        width="third",
    )


def _spoken(view: View, row: dict[str, Any]) -> str:
    t = view.text
    return t(
        "panel_label",
        what=t.outcome(row["outcome"]),
        unit=t.unit(row["unit"]),
        mean=t.signed(row["mean"]),
        range=t.interval(row["p10"], row["p90"]),
        quarter=row["quarter"],
        n=row["draws"],
    )


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
    return [
        f"{t.outcome(row['outcome'])} ({t.unit(row['unit'])})",
        row["quarter"],
        t.word("measure_of", row["measure_of"]),
        t("no_effect") if row["no_effect"] else t.signed(row["mean"]),
        t.interval(row["p10"], row["p90"]),
        t.percent(row["percent_of_none"]),
        t("share_of_draws", above=round(row["p_positive"] * row["draws"]), n=row["draws"]),
        t.number(enough),
        t.number(row["paired_sd"]),
        t.number(row["variance_ratio"], 2),
    ]


def _definitions(view: View, names: list[str]) -> Table:
    t = view.text
    rows = [[t.outcome(name), t.definition(name)] for name in names]
    columns = [(t("outcome"), False), (t("counts"), False)]
    return Table(t("definitions_caption"), columns, rows, t("definitions"))
