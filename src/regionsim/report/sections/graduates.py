"""Young graduates: how many live here, and how many leave and return, without and with the plan."""

from __future__ import annotations

from regionsim.analysis.bands import bands, of_last_year
from regionsim.report.charts import NONE, PLAN, Series, over_time
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.sections.difference import difference, year_ends
from regionsim.report.view import View

STOCK = "young_graduates"
FLOWS = ("graduates_leaving", "graduates_returning")


def graduates(view: View) -> Section | None:
    """Stock and flows of young people with a higher diploma."""
    if view.plan is None or not view.has(STOCK, *FLOWS):
        return None
    t = view.text
    legend = [
        Key("line", NONE, t("legend_median_range", what=view.plan_title("none"), n=view.draws)),
        Key("line", PLAN, t("legend_median_range", what=view.plan_title(), n=view.draws)),
    ]
    charts = [_stock(view), difference(view, STOCK), *(_flow(view, name) for name in FLOWS)]
    return Section("graduates", t("graduates_title"), [t("graduates_lead", n=view.draws)], legend=legend, charts=charts)


def _stock(view: View) -> Chart:
    t = view.text
    series = _none_and_plan(view, STOCK, yearly=False)
    return Chart(
        id=f"graduates-{STOCK}",
        title=t("graduates_stock_title"),
        spec=over_time(series, t.unit("persons"), t.number, _start(view), height=250),
        label=t("graduates_stock_label", n=view.draws),
        table=_table(view, series, t("table_median", what=t.outcome(STOCK), n=view.draws)),
    )


def _flow(view: View, name: str) -> Chart:
    t = view.text
    title = t("in_a_year", what=t.outcome(name))
    series = _none_and_plan(view, name, yearly=True)
    return Chart(
        id=f"graduates-{name}",
        title=title,
        spec=over_time(series, t.unit("persons per year"), t.number, _start(view), height=230, ticks=5),
        label=t("graduates_flow_label", title=title, n=view.draws),
        table=_table(view, series, t("table_flow", what=t.outcome(name), n=view.draws)),
        width="half",
    )


def _none_and_plan(view: View, name: str, yearly: bool) -> list[Series]:
    """Both series of an outcome; `yearly` sums a flow over four quarters, from the first year that is whole."""
    assert view.plan is not None
    found = []
    for plan, colour, since in (("none", NONE, ""), (view.plan, PLAN, view.before_start(1))):
        values = view.values(name, plan)
        if yearly:
            values = of_last_year(values).isel(quarter=slice(3, None))
        found.append(Series(view.plan_title(plan), bands(values), colour, (80,), since))
    return found


def _start(view: View) -> tuple[str, str]:
    return view.start_label, view.text("plan_starts", quarter=view.start_label)


def _table(view: View, series: list[Series], caption: str) -> Table:
    """Medians and 80 % ranges of all series at the end of each year."""
    t = view.text
    columns = [(t("quarter"), False)]
    for one in series:
        columns += [(one.title, True), (t("range_80_short"), True)]
    rows = []
    for index in year_ends(series[0].frame):
        row = [str(series[0].frame["quarter"].iloc[index])]
        for one in series:
            here = one.frame.iloc[index]
            row += [t.number(here["median"]), t.interval(here["lo80"], here["hi80"])]
        rows.append(row)
    return Table(caption, columns, rows)
