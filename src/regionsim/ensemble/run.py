"""Run an ensemble: compute the units that are not there yet, then collect all of them into one dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from regionsim.analysis.variance_split import ATTRIBUTE, as_attribute
from regionsim.data.tables import RegionTables, load_region
from regionsim.ensemble.content_key import content, content_key, unit_files
from regionsim.ensemble.describe import describe
from regionsim.ensemble.designs import design_of, uncertain
from regionsim.ensemble.engines import EngineSettings, compute
from regionsim.ensemble.manifest import write_manifest
from regionsim.ensemble.storage import writing
from regionsim.ensemble.switched import split_of
from regionsim.ensemble.units import Failure, Model, Progress, Silent, Task, Unit
from regionsim.model.settings import NO_PLAN, Settings, World
from regionsim.results.files import whole_file, write_text
from regionsim.results.provenance import provenance
from regionsim.results.store import RESULTS_FILE, collect
from regionsim.state.errors import InputError

DRIVERS_FILE = "drivers.nc"
PARAMETERS_FILE = "parameters.csv"
DESIGN_FILE = "design.json"
Computes = Callable[[Task, Sequence[Unit], Progress], dict[Unit, Failure]]


class UnfinishedError(Exception):
    """Some units failed; the others are stored, and the same run takes up where this one stopped."""

    def __init__(self, failures: Mapping[Unit, Failure], stored: int, total: int) -> None:
        self.failures, self.stored, self.total = dict(failures), stored, total
        super().__init__(self.failures, stored, total)

    @property
    def of_surroundings(self) -> bool:
        """Whether a full disk or the like is to blame for all of them."""
        return all(failure.of_surroundings for failure in self.failures.values())

    def __str__(self) -> str:
        by_reason: dict[str, list[str]] = {}
        for unit, failure in sorted(self.failures.items(), key=lambda item: _order(item[0])):
            by_reason.setdefault(failure.reason, []).append(str(unit))
        lines = [f"  draw {', '.join(draws)}: {reason}" for reason, draws in by_reason.items()]
        untried = self.total - self.stored - len(self.failures)
        rest = f", {untried} were not tried" if untried else ""
        return "\n".join([f"{len(self.failures)} of {self.total} units failed, {self.stored} are stored{rest}", *lines])


def run_ensemble(
    settings: Settings,
    engine: EngineSettings | None = None,
    folder: Path | str = "outputs/run",
    progress: Progress | None = None,
    config: Mapping[str, Any] | None = None,
    model: Model | None = None,
) -> Path:
    """Compute all units of a scenario and collect its draws; returns the path of results.zarr in `folder`.

    See `run_study`, which takes several scenarios.
    """
    return run_study([settings], engine, folder, progress, config, model)


def run_study(
    scenarios: Sequence[Settings],
    engine: EngineSettings | None = None,
    folder: Path | str = "outputs/run",
    progress: Progress | None = None,
    config: Mapping[str, Any] | None = None,
    model: Model | None = None,
) -> Path:
    """Compute all units of scenarios that differ in world and parameters alone, and collect them into one dataset.

    A unit is a file in `folder`/units named by its content, so what an earlier or a simultaneous run has stored is used
    and nothing is written twice into one file. `config` is stored as provenance; `model` replaces the real one.
    Raises InputError for bad input, UnfinishedError if units failed; all others are stored then.
    """
    folder, watcher = Path(folder).absolute(), progress or Silent()
    task = task_of(scenarios, folder, model)
    failures = compute_missing(task, list(task.files), partial(compute, engine or EngineSettings()), watcher)
    if failures:
        raise unfinished(task, failures)
    write_manifest(folder, task.files)
    watcher.note("collecting")
    config = task.provenance if config is None else config
    return _collected(scenarios, task, folder, config, with_drivers=model is None)


def task_of(scenarios: Sequence[Settings], folder: Path, model: Model | None = None) -> Task:
    """All units of these scenarios, each with its file in the absolute `folder`. Raises InputError for bad input."""
    _check_scenarios(scenarios)
    hashes = load_region(scenarios[0].region, scenarios[0].as_of).hashes
    by_world = {settings.world.name if len(scenarios) > 1 else "": settings for settings in scenarios}
    told, files = dict[str, Any](), dict[Unit, Path]()
    for world, settings in by_world.items():
        key = content_key(settings, hashes)
        told[world] = {"key": key, **content(settings, hashes)}
        files |= unit_files(folder, settings, key, world)
    return Task(by_world, model or _real_model(), files, told)


def compute_missing(task: Task, units: Sequence[Unit], computes: Computes, progress: Progress) -> dict[Unit, Failure]:
    """Have those of these units computed that are not stored; returns what failed, by unit."""
    missing = [unit for unit in units if not task.is_stored(unit)]
    progress.begin(len(units), len(units) - len(missing))
    if not missing:
        return {}
    place = task.files[missing[0]].parent
    place.mkdir(parents=True, exist_ok=True)
    write_manifest(place.parent, task.files)
    return computes(task, missing, progress)


def unfinished(task: Task, failures: Mapping[Unit, Failure]) -> UnfinishedError:
    """The error that says what failed, and how much of the task is stored."""
    return UnfinishedError(failures, sum(task.is_stored(unit) for unit in task.files), len(task.files))


def _collected(
    scenarios: Sequence[Settings],
    task: Task,
    folder: Path,
    config: Mapping[str, Any],
    with_drivers: bool,
) -> Path:
    """The dataset of all draws, with what it is and, with switched units, where its variance comes from; and the files
    of drivers and parameters beside it."""
    first = scenarios[0]
    tables = load_region(first.region, first.as_of)
    plain = {unit: file for unit, file in task.files.items() if not unit.switched}
    draws = sorted({unit.draw for unit in plain})
    if with_drivers:
        _write_drivers(first, tables, draws, folder / DRIVERS_FILE)
    _write_parameters(first, plain, folder / PARAMETERS_FILE)
    (folder / DESIGN_FILE).unlink(missing_ok=True)
    if first.design is not None and first.design.number:
        write_text(folder / DESIGN_FILE, design_of(first.design, first.seed).as_json())
    attrs = describe(scenarios, tables if first.as_of is None else load_region(first.region))
    keys = {world: told["key"] for world, told in task.provenance.items()}
    seeds = {str(draw): first.seed for draw in draws}
    attrs["provenance"] = provenance(
        config, tables.hashes, seeds, key=keys if len(keys) > 1 else next(iter(keys.values()))
    )
    if len(plain) < len(task.files):
        attrs[ATTRIBUTE] = as_attribute(split_of(attrs, task.files))
    target = folder / RESULTS_FILE
    with writing(target, sum(file.stat().st_size for file in plain.values())):
        return collect(plain.values(), target, attrs)


def _check_scenarios(scenarios: Sequence[Settings]) -> None:
    """Raise InputError for scenarios that cannot be one dataset."""
    alike = [replace(each, world=World(), parameters=scenarios[0].parameters, plans=(NO_PLAN,)) for each in scenarios]
    names = [tuple(plan.name for plan in each.plans) for each in scenarios]
    worlds = [each.world.name for each in scenarios]
    faults = []
    if any(each != alike[0] for each in alike):
        faults.append("differ in more than world, parameters and plans")
    if len(set(names)) > 1:
        faults.append(f"have different plans: {'; '.join(', '.join(each) for each in dict.fromkeys(names))}")
    if len(set(worlds)) < len(worlds):
        faults.append(f"have worlds of one name: {', '.join(worlds)}")
    if faults:
        raise InputError("scenarios", faults)


def _write_parameters(settings: Settings, plain: Mapping[Unit, Path], target: Path) -> None:
    """The value of every uncertain parameter in every draw, those of measures included: one row a draw."""
    priors = uncertain(settings)
    rows = {}
    for unit in plain:
        sources = unit.sources
        at = {} if settings.design is None else settings.design.quantiles(sources.point)
        rows[unit.draw] = {
            name: parameter.quantile(at[name]) if name in at else parameter.sampled(settings.seed, sources.parameter)
            for name, parameter in sorted(priors.items())
        }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("draw").sort_index()
    write_text(target, frame.to_csv())


def _write_drivers(settings: Settings, tables: RegionTables, draws: list[int], target: Path) -> None:
    """The driver paths of all draws as one dataset (driver, draw, quarter), history included."""
    from regionsim.drivers.paths import driver_dataset
    from regionsim.model.setup import scenario_drivers

    paths = driver_dataset(scenario_drivers(settings, tables), draws, settings.first, settings.horizon)
    with writing(target, paths.nbytes), whole_file(target) as temporary:
        paths.to_netcdf(temporary, engine="netcdf4")


def _real_model() -> Model:
    from regionsim.ensemble.unit import prepare, run_unit

    return Model(prepare, run_unit)


def _order(unit: Unit) -> tuple[str, int, str]:
    """By world and draw, the draw itself before those with a source of another."""
    return unit.world, unit.draw, unit.switched
