"""What the page rests on: assumptions, balanced accounts, and everything needed to compute it again."""

from __future__ import annotations

import json
from typing import Any

from regionsim.analysis.checks import account_checks
from regionsim.analysis.effects import records
from regionsim.analysis.summary import assumption_claims
from regionsim.report.content import Section, Table
from regionsim.report.view import View
from regionsim.results.store import attribute

STATUS_ORDER = ("assumption", "recalled", "direction-verified", "calibrated", "verified", "data")
FACTS = ("command", "regionsim", "code", "python", "platform")
LONG = ("config", "tables", "seeds")


def assumptions(view: View) -> Section | None:
    """Every parameter that carries the run, weakest ground first."""
    stored: list[dict[str, Any]] = attribute(view.ds, "assumptions", [])
    if not stored:
        return None
    t = view.text
    order = {status: place for place, status in enumerate(STATUS_ORDER)}
    stored = sorted(stored, key=lambda row: order.get(str(row.get("status")), len(order)))
    counts = assumption_claims(view.ds)
    statuses = sorted(counts["by_status"], key=lambda status: order.get(status, len(order)))
    parts = [f"{counts['by_status'][status]} {t.word('status', status)}" for status in statuses]
    columns = [(t(key), key == "value") for key in ("parameter", "value", "unit", "status", "source")]
    rows = [
        [
            str(row.get("name", "")),
            value_text(view, row.get("value")),
            str(row.get("unit", "")),
            t.word("status", str(row.get("status", ""))),
            str(row.get("source", "")),
        ]
        for row in stored
    ]
    lead = t("assumptions_lead", n=counts["parameters"], parts=t.listing(parts))
    table = Table(t("assumptions_caption", n=len(rows)), columns, rows, t("assumptions_table"))
    return Section("assumptions", t("assumptions_title"), [lead], tables=[table])


def checks(view: View) -> Section | None:
    """Whether people, jobs and money balance in every quarter of every run."""
    found = account_checks(view.ds)
    if found.empty:
        return None
    t = view.text
    rows = [
        [
            t.word("account", row["account"]),
            t.power(row["residual"]),
            t.power(row["tolerance"]),
            t.unit(row["unit"]),
            t("balanced") if row["balanced"] else t("not_balanced"),
        ]
        for row in records(found)
    ]
    numbers = ("residual", "tolerance")
    columns = [(t(key), key in numbers) for key in ("account", *numbers, "unit", "verdict")]
    runs = view.draws * view.ds.sizes["plan"] * view.ds.sizes["world"]
    lead = t("checks_good" if bool(found["balanced"].all()) else "checks_bad", runs=runs, n=view.ds.sizes["quarter"])
    return Section("checks", t("checks_title"), [lead], tables=[Table(t("checks_caption", runs=runs), columns, rows)])


def provenance(view: View) -> Section:
    """Versions, configuration, tables, seeds and the command."""
    t = view.text
    stored: dict[str, Any] = attribute(view.ds, "provenance", {})
    facts = [(t("fact_draws"), str(view.draws)), (t("fact_plans"), ", ".join(map(str, view.ds["plan"].values)))]
    facts.append((t("fact_worlds"), ", ".join(view.world_title(str(world)) for world in view.ds["world"].values)))
    quarters = view.ds["quarter"].values
    facts.append((t("fact_quarters"), f"{quarters[0]} \u2013 {quarters[-1]}"))
    if "scale" in view.ds.attrs:
        facts.append((t("fact_scale"), t("scale_text", scale=t.number(float(view.ds.attrs["scale"]), 4))))
    facts += [(t(f"fact_{key}"), _short(stored[key])) for key in FACTS if key in stored]
    if "packages" in stored:
        versions = ", ".join(f"{name} {_short(version)}" for name, version in stored["packages"].items())
        facts.append((t("fact_packages"), versions))
    code = [
        (t(f"fact_{key}"), json.dumps(stored[key], indent=2, ensure_ascii=False, sort_keys=True))
        for key in LONG
        if stored.get(key)
    ]
    return Section("provenance", t("provenance_title"), [t("provenance_lead")], facts=facts, code=code)


def value_text(view: View, value: Any) -> str:
    """A parameter's value as one line: numbers in the page's format, lists and objects as they are."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, int | float):
        return view.text.number(float(value), 5)
    if isinstance(value, list):
        return "; ".join(value_text(view, item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(value: Any) -> str:
    """One text; several values where units were computed differently."""
    return " / ".join(map(str, value)) if isinstance(value, list) else str(value)
