"""How much sharper the effect of a small policy is when both runs share their seed.

    python -m benchmarks.pairing [--pairs 80] [--scale 0.1] [--workers 2]

Drivers and parameters are fixed (path of draw 0, central values), the census population is the same for all: only the
seed of chance varies. Each seed runs a history, then branches into no plan and three small policies. For each outcome
and horizon the result holds the variance of the effect between unpaired runs (policy under one seed, no plan under
another) over the variance between paired runs, the lower 90 % bound of that ratio, and the paired standard deviation,
because a ratio also rises when unpaired runs merely differ more. Progress goes to stderr; the last line of stdout is
one JSON object with keys such as `employment.q12`; `how` in it says how each figure is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import ONE_THREAD, say, settings_at
from benchmarks.pairing_ratio import pairing

HORIZONS = (4, 12, 20, 40)
PAIRS, SCALE, START, SECTOR = 80, 0.1, "2013Q1", "machinery"
READINGS = ("employed", "jobs", "graduates_kept", "young_graduates")
BARS = {  # ratio after 4, 12, 20, 40 quarters: at least, and aimed for
    "employment": ((500, 50, 10, 4), (3000, 200, 30, 12)),
    "sector_employment_mean": ((100, 50, 30, 15), None),
    "graduates_kept": ((12, 8, 10, 12), None),
}
HOW = {
    "employment": "small firm policy: 5 % of one sector's employers, chosen once by keyed priority, and 2 % more "
    "demand for them that the sector gains; residents in work at the end of quarter h of the policy",
    "jobs": "small firm policy; filled jobs located in the region at the end of quarter h",
    "sector_employment_mean": "final demand for the sector 2 % higher; residents in work, mean of quarters 1..h",
    "sector_jobs_mean": "final demand for the sector 2 % higher; jobs located in the region, mean of quarters 1..h",
    "graduates_kept": "log-odds of living here +.1; graduates of quarters 1..h who stayed when they graduated",
    "young_graduates": "log-odds of living here +.1; resident graduates aged 20 to 34 at the end of quarter h",
    "ratio": "(variance of the policy's runs + variance of the runs without plan) / variance of differences by seed",
    "lower_90": "one-sided: 10 % quantile of the ratio over 4000 samples of pairs drawn with replacement",
    "paired_sd": "standard deviation over seeds of the difference, at the scale of the run; mean_effect likewise",
}


class Task(NamedTuple):
    """One seed to run."""

    seed: int
    scale: float
    start: str
    sector: str


def fixed_settings(scale: float, start: str) -> Any:
    """The default scenario with central parameters, until the last horizon after `start`."""
    from regionsim.state import calendar
    from regionsim.state.parameters import Parameters

    settings = settings_at(scale)
    central = Parameters({
        block: {name: replace(parameter, distribution=None) for name, parameter in entries.items()}
        for block, entries in settings.parameters.blocks.items()
    })  # fmt: skip
    end = calendar.text(calendar.ordinal(start) + max(HORIZONS) - 1)
    return replace(settings, parameters=central, plans=settings.plans[:1], draws=1, first_draw=0, horizon=end)


@lru_cache(maxsize=1)
def prepared(scale: float, start: str) -> Any:
    """What all seeds share, once in each process."""
    from regionsim.model.setup import prepare

    return prepare(fixed_settings(scale, start))


def one_seed(task: Task) -> dict[str, NDArray[np.float64]]:
    """By plan: READINGS of every quarter from the policy's first, (readings, quarters)."""
    from benchmarks.pairing_policies import plans
    from regionsim.model.region_model import RegionModel
    from regionsim.state import calendar
    from regionsim.state.sources import Sources

    setup = prepared(task.scale, task.start)
    sector = list(setup.tables.labels.sectors).index(task.sector)
    history = calendar.ordinal(task.start) - setup.first
    model = RegionModel(setup, 0, sources=Sources(driver=0, parameter=0, chance=task.seed)).run(history)
    branches = {"none": model.plan, **plans(task.start, sector)}
    return {name: _readings(model.branch(plan)) for name, plan in branches.items()}


def _readings(model: Any) -> NDArray[np.float64]:
    from regionsim.state.firms import OUTSIDE

    out = np.empty((len(READINGS), max(HORIZONS)))
    for q in range(out.shape[1]):
        model.step()
        firms, flows = model.firms.a, model.flows
        kept = float(np.sum(flows["graduates"])) - float(flows["graduates_leaving"])
        jobs = firms.jobs[(firms.kind >= 0) & (firms.kind != OUTSIDE)].sum()
        out[:, q] = model.outcomes["employed"], jobs, kept, flows["young_graduates"]
    return out


