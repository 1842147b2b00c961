"""How fast an ensemble is on every engine, what an engine costs, and what sharing the past of plans saves.

    python -m benchmarks.ensemble [--draws 12] [--scale 0.1] [--rounds 2]

Every engine computes the same draws of the default scenario (no plan and the masterplan) into a new folder, `rounds`
times in turn, each in a process of its own, so that what else the machine does falls on all of them. Progress goes to
stderr; the last line of stdout is one JSON object; `how` in it says how each figure is measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measuring import ONE_THREAD, in_its_own_process, peak_rss_mb, say, settings_at

ENGINES = ("serial", "processes", "dask")
WORKERS = 2
PLANS = 2
BAR_EFFICIENCY, BAR_BRANCHING = 0.85, 0.9
HOW = {
    "runs_per_minute": "a run is one plan of one draw; preparing, starting workers, computing and collecting count",
    "parallel_efficiency": f"seconds of serial / ({WORKERS} x seconds of processes), sums over rounds",
    "overhead_s_per_run": "(seconds of serial - seconds of the same units called one by one) / runs: files, collecting",
    "bytes_per_run": "size of the unit files / runs",
    "memory_per_worker_mb": "largest resident memory of a worker process",
    "branching_saves": "1 - CPU seconds with one past for both plans / CPU seconds of two runs from the start",
    "branching_in_theory": "quarters before the plan / (2 x all quarters)",
    "branching_of_theory": "branching_saves / branching_in_theory",
    "branching_if_free": "the same if a branch cost nothing: quarters under a plan cost more than those before it",
}


def ensemble(kind: str, draws: int, scale: float) -> dict[str, Any]:
    """One ensemble on one engine, from nothing to the collected store."""
    import resource

    from regionsim.ensemble.engines import EngineSettings
    from regionsim.ensemble.run import run_ensemble

    settings = replace(settings_at(scale), draws=draws)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        run_ensemble(settings, EngineSettings(kind, WORKERS), folder)
        seconds = time.perf_counter() - began
        size = sum(file.stat().st_size for file in (Path(folder) / "units").glob("*.nc"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": seconds, "bytes": size, "worker_mb": round(peak_rss_mb() if kind == "serial" else children)}


def units(draws: int, scale: float) -> dict[str, Any]:
    """The same units called one by one; and some of them with a past of its own for each plan."""
    from regionsim.ensemble.unit import prepare, run_unit
    from regionsim.ensemble.units import Unit

    settings = replace(settings_at(scale), draws=draws)
    began = time.perf_counter()
    setup = prepare(settings)
    for draw in range(draws):
        run_unit(setup, Unit(draw))
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "branching": branching(setup, min(draws, 4))}


def branching(setup: Any, draws: int) -> dict[str, Any]:
    """What one past for both plans saves, in CPU seconds, which others on the machine do not stretch much."""
    from regionsim.ensemble.unit import run_unit
    from regionsim.ensemble.units import Unit
    from regionsim.model.region_model import RegionModel
    from regionsim.state.calendar import ordinal

    settings, total = setup.settings, len(setup.quarters)
    past = ordinal(settings.plans[1].start) - setup.first
    shared, apart, spared, same = 0.0, 0.0, 0.0, True
    for draw in range(draws):
        began = time.process_time()
        made = run_unit(setup, Unit(draw))
        shared += time.process_time() - began
        for plan in settings.plans:
            began = time.process_time()
            model = RegionModel(setup, draw, plan, record=True).run(past)
            middle = time.process_time()
            assert model.recorder is not None
            alone = model.run(total - past).recorder.finish(settings.scale)
            apart += time.process_time() - began
            spared += middle - began if plan.measures else 0.0
            same = same and made.sel(plan=plan.name).isel(draw=0, drop=True).drop_vars("plan").equals(alone)
    theory = past / (PLANS * total)
    saves, free = 1 - shared / apart, spared / apart
    figures = {"saves": saves, "in_theory": theory, "of_theory": saves / theory, "if_free": free / theory}
    return {**figures, "same_data": bool(same)}


def measured(draws: int, scale: float, rounds: int) -> dict[str, Any]:
    """All figures."""
    module = "benchmarks.ensemble"
    given = ["--draws", str(draws), "--scale", str(scale)]
    in_its_own_process(module, [*given, "--engine", "serial"], ONE_THREAD)  # fills all caches
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in (*ENGINES, "units")}
    for number in range(rounds):
        for kind in found:
            found[kind].append(in_its_own_process(module, [*given, "--engine", kind], ONE_THREAD))
            say(f"round {number + 1}: {kind} {found[kind][-1]['seconds']:.0f} s")
    seconds = {kind: sum(each["seconds"] for each in found[kind]) for kind in found}
    runs = rounds * draws * PLANS
    past = found["units"][-1]["branching"]
    efficiency = seconds["serial"] / (WORKERS * seconds["processes"])
    return {
        "benchmark": "ensemble", "draws": draws, "plans": PLANS, "scale": scale, "rounds": rounds, "workers": WORKERS,
        "runs_per_minute": {kind: round(60 * runs / seconds[kind], 1) for kind in ENGINES},
        "parallel_efficiency": round(efficiency, 3),
        "parallel_efficiency_dask": round(seconds["serial"] / (WORKERS * seconds["dask"]), 3),
        "reaches_bar": efficiency >= BAR_EFFICIENCY,
        "overhead_s_per_run": round((seconds["serial"] - seconds["units"]) / runs, 4),
        "bytes_per_run": round(found["serial"][0]["bytes"] / (draws * PLANS)),
        "memory_per_worker_mb": {kind: max(each["worker_mb"] for each in found[kind]) for kind in ENGINES},
        **{f"branching_{name}": round(past[name], 3) for name in ("saves", "in_theory", "of_theory", "if_free")},
        "branching_same_data": past["same_data"], "branching_reaches_bar": past["of_theory"] >= BAR_BRANCHING,
        "how": HOW,
    }  # fmt: skip


def main() -> None:
    """Print the figures as JSON, last."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ensemble", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=12, metavar="N", help="draws (default: %(default)s)")
    parser.add_argument("--scale", type=float, default=0.1, metavar="SCALE", help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="(default: %(default)s)")
    parser.add_argument("--engine", choices=(*ENGINES, "units"), help=argparse.SUPPRESS)  # one measurement
    chosen = parser.parse_args()
    if chosen.engine is None:
        found = measured(chosen.draws, chosen.scale, chosen.rounds)
    elif chosen.engine == "units":
        found = units(chosen.draws, chosen.scale)
    else:
        found = ensemble(chosen.engine, chosen.draws, chosen.scale)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
