"""Vega-Lite specifications of a forecast: fan, coverage by horizon, histogram of PIT, relative scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from regionsim.report.charts import INK, NONE, OPACITY, PLAN, STEP, group_axis, in_two_lines, specified, upwards

BINS = 10
NEAR = 0.05  # of the range of shown values that an axis leaves free beside them


def fan(
    history: pd.DataFrame,
    ahead: pd.DataFrame,
    y_title: str | None,
    words: Sequence[str],
    number: Callable[[float], str],
    height: int = 250,
) -> dict[str, Any]:
    """History as a line, then median and ranges; `ahead` begins with the last observation.

    history: columns period, year, median; ahead: also lo50, hi50, ... of the levels of OPACITY. words: titles of
    history, median and 80 % range for who points at a period.
    """
    years = [float(history["year"].iloc[0]), float(ahead["year"].iloc[-1])]
    scale = alt.Scale(domain=years, nice=False)
    x = alt.X("year:Q", title=None, scale=scale, axis=alt.Axis(format="d", tickCount=6, tickMinStep=1))
    y = upwards("median:Q", y_title, False)
    layers = [_band(ahead, level, x, y_title) for level in sorted(OPACITY, reverse=True)]
    layers.append(alt.Chart(_short(ahead, "median")).mark_line(color=PLAN, strokeWidth=2.2).encode(x=x, y=y))
    layers.append(alt.Chart(_short(history, "median")).mark_line(color=INK, strokeWidth=1.8).encode(x=x, y=y))
    layers.append(_pointer(history, ahead.iloc[1:], x, words, number))
    return specified(alt.layer(*layers), height)


def _short(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Columns with the place in time, six significant digits, rows without a value left out."""
    return frame[["year", *columns]].map(lambda value: float(f"{value:.6g}")).assign(year=frame["year"]).dropna()


def _band(ahead: pd.DataFrame, level: int, x: alt.X, y_title: str | None) -> alt.Chart:
    area = alt.Chart(_short(ahead, f"lo{level}", f"hi{level}")).mark_area(color=PLAN, opacity=OPACITY[level])
    return area.encode(x=x, y=upwards(f"lo{level}:Q", y_title, False), y2=f"hi{level}:Q")


def _pointer(
    history: pd.DataFrame, ahead: pd.DataFrame, x: alt.X, words: Sequence[str], number: Callable[[float], str]
) -> alt.Chart:
    """An unseen rule at each period that shows its numbers when pointed at."""
    seen = pd.DataFrame({"year": history["year"], "period": history["period"], "what": words[0]})
    seen["told"] = [number(value) for value in history["median"]]
    later = pd.DataFrame({"year": ahead["year"], "period": ahead["period"], "what": words[1]})
    later["told"] = [number(value) for value in ahead["median"]]
    later["range"] = [f"{number(a)} \u2013 {number(b)}" for a, b in zip(ahead["lo80"], ahead["hi80"], strict=True)]
    nearest = alt.selection_point(nearest=True, on="pointerover", clear="pointerout", fields=["year"], empty=False)
    tips = [alt.Tooltip("period:N", title=" "), alt.Tooltip("told:N", title=words[1])]
    shown = alt.when(nearest).then(alt.value(0.6)).otherwise(alt.value(0))
    frame = pd.concat([seen.assign(range=""), later], ignore_index=True)
    tips.append(alt.Tooltip("range:N", title=words[2]))
    return alt.Chart(frame).mark_rule(color=INK).encode(x=x, opacity=shown, tooltip=tips).add_params(nearest)


def coverage_by_horizon(rows: pd.DataFrame, x_title: str, y_title: str, height: int = 220) -> dict[str, Any]:
    """Share inside the 80 % band by horizon; columns horizon, share (percent), colour (a CSS variable), tip."""
    x = alt.X("horizon:O", title=x_title, axis=alt.Axis(labelAngle=0))
    low = float(np.floor(min(70.0, rows["share"].min()) / 10) * 10)
    axis = alt.Axis(tickCount=5, titleX=0, titleY=-14, titleBaseline="bottom")
    scale = alt.Scale(domain=[low, 100], zero=False)
    y = alt.Y("share:Q", title=y_title, scale=scale, axis=axis)
    layers: list[alt.Chart] = [_level(80.0, scale)]
    for colour, part in rows.groupby("colour", sort=False):
        base = alt.Chart(part.drop(columns="colour"))
        layers.append(base.mark_line(color=colour, strokeWidth=2).encode(x=x, y=y))
        layers.append(base.mark_circle(color=colour, size=60, opacity=1).encode(x=x, y=y, tooltip=alt.Tooltip("tip:N")))
    return specified(alt.layer(*layers), height)


def pit_histogram(shares: pd.DataFrame, x_title: str, y_title: str, height: int = 220) -> dict[str, Any]:
    """Share of outcomes in each tenth of the forecast distribution; columns tenth (1 to BINS), share (percent)."""
    x = alt.X("tenth:O", title=x_title, axis=alt.Axis(labelAngle=0))
    bars = alt.Chart(shares).mark_bar(color=PLAN, opacity=0.6).encode(
        x=x, y=upwards("share:Q", y_title, True), tooltip=alt.Tooltip("share:Q", format=".1f")
    )  # fmt: skip
    return specified(alt.layer(bars, _level(100.0 / BINS, alt.Scale(nice=5))), height)


def relative_scores(rows: pd.DataFrame) -> dict[str, Any]:
    """A dot per series at its CRPS relative to a benchmark's, and a rule at 1; columns group, ratio, tip."""
    rows = rows.assign(group=[in_two_lines(group) for group in rows["group"]])
    span = [min(1.0, rows["ratio"].min()), max(1.0, rows["ratio"].max())]
    free = NEAR * max(span[1] - span[0], NEAR)
    scale = alt.Scale(domain=[span[0] - free, span[1] + free], nice=True, zero=False)
    x = alt.X("ratio:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5, grid=True, domain=False, ticks=False))
    y = alt.Y("group:N", title=None, sort=None, axis=group_axis())
    one = alt.Chart(pd.DataFrame({"ratio": [1.0]})).mark_rule(color=NONE, strokeDash=[4, 3]).encode(x="ratio:Q")
    dots = alt.Chart(rows).mark_circle(color=PLAN, size=90, opacity=1)
    return specified(alt.layer(one, dots.encode(x=x, y=y, tooltip=alt.Tooltip("tip:N"))), STEP * len(rows) + 26)


def _level(value: float, scale: alt.Scale) -> alt.Chart:
    """A dashed line across at a value."""
    rule = alt.Chart(pd.DataFrame({"y": [value]})).mark_rule(color=NONE, strokeDash=[4, 3])
    return rule.encode(y=alt.Y("y:Q", scale=scale))
