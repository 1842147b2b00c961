"""Where the effect falls: by part of the region, sector, age and diploma, on average since the plan's start."""

from __future__ import annotations

import pandas as pd

from regionsim.analysis.effects import effect_by, records, since_start
from regionsim.report.charts import INK, PLAN, by_group
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.view import View

SPLITS = (
    ("employed_residents", "arrondissement"),
    ("jobs", "sector"),
    ("employed_residents", "age_group"),
    ("employed_by_education", "education"),
)
ORDERED = ("age_group", "education")  # dims whose labels have an order of their own


def who_gains(view: View) -> Section | None:
    """One bar chart per split that the dataset holds."""
    shown = [(name, dim) for name, dim in SPLITS if view.has(name)]
    if view.plan is None or not shown:
        return None
    t = view.text
    return Section(
        "who-gains",
        t("who_title"),
        [t("who_lead", time=view.span(view.last), n=view.draws)],
        legend=[Key("bar", PLAN, t("legend_mean", n=view.draws)), Key("line", INK, t("legend_range"))],
        charts=[_split(view, name, dim) for name, dim in shown],
        in_columns=True,
    )


def _split(view: View, name: str, dim: str) -> Chart:
    t = view.text
    assert view.plan is not None
    found = effect_by(view.ds, name, view.plan, dim, view.last.quarters, since_start(view.ds, name))
    found = found[found["world"] == view.world]
    found = found[(found["mean_none"] != 0) | ~found["no_effect"]]  # no children in work
    if dim not in ORDERED:
        found = found.sort_values("mean", ascending=False, kind="stable")
    rows = records(found)
    unit = t.unit(rows[0]["unit"])
    measured = t.word("measure_of", rows[0]["measure_of"])
    points = [view.point(row, group=view.label(dim, row[dim])) for row in rows]
    cells = [[view.label(dim, row[dim]), *view.effect(row), t.percent(row["percent_of_none"])] for row in rows]
    title = t(f"who_{dim}")
    columns = [(t.word("dim", dim).capitalize(), False), (t("effect"), True), (t("range_80_short"), True)]
    return Chart(
        id=f"who-{dim}",
        title=title,
        subtitle=f"{unit}, {measured}",
        spec=by_group(pd.DataFrame(points), unit),
        label=t("who_label", title=title, groups="; ".join(f"{p['group']} {p['tip']}" for p in points), n=view.draws),
        table=Table(
            t("table_effect", what=f"{title}, {measured}", unit=unit, n=view.draws),
            [*columns, (t("of_none"), True)],
            cells,
        ),
        width="half",
    )
