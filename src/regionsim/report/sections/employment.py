"""Residents in work: the range without a plan, what was observed, and what the plan adds, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping

from regionsim.analysis.bands import bands
from regionsim.report.charts import INK, NONE, PLAN, Series, over_time
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.sections.difference import difference, year_ends
from regionsim.report.view import View, decimal_year
from regionsim.results.store import attribute

OUTCOME = "employed_residents"


def employment(view: View) -> Section | None:
    """The fan of the baseline with history and, where there is a plan, the fan of its paired effect."""
    if not view.has(OUTCOME):
        return None
    t = view.text
    charts = [_fan(view)]
    paragraphs = [t("employment_lead", n=view.draws, world=view.world_title(view.world))]
    if view.plan is not None:
        charts.append(difference(view, OUTCOME))
        paragraphs.append(t("employment_why_two"))
    return Section("employment", t("employment_title"), paragraphs, charts=charts)


def _fan(view: View) -> Chart:
    t = view.text
    none = bands(view.values(OUTCOME))
    series = [Series(view.plan_title("none"), none, NONE, (50, 80, 95))]
    legend = [Key("line", NONE, t("legend_median", what=view.plan_title("none"), n=view.draws))]
    legend += [Key("band", NONE, t("legend_bands", n=view.draws))]
    start = None
    if view.plan is not None:
        with_plan = bands(view.values(OUTCOME, view.plan), ())
        series.append(Series(view.plan_title(), with_plan, PLAN, since=view.before_start(1)))
        legend.append(Key("line", PLAN, t("legend_median", what=view.plan_title(), n=view.draws)))
        start = view.start_label, t("plan_starts", quarter=view.start_label)
    observed = attribute(view.ds, "history", {}).get(OUTCOME, {})
    dots = history_dots(observed)
    if dots:
        legend.append(Key("dot", INK, t("legend_observed")))
    return Chart(
        id="employment-fan",
        title=t("employment_fan_title" if view.plan else "employment_title"),
        spec=over_time(series, t.unit("persons"), t.number, start, dots),
        label=t(
            "employment_fan_label" if view.plan else "employment_baseline_label",
            n=view.draws,
            first=none["quarter"].iloc[0],
            last=none["quarter"].iloc[-1],
        ),
        table=_levels_table(view, series, observed),
        legend=legend,
        note=t("employment_concept") if dots else "",
    )


def history_dots(observed: Mapping[str, float]) -> list[tuple[float, float]]:
    """Observed values on the time axis: a year's average at mid-year, a quarter's in its place."""
    return [(decimal_year(when) if "Q" in when else float(when) + 0.5, value) for when, value in observed.items()]


def _levels_table(view: View, series: list[Series], observed: Mapping[str, float]) -> Table:
    """The last quarter of each year; a year's published average stands in its row."""
    t = view.text
    none = series[0].frame
    columns = [(t("quarter"), False), *[(one.title, True) for one in series], (t("range_80_none"), True)]
    rows = []
    for index in year_ends(none):
        here = none.iloc[index]
        medians = [t.number(one.frame["median"].iloc[index]) for one in series]
        rows.append([str(here["quarter"]), *medians, t.interval(here["lo80"], here["hi80"])])
    if observed:
        columns.append((t("observed"), True))
        for row in rows:
            row.append(t.number(observed.get(row[0][:4], observed.get(row[0]))))
    return Table(t("table_median", what=t.outcome(OUTCOME), n=view.draws), columns, rows)
