"""Tables of a backtest: scores by model and horizon, tests against the default, and the verdicts that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.backtest.origins import Backtest
from regionsim.drivers.backtest.significance import (
    block_interval,
    diebold_mariano,
    effective_origins,
    simulated_size,
)
from regionsim.drivers.forecast import MEMBER_STEPS

if TYPE_CHECKING:
    import pandas as pd

HORIZONS = (1, 2, 4, 8, 12)
BENCHMARKS = ("random_walk", "drift", "ar1", "bvar")
ORDER = ("default", "pool", "bvar", "ar1", "drift", "random_walk", "ets", "airline", "level", "theta")
ALL, OUTSIDE = "all", "outside the pandemic"
COVERAGE, ENERGY_GAIN, NOMINAL = 0.8, 0.025, 0.05


def parts(backtest: Backtest) -> dict[str, Backtest]:
    """The whole backtest, and what neither starts nor ends in the pandemic."""
    outside = Backtest(*(f[~f["pandemic"]] if len(f) else f for f in (backtest.scores, backtest.energy)))
    return {ALL: backtest, OUTSIDE: outside}


def score_table(scores: pd.DataFrame) -> pd.DataFrame:
    """A row per model: mean scaled CRPS at HORIZONS and over all horizons, MASE, coverage, mean and spread of PIT."""
    grouped = scores.groupby("model")
    table = scores[scores["horizon"].isin(HORIZONS)].pivot_table(index="model", columns="horizon", values="scaled_crps")
    table.columns = [f"crps_{h}" for h in table.columns]
    table["crps"] = grouped["scaled_crps"].mean()
    table["mase"] = grouped["mase"].mean()
    table["coverage_80"], table["coverage_95"] = grouped["in80"].mean(), grouped["in95"].mean()
    table["pit_mean"], table["pit_sd"] = grouped["pit"].mean(), grouped["pit"].std()
    return table.reindex([model for model in ORDER if model in table.index])


def series_table(scores: pd.DataFrame) -> pd.DataFrame:
    """A row per series: scaled CRPS and 80 % coverage of the default, CRPS relative to each benchmark, cases."""
    crps = scores.pivot_table(index="series", columns="model", values="scaled_crps")
    default = scores[scores["model"] == "default"].groupby("series")
    out = default[["scaled_crps", "in80"]].mean().rename(columns={"scaled_crps": "crps", "in80": "coverage_80"})
    for model in (m for m in (*BENCHMARKS, "pool") if m in crps):
        out[f"to_{model}"] = crps["default"] / crps[model]
    out["cases"] = default.size()
    return out


def test_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Diebold-Mariano of the default against every benchmark and the pool, by horizon.

    The loss of an origin is the scaled CRPS averaged over its series. size_5: share of true nulls rejected at 5 % with
    this number of origins, simulated; effective_origins: of the loss difference.
    """
    import pandas as pd

    sizes: dict[tuple[int, int], float] = {}
    rows = []
    for horizon in HORIZONS:
        here = scores[scores["horizon"] == horizon]
        loss = here.pivot_table(index="origin", columns="model", values="scaled_crps").sort_index()
        if len(loss) < 3:
            continue
        overlap = _overlap(loss.index.to_numpy(), horizon)
        key = (len(loss), overlap)
        if key not in sizes:
            sizes[key] = simulated_size(*key, NOMINAL)
        for model in (m for m in (*BENCHMARKS, "pool") if m in loss):
            default, other = loss[["default", model]].dropna().to_numpy().T
            statistic, p = diebold_mariano(default, other, overlap)
            rows.append({
                "horizon": horizon, "against": model, "ratio": default.mean() / other.mean(), "statistic": statistic,
                "p": p, "origins": len(loss), "effective_origins": effective_origins(default - other, overlap),
                "size_5": sizes[key],
            })  # fmt: skip
    return pd.DataFrame(rows)


def coverage_interval(scores: pd.DataFrame, model: str = "default") -> tuple[float, float, float]:
    """80 % coverage of a model over all its cases, and its 90 % block-bootstrap interval.

    Blocks are as long as the longest horizon, so that forecasts of one quarter stay together, but at most a third of
    the origins.
    """
    cases = scores[scores["model"] == model].groupby("origin")["in80"].agg(["mean", "size"]).sort_index()
    covered, weights = cases["mean"].to_numpy(), cases["size"].to_numpy(float)
    block = min(_overlap(cases.index.to_numpy(), MEMBER_STEPS), max(1, len(covered) // 3))
    low, high = block_interval(covered, weights, block)
    return float(np.average(covered, weights=weights)), low, high


def _overlap(origins: NDArray[np.int64], horizon: int) -> int:
    """How many neighbouring origins share a part of the way to this horizon: the horizon, if every origin is used."""
    apart = int(np.diff(np.unique(origins)).min()) if len(origins) > 1 else 1
    return -(-horizon // apart)


def energy_table(energy: pd.DataFrame) -> pd.DataFrame:
    """Mean energy score of each sample, and the gain of the joint default over it; a row per sample."""
    if energy.empty:
        return energy
    by_sample = energy.groupby("sample")["energy"]
    table = by_sample.agg(["mean", "size"]).rename(columns={"mean": "energy", "size": "origins"})
    table["gain_of_joint"] = 1 - float(by_sample.mean()["joint"]) / table["energy"]
    return table


def verdicts(backtest: Backtest) -> pd.DataFrame:
    """What the forecast promises and whether it holds, a row each.

    part; kind: 'crps', 'coverage' or 'energy'; claim, figure, bar: in words; met; value, low, high: the figure as
    numbers (NaN where it has no interval); benchmark: the best single one, for 'crps'. A benchmark counts where it was
    run in every case of the default.
    """
    import pandas as pd

    nan = float("nan")
    rows: list[tuple[str, str, str, str, str, bool, float, float, float, str]] = []
    for part, found in parts(backtest).items():
        if found.scores.empty:
            continue
        crps, best = best_benchmark(found.scores)
        ratio = crps["default"] / crps[best]
        share, low, high = coverage_interval(found.scores)
        claim = f"CRPS relative to the best single benchmark ({best})"
        rows.append((part, "crps", claim, f"{ratio:.3f}", "at most 1", ratio <= 1, ratio, nan, nan, best))
        figure = f"{share:.1%} ({low:.1%} to {high:.1%})"
        rows.append((part, "coverage", "80 % band: coverage, 90 % interval", figure, "interval contains 80 %",
                     low <= COVERAGE <= high, share, low, high, ""))  # fmt: skip
        if not found.energy.empty:
            gain = float(energy_table(found.energy)["gain_of_joint"]["margins_apart"])
            claim = "energy score better than independent margins by"
            rows.append((part, "energy", claim, f"{gain:.1%}", f"at least {ENERGY_GAIN:.1%}", gain >= ENERGY_GAIN,
                         gain, nan, nan, ""))  # fmt: skip
    names = ["part", "kind", "claim", "figure", "bar", "met", "value", "low", "high", "benchmark"]
    return pd.DataFrame(rows, columns=names)


def best_benchmark(scores: pd.DataFrame) -> tuple[dict[str, float], str]:
    """Mean scaled CRPS by model, and the benchmark with the lowest among those that were run in every case."""
    grouped = scores.groupby("model")["scaled_crps"]
    cases, crps = grouped.size(), {str(model): float(mean) for model, mean in grouped.mean().items()}
    whole = [m for m in BENCHMARKS if m in crps and cases[m] == cases["default"]]
    return crps, min(whole, key=crps.__getitem__)