def figures(runs: list[dict[str, NDArray[np.float64]]]) -> dict[str, dict[str, Any]]:
    """All figures by outcome and horizon, from what `one_seed` gave for each seed."""
    by = {name: np.stack([run[name] for run in runs]) for name in runs[0]}  # (seeds, readings, quarters)
    outcomes = {
        "employment": ("small_firm_policy", "employed", _at),
        "jobs": ("small_firm_policy", "jobs", _at),
        "sector_employment_mean": ("sector_demand", "employed", _mean),
        "sector_jobs_mean": ("sector_demand", "jobs", _mean),
        "graduates_kept": ("graduate_pull", "graduates_kept", _sum),
        "young_graduates": ("graduate_pull", "young_graduates", _at),
    }
    found = {}
    for outcome, (plan, reading, over) in outcomes.items():
        row = READINGS.index(reading)
        for k, h in enumerate(HORIZONS):
            figure: dict[str, Any] = pairing(over(by[plan][:, row], h), over(by["none"][:, row], h))
            if outcome in BARS:
                figure |= _against_bars(outcome, k, figure)
            found[f"{outcome}.q{h}"] = figure
    return found


def _at(values: NDArray[np.float64], h: int) -> NDArray[np.float64]:
    return values[:, h - 1]


def _mean(values: NDArray[np.float64], h: int) -> NDArray[np.float64]:
    return values[:, :h].mean(axis=1)


def _sum(values: NDArray[np.float64], h: int) -> NDArray[np.float64]:
    return values[:, :h].sum(axis=1)


def _against_bars(outcome: str, k: int, figure: dict[str, Any]) -> dict[str, Any]:
    bars, aims = BARS[outcome]
    ratio, bound = figure["ratio"], figure["lower_90"]  # None: paired runs do not differ at all
    told = {"bar": bars[k], "reaches_bar": ratio is None or ratio >= bars[k],
            "bound_reaches_bar": bound is None or bound >= bars[k]}  # fmt: skip
    return told if aims is None else {**told, "aim": aims[k]}


def measured(pairs: int, scale: float, start: str, sector: str, workers: int) -> dict[str, Any]:
    """Run every seed and compare."""
    from regionsim.state.errors import InputError, listed
    from regionsim.state.worker_processes import mapped

    began = time.perf_counter()
    setup = prepared(scale, start)  # fills the caches that workers read
    if sector not in setup.tables.labels.sectors:
        raise InputError("--sector", f"'{sector}' is unknown; allowed: {listed(setup.tables.labels.sectors)}")
    say(f"prepared in {time.perf_counter() - began:.0f} s")
    tasks = [Task(seed, scale, start, sector) for seed in range(pairs)]
    runs = [one_seed(tasks[0])]  # alone: compiles what the others load
    for run in mapped(one_seed, tasks[1:], workers):
        runs.append(run)
        if len(runs) % 8 == 0 or len(runs) == pairs:
            say(f"{len(runs)} of {pairs} seeds, {time.perf_counter() - began:.0f} s")
    given = {"pairs": pairs, "scale": scale, "start": start, "sector": sector, "workers": workers}
    seconds = round(time.perf_counter() - began)
    return {"benchmark": "pairing", **given, "seconds": seconds, "how": HOW, **figures(runs)}


def main() -> None:
    """Print the figures as JSON, last."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pairing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="A first look in a minute: --pairs 24. Read paired_sd first: it is the noise that one pair leaves in\n"
        "an effect; over the square root of the number of pairs it is the noise of a mean effect.",
    )  # fmt: skip
    parser.add_argument("--pairs", type=int, default=PAIRS, metavar="N",
                        help="seeds, at least 3 (default: %(default)s)")  # fmt: skip
    parser.add_argument("--scale", type=float, default=SCALE, metavar="SCALE",
                        help="share of residents and firms, above 0, at most 1 (default: %(default)s)")  # fmt: skip
    parser.add_argument("--start", default=START, metavar="QUARTER",
                        help="first quarter of the policies; seeds differ earlier (default: %(default)s)")  # fmt: skip
    parser.add_argument("--sector", default=SECTOR, metavar="CODE",
                        help="sector that the two demand policies treat (default: %(default)s)")  # fmt: skip
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), metavar="N",
                        help="processes; the figures do not depend on it (default: %(default)s)")  # fmt: skip
    chosen = parser.parse_args()
    if chosen.pairs < 3 or chosen.workers < 1 or not 0.0 < chosen.scale <= 1.0:
        parser.error("--pairs must be at least 3, --workers at least 1, --scale above 0 and at most 1")
    os.environ.update(ONE_THREAD)
    print(json.dumps(measured(chosen.pairs, chosen.scale, chosen.start, chosen.sector, chosen.workers)))


if __name__ == "__main__":
    main()
