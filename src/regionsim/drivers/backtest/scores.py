"""Scores of one forecast: CRPS, absolute error of the median, coverage, PIT; energy score of a joint sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.forecast import Paths
from regionsim.drivers.models.benchmarks import seasonal_changes
from regionsim.drivers.series import PANDEMIC_YEARS, Series, Standardised

Array = NDArray[np.float64]


def scale_of(s: Standardised) -> float:
    """Mean absolute change over a season in the known past, in the unit of the series (Hyndman and Koehler 2006)."""
    m, values = s.series.season, s.series.values
    usable = ~np.isnan(seasonal_changes(s))
    scale = float(np.abs(values[m:] - values[:-m])[usable].mean())
    return scale if scale > 0 else float(np.abs(values).mean()) or 1.0


def in_pandemic(ordinal: int, periods: int) -> bool:
    """Whether a period lies in the years of the pandemic."""
    return PANDEMIC_YEARS[0] <= ordinal // periods <= PANDEMIC_YEARS[1]


def score_rows(
    s: Standardised, model: str, sample: Array, later: Array, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """One row per horizon with an observation; sample: (draws, steps) on the unit-free scale, later: what came."""
    import scoringrules

    values, scale, origin = s.back(sample[:, : len(later)]), scale_of(s), s.series.last
    crps = scoringrules.crps_ensemble(later, values, m_axis=0, estimator="pwm")
    below = (values < later).sum(axis=0)
    pit = (below + rng.uniform(size=len(later))) / (len(values) + 1)
    q = np.quantile(values, [0.025, 0.1, 0.5, 0.9, 0.975], axis=0)
    return [
        {
            "series": s.series.name, "model": model, "origin": origin, "horizon": h + 1, "period": origin + h + 1,
            "observed": later[h], "median": q[2, h], "low": q[1, h], "high": q[3, h],
            "crps": crps[h], "scaled_crps": crps[h] / scale, "mase": abs(later[h] - q[2, h]) / scale, "pit": pit[h],
            "in80": bool(q[1, h] <= later[h] <= q[3, h]), "in95": bool(q[0, h] <= later[h] <= q[4, h]),
            "pandemic": in_pandemic(origin, s.series.periods) or in_pandemic(origin + h + 1, s.series.periods),
        }
        for h in range(len(later))
    ]  # fmt: skip


def energy_rows(series: Sequence[Series], paths: Paths, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Energy score (Gneiting and Raftery 2007) of the whole path of all series, where all of it was observed.

    joint: the default; paths_apart: the same margins, each series' own paths kept, the series independent;
    margins_apart: the same margins, every series and period independent; bvar: the BVAR's own sample. Each in units of
    the series' mean absolute change.
    """
    import scoringrules

    origin, steps = paths.first - 1, paths.default.shape[1]
    if len(series) == 1 or any(s.last < origin + steps for s in series):
        return []
    unit = np.array([scale_of(s) for s in paths.series])
    came = np.stack([s.values[origin + 1 - s.first :][:steps] for s in series], axis=1) / unit
    order = rng.permuted(np.tile(np.arange(len(paths.default))[:, None], len(series)), axis=0)  # (draws, n)
    samples = {
        "joint": paths.default,
        "paths_apart": np.take_along_axis(paths.default, order[:, None, :], axis=0),
        "margins_apart": rng.permuted(paths.default, axis=0),
    }
    if "bvar" in paths.margins:
        samples["bvar"] = paths.margins["bvar"]
    pandemic = any(in_pandemic(origin + h, series[0].periods) for h in range(steps + 1))
    rows = []
    for name, sample in samples.items():
        values = paths.values(sample) / unit
        score = scoringrules.es_ensemble(came.ravel(), values.reshape(len(values), -1))
        rows.append({"origin": origin, "sample": name, "energy": float(score), "pandemic": pandemic})
    return rows
