"""The question, the answer in plain sentences, and four headline figures: averages and sums since the plan's start."""

from __future__ import annotations

from typing import Any

from regionsim.analysis.paired import direction_uncertain
from regionsim.analysis.rounding import is_count
from regionsim.report.content import Section, Tile
from regionsim.report.text import MINUS
from regionsim.report.view import COST, View

PLURAL = 1.5  # from here on a count reads as two or more
TILES = ("employed_residents", "young_graduates", "gva", "public_cost")


def answer(view: View) -> Section:
    """What was asked and what came out; without a plan, what the page then shows."""
    t = view.text
    if view.plan is None:
        return Section("answer", t("question_baseline", region=view.region_title), [t("answer_baseline", n=view.draws)])
    paragraphs = [" ".join(sentences(view)), t("how_to_read", n=view.draws, region=view.region_title)]
    tiles = [tile(view, name) for name in TILES if view.has(name)]
    question = t("question", plan=view.plan_title(), region=view.region_title)
    return Section("answer", question, paragraphs, tiles)


def sentences(view: View) -> list[str]:
    """Three plain sentences, each with range and probability: work, young graduates, value added and cost."""
    t = view.text
    found = []
    if view.has("employed_residents"):
        work = finding(view, view.row("employed_residents"), "finding")
        plan = view.plan_title()
        found.append(t("answer_work", span=view.span(view.last), end=_end(view), plan=plan, finding=work))
    if view.has("young_graduates"):
        found.append(t("answer_graduates", finding=finding(view, view.row("young_graduates"), "finding")))
    if view.has("gva", COST):
        cost = view.row(COST)
        words = {"cost": view.effect(cost)[0], "unit": t.unit(cost["unit"]), "range": _cost_range(view, cost)}
        found.append(t("answer_money", value=finding(view, view.row("gva"), "value"), **words))
    return found


def _end(view: View) -> str:
    """The year where a horizon ends with it, else the quarter."""
    label = view.last.label
    return view.text("end_of_year", year=label[:4]) if label.endswith("Q4") else label


def _cost_range(view: View, row: dict[str, Any]) -> str:
    t = view.text
    if t.number(row["p10"]) == t.number(row["p90"]):
        return t("same_in_all", n=row["draws"])
    return t("range_80_draws", range=view.effect(row)[1], n=row["draws"])


def finding(view: View, row: dict[str, Any], family: str) -> str:
    """'about 250 more residents in work (80 % range ...; above zero in 12 of 12 draws)', in words by size and sign.

    `family` begins the keys of the sentences: 'finding' of what is counted, 'value' of an amount of money.
    """
    t = view.text
    what = t.outcome(row["outcome"]).lower()
    if row["no_effect"]:
        return t(f"{family}_none", what=what, n=row["draws"])
    mean, span = view.effect(row)
    above = round(row["p_positive"] * row["draws"])
    words = {"what": what, "evidence": t("evidence", range=span, above=above, n=row["draws"])}
    if mean == "0" or (is_count(row["unit"]) and abs(row["mean"]) < PLURAL):
        return t(f"{family}_hardly", number=mean, **words)
    key = f"{family}_more" if row["mean"] > 0 else f"{family}_less"
    if direction_uncertain(row["p_positive"]):
        key += "_unsure"
    return t(key, number=mean.lstrip(f"+{MINUS}"), unit=t.unit(row["unit"]), **words)


def tile(view: View, name: str) -> Tile:
    """One headline figure: its average or sum from the plan's start to the last horizon."""
    t = view.text
    row = view.row(name)
    mean, span = view.effect(row)
    details = [_cost_range(view, row)]
    if name != COST:
        unsure = direction_uncertain(row["p_positive"]) and not row["no_effect"]
        above = round(row["p_positive"] * row["draws"])
        details = [
            t("range_80", range=span),
            t("above_zero_unsure" if unsure else "above_zero", above=above, n=row["draws"]),
            t("percent_of_none", percent=t.percent(row["percent_of_none"])),
        ]
    details.append(t("period", first=view.start_label, last=row["quarter"]))
    value = t("no_effect") if row["no_effect"] else mean
    unit = t(f"tile_{row['measure_of']}", unit=t.unit(row["unit"]), time=view.after(view.last))
    return Tile(t.outcome(name), value, unit, details)
