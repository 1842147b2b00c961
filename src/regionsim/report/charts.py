"""Vega-Lite specifications of the page's charts. Colours are CSS variables: one chart for light, dark, print."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from regionsim.report.view import decimal_year

PLAN, NONE, INK, SOFT = "var(--plan)", "var(--none)", "var(--ink)", "var(--ink-soft)"
PART_COLOURS = {part: f"var(--part-{part})" for part in ("driver", "parameter", "both", "chance")}
STEP = 30  # height of a bar with its gap: room for a label of two lines
LINE = 14  # height of a line of such a label
OPACITY = {95: 0.12, 80: 0.18, 50: 0.28}

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "var(--grid)",
        "domainColor": "var(--axis)",
        "tickColor": "var(--axis)",
        "labelPadding": 6,
        "tickSize": 4,
    },
    "axisY": {"domain": False, "ticks": False, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end"},
    "axisX": {"grid": False},
    "text": {"fontSize": 12},
}


@dataclass(frozen=True)
class Series:
    """One line of a chart over time: `frame` as of `analysis.bands.bands`, with the ranges named in `levels`."""

    title: str
    frame: pd.DataFrame
    colour: str
    levels: tuple[int, ...] = ()
    since: str = ""  # drawn from this quarter on, e.g. where a plan begins to differ


def over_time(
    series: Sequence[Series],
    y_title: str,
    number: Callable[[float], str],
    start: tuple[str, str] | None = None,
    dots: Sequence[tuple[float, float]] = (),
    zero: bool = False,
    height: int = 320,
    ticks: int = 8,
) -> dict[str, Any]:
    """Median lines with ranges over draws; `start` = (quarter, words) marks a date, `dots` are observed (year, value).

    `number` writes the values shown when pointing at a quarter; `ticks` is about the number of years on the axis.
    """
    x_values = [decimal_year(quarter) for quarter in series[0].frame["quarter"]]
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[x_values[0], x_values[-1]], nice=False),
        axis=alt.Axis(format="d", tickCount=ticks, tickMinStep=1),
    )
    y = upwards("y:Q", y_title, zero)
    layers = [_zero_line()] if zero else []
    layers += [_band(one, level, x, y_title, zero) for one in series for level in sorted(one.levels, reverse=True)]
    if start is not None:
        layers += _start_mark(*start, x_values[0], x_values[-1])
    layers += [_line(one, x, y) for one in series]
    seen = [dot for dot in dots if x_values[0] <= dot[0] <= x_values[-1]]
    if seen:
        points = pd.DataFrame(seen, columns=["x", "y"])
        layers.append(alt.Chart(points).mark_circle(color=INK, size=34, opacity=1).encode(x=x, y=y))
    layers.append(_pointer(series, x, number))
    return specified(alt.layer(*layers), height)


def by_horizon(rows: pd.DataFrame, unit: str, height: int = 160) -> dict[str, Any]:
    """Mean effect (dot) and 80 % range (bar) at each horizon; columns when, mean, p10, p90, tip."""
    x = alt.X("when:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False))
    base = alt.Chart(rows)
    tip = [alt.Tooltip("when:N", title=" "), alt.Tooltip("tip:N", title=unit)]
    ranges = base.mark_rule(color=PLAN, strokeWidth=7, opacity=0.3, strokeCap="round").encode(
        x=x, y=upwards("p10:Q", None, True), y2="p90:Q", tooltip=tip
    )
    means = base.mark_circle(color=PLAN, size=75, opacity=1).encode(x=x, y=upwards("mean:Q", None, True), tooltip=tip)
    return specified(alt.layer(_zero_line(), ranges, means), height)


def by_group(rows: pd.DataFrame, unit: str) -> dict[str, Any]:
    """Mean effect (bar) and 80 % range (line) per group, in the rows' order; columns group, mean, p10, p90, tip."""
    rows = rows.assign(group=[in_two_lines(group) for group in rows["group"]])
    y = alt.Y("group:N", title=None, sort=None, axis=group_axis())
    x_axis = alt.Axis(tickCount=5, grid=True, domain=False, ticks=False, labelFlush=False)
    base = alt.Chart(rows)
    tip = [alt.Tooltip("group:N", title=" "), alt.Tooltip("tip:N", title=unit)]
    bars = base.mark_bar(color=PLAN, opacity=0.55, height={"band": 0.62}).encode(
        y=y, x=alt.X("mean:Q", title=None, axis=x_axis), tooltip=tip
    )
    ranges = base.mark_rule(color=INK, strokeWidth=1.5).encode(
        y=y, x=alt.X("p10:Q", title=None, axis=x_axis), x2="p90:Q", tooltip=tip
    )
    zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color="var(--axis)").encode(x="x:Q")
    return specified(alt.layer(bars, ranges, zero), STEP * len(rows) + 26)


