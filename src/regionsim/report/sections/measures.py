"""What the plan does: its measures with dose, cost, and how good the evidence is; and plans or worlds side by side."""

from __future__ import annotations

from typing import Any

from regionsim.analysis.effects import effect_by, effect_table, records, since_start
from regionsim.analysis.select import plans, worlds
from regionsim.report.content import Section, Table
from regionsim.report.sections.answer import TILES
from regionsim.report.text import MISSING
from regionsim.report.view import COST, View


def measures(view: View) -> Section | None:
    """One row per measure, with what it delivered and cost until the last horizon."""
    if view.plan is None or not view.measures:
        return None
    t = view.text
    keys = ("pillar", "measure", "dose", "unit_cost", "spent", "reached", "evidence_column")
    numbers = {"unit_cost", "spent", "reached"}
    spent, reached = _by_measure(view, COST, "cumulated"), _by_measure(view, "treated", "level")
    rows = [_row(view, measure, spent, reached) for measure in view.measures]
    caption = t("measures_caption", quarter=view.last.label, n=view.draws)
    table = Table(caption, [(t(key), key in numbers) for key in keys], rows)
    return Section("measures", t("measures_title"), [t("measures_lead")], tables=[table])


def compare(view: View) -> Section | None:
    """Headline effects of every plan in every world of the dataset, if there is more than one."""
    pairs = [(plan, world) for plan in plans(view.ds) for world in worlds(view.ds)]
    if len(pairs) < 2:
        return None
    t = view.text
    names = [name for name in TILES if view.has(name)]
    columns = [(t("plan"), False), (t("world"), False), (t("until"), False)]
    columns += [(_column(view, name), True) for name in names]
    rows = []
    for plan in plans(view.ds):
        table = effect_table(view.ds, plan, outcomes=names)
        table = table[table["quarters"] == table["quarters"].max()]
        for world in worlds(view.ds):
            here = table[table["world"] == world]
            kept = [(here["outcome"] == name) & (here["measure_of"] == since_start(view.ds, name)) for name in names]
            cells = [records(here[keep])[0] for keep in kept]
            texts = ["{} ({})".format(*view.effect(cell)) for cell in cells]
            rows.append([view.plan_title(plan), view.world_title(world), cells[0]["quarter"], *texts])
    table_shown = Table(t("compare_caption", n=view.draws), columns, rows)
    return Section("compare", t("compare_title"), [t("compare_lead")], tables=[table_shown])


def _column(view: View, name: str) -> str:
    t, row = view.text, view.row(name)
    return f"{t.outcome(name)}, {t.unit(row['unit'])}, {t.word('measure_of', row['measure_of'])}"


def _by_measure(view: View, outcome: str, measure_of: str) -> dict[str, dict[str, Any]]:
    if view.plan is None or not view.has(outcome):
        return {}
    found = effect_by(view.ds, outcome, view.plan, "measure", view.last.quarters, measure_of)
    if found.empty:
        return {}
    return {row["measure"]: row for row in records(found[found["world"] == view.world])}


def _row(
    view: View, measure: dict[str, Any], spent: dict[str, dict[str, Any]], reached: dict[str, dict[str, Any]]
) -> list[str]:
    t = view.text
    name = measure["measure"]
    status = t.word("status", measure.get("status", ""))
    told = " ".join(str(measure.get(key, "")) for key in ("expected", "evidence")).strip()
    evidence = ": ".join(part for part in (status, told) if part)
    return [
        str(measure.get("pillar", "")),
        view.label("measure", name),
        f"{_as_text(view, measure.get('dose'))} {measure.get('unit', '')}".strip(),
        f"{_as_text(view, measure.get('unit_cost_eur'))} EUR",
        _mean_and_range(view, spent.get(name)),
        _mean_and_range(view, reached.get(name)),
        evidence,
    ]


def _mean_and_range(view: View, row: dict[str, Any] | None) -> str:
    if row is None:
        return MISSING
    t = view.text
    if row["p10"] == row["p90"]:
        return t.number(row["mean"])
    return f"{t.number(row['mean'])} ({t.interval(row['p10'], row['p90'])})"


def _as_text(view: View, value: Any) -> str:
    return view.text.number(float(value), 4) if isinstance(value, int | float) else str(value or "")
