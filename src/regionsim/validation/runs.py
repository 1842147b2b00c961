"""The runs behind the facts: each draw of the baseline, and two branches that facts about differences need.

Branches start from the state of the same draw, so both sides share their luck: a world without the pandemic from 2020
on, and a rise of one foreign market.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Settings
from regionsim.model.setup import Setup, prepare
from regionsim.state import calendar
from regionsim.state.reference import EU
from regionsim.state.worker_processes import mapped
from regionsim.validation.observer import Observer, jobs_by_sector

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
PANDEMIC = ("2020Q1", "2021Q4")  # the branch without it
SHOCK_FROM, SHOCK_QUARTERS, SHOCK = "2013Q1", 20, 1.10


@dataclass
class DrawRun:
    """One draw of the baseline: its outcomes, what the observer saw, and the branches."""

    draw: int
    outcomes: xr.Dataset
    start: Array  # (arrondissements, age groups) residents before the first quarter
    alive: Array  # (quarters, quarters) firms founded in the run, by quarter and quarter of founding
    quarterly: dict[str, Array]
    yearly: dict[str, dict[int, Any]]
    sizes: tuple[Array, Array]  # of employers, with weights
    without_pandemic: dict[str, Array]  # by quarter of PANDEMIC; empty where the baseline has none
    shocked_jobs: Array  # (quarters, sectors) of the branch with more foreign demand; empty if not run


@dataclass(frozen=True)
class _Task:
    settings: Settings
    draw: int


def run_draws(settings: Settings, workers: int, say: Callable[[str], None]) -> tuple[Setup, list[DrawRun]]:
    """Run every draw, in `workers` processes; returns what they share, and the runs in order."""
    setup = prepare(settings)  # fills the caches once, and finds bad input before any worker starts
    tasks = [_Task(settings, d) for d in range(settings.first_draw, settings.first_draw + settings.draws)]
    runs = []
    for run in mapped(_run, tasks, workers):
        runs.append(run)
        say(f"{len(runs)} of {len(tasks)} draws run")
    return setup, runs


def workers_for(draws: int) -> int:
    """Processes for so many draws on this machine."""
    return max(1, min(draws, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


def _run(task: _Task) -> DrawRun:
    return run_draw(prepare(task.settings), task.draw)


def run_draw(setup: Setup, draw: int) -> DrawRun:
    """The baseline of one draw to its horizon, observed, with its branches."""
    model = RegionModel(setup, draw, record=True)
    observer = Observer(model)
    without: dict[str, Array] = {}
    shocked = np.zeros((0, observer.exports.size))
    for quarter in range(len(setup.quarters)):
        if setup.quarters[quarter] == SHOCK_FROM:
            shocked = _more_demand(model)
        if setup.quarters[quarter] == PANDEMIC[0] and setup.settings.world.covid != "none":
            without = _without_pandemic(model)
        model.step()
        observer.look(model)
    assert model.recorder is not None
    quarterly = {name: np.array(values) for name, values in observer.quarterly.items()}
    outcomes = model.recorder.finish(setup.settings.scale)
    seen = (observer.start, observer.alive, quarterly, observer.yearly, observer.sizes)
    return DrawRun(draw, outcomes, *seen, without, shocked)


def _more_demand(model: RegionModel) -> Array:
    """Jobs by quarter and sector after a lasting rise of what one foreign market wants of the sectors that export."""
    setup = model.setup
    quarters = min(SHOCK_QUARTERS, len(setup.quarters) - model.state.quarter)
    twin = _twin(model, setup)
    wanted = twin.base.final_demand.copy()
    traded = np.array(["export" in tags for tags in setup.tables.labels.sector_tags])
    wanted[EU, traded] *= SHOCK
    twin.base = replace(twin.base, final_demand=wanted)
    jobs = []
    for _ in range(quarters):
        twin.step()
        jobs.append(jobs_by_sector(twin.firms.a, setup.base.gva.size) / setup.settings.scale)
    return np.array(jobs)


def _without_pandemic(model: RegionModel) -> dict[str, Array]:
    """Value added and unemployment of the same draw in a world without the pandemic."""
    setup = model.setup
    world = replace(setup.settings.world, covid="none")
    twin = _twin(model, replace(setup, settings=replace(setup.settings, world=world)))
    last = min(calendar.ordinal(PANDEMIC[1]), calendar.ordinal(setup.quarters[-1])) - setup.first
    gva, unemployment = [], []
    while twin.state.quarter <= last:
        twin.step()
        gva.append(float(twin.state.economy.gva.sum()))
        unemployment.append(100.0 * twin.state.economy.unemployment_rate)
    return {"gva": np.array(gva), "unemployment_rate": np.array(unemployment)}


def _twin(model: RegionModel, setup: Setup) -> RegionModel:
    """An independent copy of the present state, without a recorder."""
    return RegionModel(setup, model.draw, model.plan, state=model.state.copy(), sources=model.sources)
