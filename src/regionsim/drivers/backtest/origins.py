"""Rolling origins: at every origin all models see the series up to it and forecast what came after.

The published values are those of the latest vintage; what was known at the time may have differed by revisions and by
the lag of publication, which this backtest cannot see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.backtest.scores import energy_rows, score_rows
from regionsim.drivers.forecast import MEMBER_STEPS, forecast, generator
from regionsim.drivers.models.benchmarks import BENCHMARKS
from regionsim.drivers.series import Series
from regionsim.state.worker_processes import mapped

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

FIRST_YEARS = 10  # of history before the first origin
DRAWS = 400  # paths of every model at an origin


@dataclass(frozen=True)
class Backtest:
    """scores: a row per series, model, origin and horizon; energy: a row per origin and joint sample."""

    scores: pd.DataFrame
    energy: pd.DataFrame


def origins_of(series: Sequence[Series], every: int = 1) -> list[int]:
    """Ordinals of the origins: from FIRST_YEARS after the latest start to one period before the last observation."""
    start = max(s.first for s in series) + FIRST_YEARS * series[0].periods - 1
    return list(range(start, max(s.last for s in series), every))


def backtest(
    series: Sequence[Series],
    seed: int = 1,
    workers: int = 1,
    every: int = 1,
    finished: Callable[[int], None] = lambda origin: None,
) -> Backtest:
    """Forecast from every origin and score; the same for any number of workers. `finished` is told of each origin."""
    import pandas as pd

    tasks = [(list(series), origin, seed) for origin in origins_of(series, every)]
    results = []
    for origin, rows, energy in mapped(one_origin, tasks, workers):
        results.append((origin, rows, energy))
        finished(origin)
    results.sort(key=lambda result: result[0])
    rows = [row for _, found, _ in results for row in found]
    joint = [row for *_, found in results for row in found]
    return Backtest(pd.DataFrame(rows), pd.DataFrame(joint))


def one_origin(task: tuple[list[Series], int, int]) -> tuple[int, list[dict[str, Any]], list[dict[str, Any]]]:
    """Scores of every model at one origin: (origin, rows of scores, rows of energy scores)."""
    series, origin, seed = task
    paths = forecast([s.until(origin) for s in series], origin + MEMBER_STEPS, DRAWS, seed, origin)
    start = origin + 1 - paths.first  # a series that ended before the origin makes the calendar start earlier
    rows: list[dict[str, Any]] = []
    for i, (s, scaled) in enumerate(zip(series, paths.series, strict=True)):
        later = s.values[origin + 1 - s.first :][:MEMBER_STEPS]
        if not len(later):
            continue
        samples = {name: sample[:, start:, i] for name, sample in paths.margins.items()}
        samples["default"] = paths.default[:, start:, i]
        for name, benchmark in BENCHMARKS.items():
            samples[name] = benchmark(scaled, MEMBER_STEPS, DRAWS, generator(seed, name, s.name, origin))
        for name, sample in samples.items():
            rows += score_rows(scaled, name, sample, later, generator(seed, "pit", name, s.name, origin))
    return origin, rows, energy_rows(series, paths, generator(seed, "independent", origin))
