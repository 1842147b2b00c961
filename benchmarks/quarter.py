"""How fast a quarter of the real region is, and what it costs to get there.

    python -m benchmarks.quarter [--scales 0.01 0.1 1.0] [--quarters 16]

Progress goes to stderr; the last line of stdout is one JSON object: the figures of the largest size at the top, those
of every size under `at`. Each size, the synthesis and both first steps run in a process of their own with one thread,
on caches in a new temporary folder. `how` in the result says how each figure is measured.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import ONE_THREAD, in_its_own_process, peak_rss_mb, say, settings_at

SCALES = (0.01, 0.1, 1.0)  # about 12 thousand and 120 thousand residents, and all of them
WARM_UP, QUARTERS = 4, 16
OTHER = "recording and the clock"  # of a step, what is outside the list of processes
HOW = {
    "ms_per_quarter": "a whole step with all outcomes recorded: median over years of each quarter of the year, mean of "
    f"the four; after {WARM_UP} quarters of warm-up",
    "residents": "rows of people whose place is RESIDENT, mean over the timed quarters; commuters into the region and "
    "graduates who left are simulated too and not counted here",
    "person_quarters_per_s": "residents / seconds per quarter, one thread",
    "peak_rss_mb": "largest resident memory of the process that prepares the scenario and runs the quarters",
    "synthesis_s": "build_population at scale 1, without a cache of populations; compiled loops are cached",
    "compile_s": "first step in a fresh process with an empty NUMBA_CACHE_DIR, less the same with a full one; both at "
    "the largest size with a population from the cache; compile_cpu_s is the processor's time, which a busy machine "
    "does not stretch as much",
}


def synthesis() -> dict[str, Any]:
    """Make the population at scale 1 from the tables; the first round compiles, the second is timed."""
    from regionsim.data.tables import load_region
    from regionsim.population.build import build_population

    settings = settings_at(1.0)
    tables, parameters = load_region(settings.region), settings.parameters.central().population
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        build_population(tables, parameters, 1.0, settings.seed)
        seconds.append(time.perf_counter() - start)
    return {"synthesis_s": round(seconds[1], 2), "synthesis_peak_rss_mb": peak_rss_mb()}


def caches(scale: float) -> dict[str, Any]:
    """Fill the caches of populations, drivers and compiled loops, so that what is timed later reads them."""
    from regionsim.model.region_model import RegionModel
    from regionsim.model.setup import prepare

    RegionModel(prepare(settings_at(scale)), record=True).run(4)  # a whole year meets every process
    return {}


def first_step(scale: float) -> dict[str, Any]:
    """Seconds of the first step of this process, by the clock and of the processor."""
    from regionsim.model.region_model import RegionModel
    from regionsim.model.setup import prepare

    model = RegionModel(prepare(settings_at(scale)), record=True)
    start, start_cpu = time.perf_counter(), time.process_time()
    model.step()
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    return {"s": round(seconds, 2), "cpu_s": round(cpu, 2), "peak_rss_mb": peak_rss_mb()}


def quarters(scale: float, count: int) -> dict[str, Any]:
    """Time `count` quarters of one run without a plan, after the warm-up."""
    from regionsim.model.region_model import RegionModel
    from regionsim.model.setup import prepare

    model = RegionModel(prepare(settings_at(scale)), record=True).run(WARM_UP)
    steps: list[dict[str, float]] = []
    residents = []
    for _ in range(count):
        model.timings.clear()
        start = time.perf_counter()
        model.step()
        whole = time.perf_counter() - start
        steps.append({"": whole, **model.timings, OTHER: whole - sum(model.timings.values())})
        residents.append(model.outcomes["residents"])
    ms = {name: typical_year([1e3 * step[name] for step in steps]) for name in steps[0]}
    whole_ms = ms.pop("")
    return {
        "scale": scale,
        "residents": round(statistics.mean(residents)),
        "ms_per_quarter": round(whole_ms, 3),
        "person_quarters_per_s": round(statistics.mean(residents) / whole_ms * 1e3),
        "ms_fastest": round(1e3 * min(step[""] for step in steps), 3),
        "ms_slowest": round(1e3 * max(step[""] for step in steps), 3),
        "peak_rss_mb": peak_rss_mb(),
        "per_process_ms": {name: round(value, 3) for name, value in ms.items()},
    }


def typical_year(values: Sequence[float]) -> float:
    """Mean over the four quarters of the year of the median over years; quarters in order, whole years."""
    return statistics.mean(statistics.median(values[quarter::4]) for quarter in range(4))


def measured(scales: Sequence[float], count: int) -> dict[str, Any]:
    """Everything, each part in its own process on caches of this measurement alone."""
    largest = max(scales)
    with tempfile.TemporaryDirectory(prefix="regionsim-benchmark-") as folder:
        kept = {**ONE_THREAD, "REGIONSIM_CACHE": str(Path(folder) / "populations")}
        warm = {**kept, "NUMBA_CACHE_DIR": str(Path(folder) / "compiled")}

        def part(name: str, environment: dict[str, str], *more: object) -> dict[str, Any]:
            say(" ".join(str(word) for word in (name, *more)))
            return in_its_own_process("benchmarks.quarter", ["--part", name, *map(str, more)], environment)

        made = part("synthesis", warm)
        for scale in scales:
            part("caches", warm, scale)
        cold = part("first_step", {**kept, "NUMBA_CACHE_DIR": str(Path(folder) / "empty")}, largest)
        again = part("first_step", warm, largest)
        at = [part("quarters", warm, scale, count) for scale in sorted(scales)]
    return {
        "benchmark": "quarter",
        "region": "west_flanders",
        **at[-1],
        **made,
        "first_step_cold_s": cold["s"],
        "first_step_warm_s": again["s"],
        "compile_s": round(cold["s"] - again["s"], 2),
        "compile_cpu_s": round(cold["cpu_s"] - again["cpu_s"], 2),
        "compile_peak_rss_mb": cold["peak_rss_mb"],
        "timed_quarters": count,
        "how": HOW,
        "at": at,
    }


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "synthesis": synthesis,
    "caches": lambda scale: caches(float(scale)),
    "first_step": lambda scale: first_step(float(scale)),
    "quarters": lambda scale, count: quarters(float(scale), int(count)),
}


def main() -> None:
    """Print the measurement as JSON, last."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quarter", description="Times the quarter of the real region; JSON last."
    )
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES, metavar="SCALE",
                        help="shares of residents and firms, above 0, at most 1 (default: 0.01 0.1 1.0)")  # fmt: skip
    parser.add_argument("--quarters", type=int, default=QUARTERS, metavar="N",
                        help="quarters timed, a multiple of 4 (default: %(default)s)")  # fmt: skip
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)  # how a process of its own is told what to do
    chosen = parser.parse_args()
    if not all(0.0 < scale <= 1.0 for scale in chosen.scales):
        parser.error(f"--scales: {chosen.scales}: each must be above 0 and at most 1")
    if chosen.quarters < 4 or chosen.quarters % 4:
        parser.error(f"--quarters: {chosen.quarters} is not a multiple of 4")
    if chosen.part:
        name, *more = chosen.part
        result = PARTS[name](*more)
    else:
        result = measured(chosen.scales, chosen.quarters)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
