"""Run an ensemble: compute the units that are not there yet, then collect all of them into one dataset."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from regionsim.analysis.variance_split import ATTRIBUTE, as_attribute
from regionsim.data.tables import RegionTables, load_region
from regionsim.ensemble.content_key import content, content_key, unit_files
from regionsim.ensemble.describe import describe
from regionsim.ensemble.engines import EngineSettings, compute
from regionsim.ensemble.storage import writing
from regionsim.ensemble.switched import split_of
from regionsim.ensemble.units import Failure, Model, Progress, Silent, Task, Unit
from regionsim.model.settings import Settings
from regionsim.results.files import whole_file, write_text
from regionsim.results.provenance import provenance
from regionsim.results.store import RESULTS_FILE, as_text, collect

ERRORS_FILE = "errors.txt"
DRIVERS_FILE = "drivers.nc"


class UnfinishedError(Exception):
    """Some units failed; the others are stored, and the same run takes up where this one stopped."""

    def __init__(self, failures: Mapping[Unit, Failure], stored: int) -> None:
        self.failures, self.stored = dict(failures), stored
        super().__init__(self.failures, stored)

    @property
    def of_surroundings(self) -> bool:
        """Whether a full disk or the like is to blame for all of them."""
        return all(failure.of_surroundings for failure in self.failures.values())

    def __str__(self) -> str:
        by_reason: dict[str, list[str]] = {}
        for unit, failure in _in_order(self.failures):
            by_reason.setdefault(failure.reason, []).append(str(unit))
        lines = [f"  draw {', '.join(draws)}: {reason}" for reason, draws in by_reason.items()]
        total = self.stored + len(self.failures)
        return "\n".join([f"{len(self.failures)} of {total} units failed, {self.stored} are stored", *lines])


def run_ensemble(
    settings: Settings,
    engine: EngineSettings | None = None,
    folder: Path | str = "outputs/run",
    progress: Progress | None = None,
    config: Mapping[str, Any] | None = None,
    model: Model | None = None,
) -> Path:
    """Compute all units of a scenario and collect its draws; returns the path of results.nc in `folder`.

    A unit is a file in `folder`/units named by its content, so what an earlier or a simultaneous run has stored is used
    and nothing is written twice into one file. `config` is stored as provenance; `model` replaces the real one.
    Raises InputError for bad input, UnfinishedError if units failed.
    """
    folder, watcher = Path(folder), progress or Silent()
    tables = load_region(settings.region, settings.as_of)
    key = content_key(settings, tables.hashes)
    files = unit_files(folder, settings, key)
    told = {"key": key, **content(settings, tables.hashes)}
    task = Task(settings, model or _real_model(), files, told)
    missing = [unit for unit in files if not task.is_stored(unit)]
    watcher.begin(len(files), len(files) - len(missing))
    if missing:
        (folder / "units").mkdir(parents=True, exist_ok=True)
        failures = compute(engine or EngineSettings(), task, missing, watcher)
        _note_errors(folder, failures)
        if failures:
            raise UnfinishedError(failures, len(files) - len(failures))
    watcher.note("collecting")
    draws = [unit.draw for unit in files if not unit.switched]
    if model is None:
        _write_drivers(settings, tables, draws, folder / DRIVERS_FILE)
    seeds = {str(draw): settings.seed for draw in draws}
    published = tables if settings.as_of is None else load_region(settings.region)
    attrs = describe(settings, published)
    attrs["provenance"] = provenance(config or told, tables.hashes, seeds, key=key)
    return _collected(files, folder / RESULTS_FILE, attrs)


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


def _collected(files: Mapping[Unit, Path], target: Path, attrs: Mapping[str, Any]) -> Path:
    """Collect the draws, say what they are and, with switched units, where their variance comes from.

    The file appears whole, with its attributes, or not at all.
    """
    import netCDF4

    draws = [file for unit, file in files.items() if not unit.switched]
    size = sum(file.stat().st_size for file in draws)
    with writing(target, size), whole_file(target) as temporary:
        dataset = collect(draws, temporary)
        texts = {name: as_text(value) for name, value in attrs.items()}
        if len(draws) < len(files):
            texts[ATTRIBUTE] = as_text(as_attribute(split_of(dataset.assign_attrs(texts), files)))
        with netCDF4.Dataset(temporary, "a") as stored:
            stored.setncatts(texts)
    return target


def _in_order(failures: Mapping[Unit, Failure]) -> list[tuple[Unit, Failure]]:
    """Failures by draw, the draw itself before those with a source of another."""
    return sorted(failures.items(), key=lambda item: (item[0].draw, item[0].switched))


def _note_errors(folder: Path, failures: Mapping[Unit, Failure]) -> None:
    """Tracebacks of failed units in one file; none is left from earlier when all went well."""
    details = [f"draw {unit}: {failure.reason}\n{failure.details}" for unit, failure in _in_order(failures)]
    if details and shutil.disk_usage(folder).free:
        write_text(folder / ERRORS_FILE, "\n".join(details))
    elif not details:
        (folder / ERRORS_FILE).unlink(missing_ok=True)
