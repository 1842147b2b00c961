"""Where the uncertainty comes from: each effect's and each level's variance in parts, if the run split it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from regionsim.analysis.effects import records, since_start
from regionsim.analysis.variance_parts import PARTS
from regionsim.analysis.variance_split import (
    FEW_DIFFER,
    FEW_DRAWS,
    NO_VARIANCE,
    RELIABLE_DRAWS,
    parts,
    stored_split,
)
from regionsim.report.charts import PART_COLOURS, in_parts
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.text import MISSING, NO_BREAK
from regionsim.report.view import View
from regionsim.results.store import REFERENCE

Rows = list[dict[str, Any]]  # of one outcome: one per source


def uncertainty(view: View) -> Section | None:
    """A chart of the effects and one of the levels without a plan; nothing where the variance was not split."""
    found = {of: _outcomes(view, of) for of in ("effect", "level")}
    charts = [_chart(view, of, outcomes) for of, outcomes in found.items() if _drawn(outcomes)]
    if not charts:
        return None
    t = view.text
    paragraphs = [t("split_lead", n=view.draws, region=view.region_title)]
    together = [t.outcome(name).lower() for name, rows in found["effect"].items() if _work_together(rows)]
    if together:
        paragraphs.append(t("split_together", what=t.listing(together)))
    if any(rows[0]["note"] == FEW_DRAWS for outcomes in found.values() for rows in outcomes.values()):
        paragraphs.append(t("split_few_draws", n=view.draws, enough=RELIABLE_DRAWS))
    legend = [Key("block", PART_COLOURS[part], t.word("part", part)) for part in PARTS]
    return Section("uncertainty", t("split_title"), paragraphs, legend=legend, charts=charts)


def _outcomes(view: View, of: str) -> dict[str, Rows]:
    """Rows of the split by outcome at the last horizon: the measure of the headlines, or the last quarter's level."""
    table = stored_split(view.ds)
    plan = view.plan if of == "effect" else REFERENCE
    table = table[(table["of"] == of) & (table["plan"] == plan) & (table["world"] == view.world)]
    table = table[table["quarters"] == table["quarters"].max()]
    if view.plan is not None:
        table = table[table["horizon"] == view.last.label]
    found = {}
    for name, rows in groupby(records(table), key=lambda row: str(row["outcome"])):
        wanted = "level" if view.plan is None else since_start(view.ds, name)
        found[name] = [row for row in rows if row["measure_of"] == wanted]
    return found


def _drawn(outcomes: dict[str, Rows]) -> dict[str, dict[str, float]]:
    """Parts of the outcomes that vary."""
    found = {name: parts(pd.DataFrame(rows)) for name, rows in outcomes.items()}
    return {name: each for name, each in found.items() if each is not None}


def _work_together(rows: Rows) -> bool:
    """True if the total shares add up to more than 1 even at the lower ends of their ranges."""
    return bool(sum(row["low"] for row in rows) > 1)  # not a number, where nothing varies, is not above 1


def _chart(view: View, of: str, outcomes: dict[str, Rows]) -> Chart:
    t = view.text
    drawn = _drawn(outcomes)
    points = [point for name, each in drawn.items() for point in _bar(view, name, each)]
    spoken = "; ".join(f"{t.outcome(name)}: {_spoken(view, each)}" for name, each in drawn.items())
    until = next(iter(outcomes.values()))[0]["horizon"]
    title = t("split_effects", plan=view.plan_title()) if of == "effect" else t("split_levels")
    return Chart(
        id=f"uncertainty-{of}",
        title=title,
        subtitle=t("split_at" if view.plan is None else "split_until", quarter=until),
        spec=in_parts(pd.DataFrame(points), t("percent_of_variance")),
        label=t("split_label", title=title, groups=spoken, n=view.draws),
        table=_table(view, outcomes),
        note=" ".join(_notes(view, outcomes)),
        width="half" if view.plan is not None else "full",
    )


def _bar(view: View, name: str, found: dict[str, float]) -> list[dict[str, Any]]:
    """The parts of a bar beside each other."""
    points, end = [], 0.0
    for part in PARTS:
        begin, end = end, end + 100 * found[part]
        place = {"group": view.text.outcome(name), "part": part, "begin": round(begin, 2), "end": round(end, 2)}
        points.append({**place, "name": view.text.word("part", part), "tip": _percent(view, found[part])})
    return points


def _spoken(view: View, found: dict[str, float]) -> str:
    return ", ".join(f"{view.text.word('part', part)} {_percent(view, share)}" for part, share in found.items())


def _notes(view: View, outcomes: dict[str, Rows]) -> list[str]:
    """What the bars do not show, or show less surely than the others."""
    t = view.text
    by_note: dict[str, list[str]] = {NO_VARIANCE: [], FEW_DIFFER: []}
    for name, rows in outcomes.items():
        by_note.get(rows[0]["note"], []).append(t.outcome(name).lower())
    notes = [t("split_fitted", n=view.draws)]
    if by_note[FEW_DIFFER]:
        notes.append(t("split_few_differ", what=t.listing(by_note[FEW_DIFFER]), enough=RELIABLE_DRAWS))
    if by_note[NO_VARIANCE]:
        notes.append(t("split_no_variance", what=t.listing(by_note[NO_VARIANCE])))
    return notes


def _table(view: View, outcomes: dict[str, Rows]) -> Table:
    """Shares of each source as they were estimated."""
    t = view.text
    numbers = ("split_first", "split_total", "range_80_short")
    columns = [(t("outcome"), False), (t("split_source"), False)] + [(t(key), True) for key in numbers]
    cells = []
    for name, rows in outcomes.items():
        for row in rows if rows[0]["note"] != NO_VARIANCE else ():
            span = t("range", low=_percent(view, row["low"]), high=_percent(view, row["high"]))
            shares = [_percent(view, row[key]) for key in ("first_order", "total")]
            cells.append([t.outcome(name), t.word("part", row["source"]), *shares, span])
    return Table(t("split_caption", n=view.draws), columns, cells)


def _percent(view: View, share: float) -> str:
    """A share as whole percent."""
    text = view.text.number(float(round(100 * share))) if pd.notna(share) else MISSING
    return text if text == MISSING else f"{text}{NO_BREAK}%"
