"""The question, the answer in two sentences, and four headline figures."""

from __future__ import annotations

from typing import Any

from regionsim.report.content import Section, Tile
from regionsim.report.view import View

TILES = (
    ("employed_residents", "level"),
    ("young_graduates", "level"),
    ("gva", "level"),
    ("public_cost", "cumulated"),
)


def answer(view: View) -> Section:
    """What was asked and what came out; without a plan, what the page then shows."""
    t = view.text
    if view.plan is None:
        return Section("answer", t("question_baseline", region=view.region_title), [t("answer_baseline", n=view.draws)])
    paragraphs = [" ".join(sentences(view)), t("how_to_read", n=view.draws, region=view.region_title)]
    tiles = [tile(view, name, measure) for name, measure in TILES if view.has(name)]
    question = t("question", plan=view.plan_title(), region=view.region_title)
    return Section("answer", question, paragraphs, tiles)


def sentences(view: View) -> list[str]:
    """Two plain sentences: work, then young graduates and cost, each with range and probability."""
    t = view.text
    found = []
    if view.has("employed_residents"):
        row = view.row("employed_residents")
        when = t("when", end=_end(view), after=view.after(view.last), plan=view.plan_title())
        found.append(t("answer_work", when=when, finding=finding(view, row), region=view.region_title))
    if view.has("young_graduates", "public_cost"):
        cost = view.row("public_cost", "cumulated")
        found.append(
            t(
                "answer_graduates",
                finding=finding(view, view.row("young_graduates")),
                cost=t.number(cost["mean"]),
                range=_cost_range(view, cost),
            )
        )
    return found


def _end(view: View) -> str:
    """The year where a horizon ends with it, else the quarter."""
    label = view.last.label
    return view.text("end_of_year", year=label[:4]) if label.endswith("Q4") else label


def _cost_range(view: View, row: dict[str, Any]) -> str:
    t = view.text
    if view.text.number(row["p10"]) == view.text.number(row["p90"]):
        return t("same_in_all", n=row["draws"])
    return t("range_80_draws", range=t.interval(row["p10"], row["p90"], sign=False), n=row["draws"])


def finding(view: View, row: dict[str, Any]) -> str:
    """'about 250 more residents in work (80 % range ...; above zero in 12 of 12 draws)', in words by the sign."""
    t = view.text
    what = t.outcome(row["outcome"]).lower()
    if row["no_effect"]:
        return t("finding_none", what=what, n=row["draws"])
    key = "finding_more" if row["mean"] > 0 else "finding_fewer"
    if row["p10"] < 0 < row["p90"]:
        key += "_unsure"
    return t(key, number=t.number(abs(row["mean"])), what=what, evidence=evidence(view, row))


def evidence(view: View, row: dict[str, Any]) -> str:
    """The range and the share of draws above zero."""
    t = view.text
    return t(
        "evidence",
        range=t.interval(row["p10"], row["p90"]),
        above=round(row["p_positive"] * row["draws"]),
        n=row["draws"],
    )


def tile(view: View, name: str, measure_of: str) -> Tile:
    """One headline figure at the last horizon."""
    t = view.text
    row = view.row(name, measure_of)
    cost = name == "public_cost"
    value = t("no_effect") if row["no_effect"] else t.number(row["mean"], sign=not cost)
    if cost:
        details = [_cost_range(view, row)]
    else:
        details = [t("range_80", range=t.interval(row["p10"], row["p90"]))]
        details.append(t("above_zero", above=round(row["p_positive"] * row["draws"]), n=row["draws"]))
        details.append(t("percent_of_none", percent=t.percent(row["percent_of_none"])))
    details.append(t("since_start" if measure_of == "cumulated" else "in_quarter", quarter=row["quarter"]))
    return Tile(t.outcome(name), value, t.unit(row["unit"]), details)
