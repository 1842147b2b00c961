"""The effect on one stock quarter by quarter: plan minus no plan in each draw."""

from __future__ import annotations

import pandas as pd

from regionsim.analysis.bands import bands
from regionsim.report.charts import PLAN, Series, over_time
from regionsim.report.content import Chart, Key, Table
from regionsim.report.view import View


def difference(view: View, outcome: str) -> Chart:
    """Median and range of the paired differences from a year before the plan's start."""
    t = view.text
    assert view.plan is not None
    gap = (view.values(outcome, view.plan) - view.values(outcome)).sel(quarter=slice(view.before_start(4), None))
    frame = bands(gap)
    row = view.row(outcome)
    mean, span = view.effect(row)
    what = t.outcome(outcome).lower()
    return Chart(
        id=f"difference-{outcome}",
        title=t("difference_title", what=what, plan=view.plan_title()),
        subtitle=t("quarter_by_quarter"),
        spec=over_time(
            [Series(view.plan_title(), frame, PLAN, (50, 80))],
            t("more_or_fewer", unit=t.unit(row["unit"])),
            lambda value: t.effect(value, row["unit"]),
            (view.start_label, t("plan_starts", quarter=view.start_label)),
            zero=True,
            height=220,
        ),
        label=t("difference_label", what=what, mean=mean, range=span, quarter=row["quarter"], n=row["draws"]),
        table=_table(view, outcome, frame, row["unit"]),
        legend=[
            Key("line", PLAN, t("legend_difference", n=view.draws)),
            Key("band", PLAN, t("legend_bands_50_80", n=view.draws)),
        ],
    )


def _table(view: View, outcome: str, frame: pd.DataFrame, unit: str) -> Table:
    t = view.text
    columns = [(t("quarter"), False), (t("median"), True), (t("range_80_short"), True)]
    rows = []
    for index in year_ends(frame):
        here = frame.iloc[index]
        rows.append([here["quarter"], *t.effect_and_range(here["median"], here["lo80"], here["hi80"], unit)])
    return Table(t("table_difference", what=t.outcome(outcome), n=view.draws), columns, rows)


def year_ends(frame: pd.DataFrame) -> list[int]:
    """Positions of fourth quarters, and of the last quarter."""
    ends = [index for index, quarter in enumerate(frame["quarter"]) if quarter.endswith("Q4")]
    last = len(frame) - 1
    return ends if last in ends else [*ends, last]
