"""One unit of work: one world, one draw, all plans, with the quarters before the first plan run once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import xarray as xr

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Measure, Settings
from regionsim.model.setup import Setup, prepare
from regionsim.state import calendar
from regionsim.state.parameters import Parameter

__all__ = ["describe_scenario", "prepare", "run_unit"]


def run_unit(setup: Setup, draw: int, report: Callable[[str], None] | None = None) -> xr.Dataset:
    """Run all plans of the scenario for one draw; dims (plan, draw, quarter, ...), counts for the whole region.

    `report` is called with each quarter that has been run."""
    settings, total = setup.settings, len(setup.quarters)
    starts = [calendar.ordinal(plan.start) - setup.first for plan in settings.plans if plan.measures]
    shared = min([min(max(s, 0), total) for s in starts], default=total)
    history = _run(RegionModel(setup, draw, settings.plans[0], record=True), shared, report)
    runs = []
    for plan in settings.plans:
        model = _run(history.branch(plan), total - shared, report)
        assert model.recorder is not None
        runs.append(model.recorder.finish(settings.scale))
    names = [plan.name for plan in settings.plans]
    unit = xr.concat(runs, dim="plan").assign_coords(plan=names).expand_dims(draw=[draw], axis=1)
    return unit.assign_attrs(describe_scenario(setup))


def _run(model: RegionModel, quarters: int, report: Callable[[str], None] | None) -> RegionModel:
    for _ in range(quarters):
        model.step()
        if report is not None:
            report(model.quarter_text)
    return model


def describe_scenario(setup: Setup) -> dict[str, Any]:
    """Attributes every result carries: plan starts, measures, assumptions, published history, region, world (as JSON)."""
    settings = setup.settings
    region = setup.tables.region.set_index("key")["value"]
    measures = {m.name: m for plan in settings.plans for m in plan.measures}
    described = {
        "plan_start": {plan.name: plan.start for plan in settings.plans if plan.measures},
        "measures": [_measure(m) for m in measures.values()],
        "assumptions": assumptions(settings),
        "history": published_history(setup),
        "region": {key: str(region[key]) for key in ("name", "title_en", "title_nl")},
        "world": asdict(settings.world),
    }
    return {key: json.dumps(value, ensure_ascii=False) for key, value in described.items()}


def _measure(m: Measure) -> dict[str, Any]:
    return {
        "measure": m.name, "title_en": m.title_en, "title_nl": m.title_nl, "pillar": m.pillar, "evidence": m.evidence,
        "status": "assumption", "dose": m.dose, "unit": m.unit, "unit_cost_eur": m.unit_cost_eur, "quarters": m.quarters,
    }  # fmt: skip


def assumptions(settings: Settings) -> list[dict[str, Any]]:
    """Every parameter without a source that was read, doses and unit costs included."""
    found = [_assumption(p) for p in settings.parameters if p.status == "assumption"]
    for plan in settings.plans:
        for m in plan.measures:
            found += [_assumption(p) for p in m.parameters if p.status == "assumption"]
            text = "the plan gives no doses or costs"
            rows = (("dose", m.dose, m.unit), ("unit cost", m.unit_cost_eur, "EUR"))
            found += [
                {"name": f"{m.name}: {what}", "value": value, "unit": unit, "status": "assumption", "source": text}
                for what, value, unit in rows
            ]
    return found


def _assumption(p: Parameter) -> dict[str, Any]:
    value = list(p.value) if isinstance(p.value, tuple) else p.value
    return {"name": p.name, "value": value, "unit": p.unit, "status": p.status, "source": p.source}


def published_history(setup: Setup) -> dict[str, dict[str, float]]:
    """Published figures to draw beside the run, moved to its concept: the survey's change on the census level."""
    frame = setup.tables.labour_history
    people, base = setup.population.people.a, setup.settings.first[:4]
    rows = frame[(frame["indicator"] == "employed") & (frame["year"] >= int(base))]
    if rows.empty:
        return {}
    employed = float(((people.place == 0) & (people.activity >= 4) & (people.activity <= 6)).sum()) / setup.settings.scale
    first = float(rows[rows["year"] == int(base)]["value"].iloc[0])
    values = {str(int(y)): float(v) / first * employed for y, v in zip(rows["year"], rows["value"], strict=True)}
    return {"employed_residents": values}
