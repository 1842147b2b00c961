"""How many workers the memory bears.

Measured on Linux with one unit of West Flanders: largest resident memory 640 MB while kernels are compiled; without
that 390 MB at scale 0.1 and 820 MB at scale 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from regionsim.data.tables import load_region
from regionsim.model.settings import Settings
from regionsim.results.outcomes import FIXED_COORDS, OUTCOMES
from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError
from regionsim.state.machine import cores, memory_free_mb

LIBRARIES_MB = 640.0  # of a worker that compiles its kernels, without a region
SCALE_1_MB = 600.0  # population, state, its copies and what is made on the way, for 1.17 million residents
RESIDENTS = 1_168_002.0  # to which SCALE_1_MB belongs
COPIES = 3.0  # of the outcomes of a plan: in the recorder, side by side, on the way to the file
MARGIN = 1.2
MB = 1e6


def worker_mb(settings: Settings) -> float:
    """Memory that a worker takes to compute a unit of this scenario, in MB, a margin included."""
    tables = load_region(settings.region, settings.as_of)
    residents = float(tables["census_people"]["persons"].sum())
    labels = tables.labels
    measures = {measure.name for plan in settings.plans for measure in plan.measures}
    sizes = {
        "municipality": len(labels.municipalities), "arrondissement": len(labels.arrondissements),
        "sector": len(labels.sectors), "measure": len(measures),
    }  # fmt: skip
    kept = [OUTCOMES[name] for name in settings.outcomes] if settings.outcomes else OUTCOMES.values()
    cells = sum(prod(_size(dim, sizes) for dim in outcome.dims) for outcome in kept)
    quarters = ordinal(settings.horizon) - ordinal(settings.first) + 1
    outcomes = COPIES * cells * quarters * 8 * len(settings.plans) / MB
    return MARGIN * (LIBRARIES_MB + SCALE_1_MB * settings.scale * residents / RESIDENTS + outcomes)


def workers_that_fit(
    scenarios: Mapping[str, Settings], wanted: int | None, units: int, memory_gb: float | None
) -> tuple[int, str]:
    """Workers on this machine, at most one a unit, and the line that says why so many.

    wanted: None for one a core; memory_gb: what all of them may take, None for what is free. InputError where not even
    one worker fits.
    """
    need = max(worker_mb(settings) for settings in scenarios.values())
    free = memory_free_mb() if memory_gb is None else 1000.0 * memory_gb
    fit = int(free // need)
    if fit < 1:
        scale, have = next(iter(scenarios.values())).scale, "are free" if memory_gb is None else "are allowed"
        words = f"a worker needs about {need / 1000:.1f} GB at ensemble.scale={scale:g}, {free / 1000:.1f} GB {have}"
        raise InputError("engine", f"{words}; take a smaller ensemble.scale")
    by = cores() if wanted is None else wanted
    workers = max(1, min(by, units, fit))
    why = f"{by} {'cores' if wanted is None else 'wanted'}, {units} units, memory for {fit}"
    return workers, f"{workers} worker{'s' if workers > 1 else ''} ({why}: {need / 1000:.1f} GB each)"


def _size(dim: str, sizes: Mapping[str, int]) -> int:
    return sizes.get(dim) or len(FIXED_COORDS.get(dim, ())) or 1
