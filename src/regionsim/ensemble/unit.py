"""One unit of work: one world, one draw, all plans, with the quarters before the first plan run once."""

from __future__ import annotations

from collections.abc import Callable

import xarray as xr

from regionsim.ensemble.units import Unit
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup, prepare
from regionsim.results.record import Recorder, finish_plans
from regionsim.state import calendar

__all__ = ["prepare", "run_unit"]


def run_unit(setup: Setup, unit: Unit, report: Callable[[str], None] | None = None) -> xr.Dataset:
    """Run all plans of the scenario for one unit; dims (plan, draw, quarter, ...), counts for the whole region.

    `report` is called with each quarter that has been run."""
    settings, total = setup.settings, len(setup.quarters)
    starts = [calendar.ordinal(plan.start) - setup.first for plan in settings.plans if plan.measures]
    shared = min([min(max(s, 0), total) for s in starts], default=total)
    first = RegionModel(setup, unit.draw, settings.plans[0], record=True, sources=unit.sources)
    history = _run(first, shared, report)
    runs = dict[str, Recorder]()
    for plan in settings.plans:
        model = _run(history.branch(plan), total - shared, report)
        assert model.recorder is not None
        runs[plan.name] = model.recorder
    return finish_plans(runs, unit.draw, settings.scale)


def _run(model: RegionModel, quarters: int, report: Callable[[str], None] | None) -> RegionModel:
    for _ in range(quarters):
        model.step()
        if report is not None:
            report(model.quarter_text)
    return model