def in_parts(rows: pd.DataFrame, title: str) -> dict[str, Any]:
    """One bar per group, in the rows' order, made of parts of 100; columns group, part, begin, end, name, tip."""
    rows = rows.assign(group=[in_two_lines(group) for group in rows["group"]])
    y = alt.Y("group:N", title=None, sort=None, axis=group_axis())
    axis = alt.Axis(tickCount=5, grid=True, domain=False, ticks=False, titleAnchor="start")
    x = alt.X("begin:Q", title=title, scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    tip = [alt.Tooltip("group:N", title=" "), alt.Tooltip("name:N", title=" "), alt.Tooltip("tip:N", title="%")]
    layers = [
        alt.Chart(rows[rows["part"] == part])
        .mark_bar(color=colour, height={"band": 0.62})
        .encode(y=y, x=x, x2="end:Q", tooltip=tip)
        for part, colour in PART_COLOURS.items()
    ]
    return specified(alt.layer(*layers), STEP * rows["group"].nunique() + 46)


def in_two_lines(label: str, width: int = 24) -> str:
    """The label whole, on one line of `width` letters or on two as even as its words allow."""
    if len(label) <= width:
        return label
    room = max(width, len(label) // 2 + 1)
    while True:
        lines = textwrap.wrap(label, room, break_long_words=False, break_on_hyphens=False)
        if len(lines) <= 2:
            break
        room += 1
    return "\n".join(lines)


def group_axis() -> alt.Axis:
    """Names of groups, none cut off; Vega hangs the lines of a label from its middle, so two are moved up by half."""
    raised = {"test": "indexof(datum.label, '\\n') >= 0", "value": -LINE / 2}
    return alt.Axis(
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=LINE,
        labelOffset={"condition": raised, "value": 0},
        labelLimit=0,
        domain=False,
        ticks=False,
        grid=False,
    )


def upwards(field: str, title: str | None, zero: bool) -> alt.Y:
    """Values upwards, with a title above the axis; the axis ends at a tick, so that no range sticks out of it."""
    axis = alt.Axis(tickCount=5, titleX=0, titleY=-14, titleBaseline="bottom")
    return alt.Y(field, title=title, scale=alt.Scale(zero=zero, nice=5), axis=axis)


def _zero_line() -> alt.Chart:
    return alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color="var(--axis)").encode(y="y:Q")


def _on_axis(one: Series, **columns: str) -> pd.DataFrame:
    """The frame's columns under new names, with the place on the time axis; six significant digits."""
    frame = pd.DataFrame({new: one.frame[old] for new, old in columns.items()})
    frame = frame.map(lambda value: float(f"{value:.6g}"))
    frame = frame.assign(x=[decimal_year(quarter) for quarter in one.frame["quarter"]]).dropna()
    return frame[frame["x"] >= decimal_year(one.since)] if one.since else frame


def _band(one: Series, level: int, x: alt.X, y_title: str, zero: bool) -> alt.Chart:
    frame = _on_axis(one, low=f"lo{level}", high=f"hi{level}")
    area = alt.Chart(frame).mark_area(color=one.colour, opacity=OPACITY[level])
    return area.encode(x=x, y=upwards("low:Q", y_title, zero), y2="high:Q")


def _line(one: Series, x: alt.X, y: alt.Y) -> alt.Chart:
    frame = _on_axis(one, y="median")
    return alt.Chart(frame).mark_line(color=one.colour, strokeWidth=2.2).encode(x=x, y=y)


def _start_mark(quarter: str, words: str, first: float, last: float) -> list[alt.Chart]:
    """A dotted line with its words on the side that has room."""
    x = decimal_year(quarter)
    here = pd.DataFrame({"x": [x], "words": [words]})
    right = x - first < (last - first) / 3
    rule = alt.Chart(here).mark_rule(color=SOFT, strokeDash=[2, 3]).encode(x="x:Q")
    text = alt.Chart(here).mark_text(
        color=SOFT, align="left" if right else "right", dx=6 if right else -6, dy=4, baseline="top"
    )
    return [rule, text.encode(x="x:Q", y=alt.value(0), text="words:N")]


def _pointer(series: Sequence[Series], x: alt.X, number: Callable[[float], str]) -> alt.Chart:
    """An unseen rule at each quarter that shows when pointed at, with the numbers of every series."""
    quarters = [str(quarter) for quarter in series[0].frame["quarter"]]
    columns: dict[str, list[Any]] = {"x": [decimal_year(quarter) for quarter in quarters], "quarter": quarters}
    for index, one in enumerate(series):
        columns[f"s{index}"] = [number(value) for value in one.frame["median"]]
    nearest = alt.selection_point(nearest=True, on="pointerover", clear="pointerout", fields=["x"], empty=False)
    tips = [alt.Tooltip("quarter:N", title=" ")]
    tips += [alt.Tooltip(f"s{index}:N", title=one.title) for index, one in enumerate(series)]
    seen = alt.when(nearest).then(alt.value(0.6)).otherwise(alt.value(0))
    rule = alt.Chart(pd.DataFrame(columns)).mark_rule(color=SOFT)
    return rule.encode(x=x, opacity=seen, tooltip=tips).add_params(nearest)


def specified(chart: alt.LayerChart, height: int) -> dict[str, Any]:
    """The chart as a specification that fills its container and names no address."""
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    spec: dict[str, Any] = chart.properties(width="container", height=height, autosize=fit).to_dict()
    spec.pop("$schema", None)
    spec.pop("config", None)
    return spec
