"""Where the variance of outcomes and effects comes from: drivers, parameters or chance, read from switched runs.

A switched run is a draw that took one source from another draw. The estimators are in `analysis/variance_shares.py`;
here they meet outcomes: levels without a plan, and the paired effects of each plan, as the effect tables measure them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from regionsim.analysis.effects import measured
from regionsim.analysis.paired import difference_of
from regionsim.analysis.select import (
    DEFAULT_QUARTERS,
    Horizon,
    headline_outcomes,
    horizons,
    plans,
    quarter_labels,
    total,
    worlds,
)
from regionsim.analysis.variance_parts import fitted_parts
from regionsim.analysis.variance_shares import variance_shares
from regionsim.results.store import REFERENCE, attribute
from regionsim.state.sources import SOURCES

ATTRIBUTE = "variance_split"
RELIABLE_DRAWS = 16  # with fewer draws the shares say little
NO_VARIANCE = "does not vary"
FEW_DRAWS = f"fewer than {RELIABLE_DRAWS} draws: not reliable"
FEW_DIFFER = f"varies in fewer than {RELIABLE_DRAWS} draws: not reliable"
DIGITS = 4
COLUMNS = (
    "world", "plan", "outcome", "quarters", "horizon", "measure_of", "of", "source",
    "first_order", "first_low", "first_high", "total", "low", "high", "draws", "note",
)  # fmt: skip


def variance_split(
    ds: xr.Dataset,
    switched: Mapping[str, xr.Dataset],
    other: Mapping[int, int],
    at: Sequence[int] = DEFAULT_QUARTERS,
) -> pd.DataFrame:
    """One row per world, plan, headline outcome, horizon, measure and source; columns as COLUMNS.

    `ds` holds the plain draws; `switched`, per source, totals of outcomes (world, plan, draw, quarter) of runs in which
    that source is of draw `other[draw]`. `of` is 'level' (plan 'none') or 'effect' (plan minus none); `low` and `high`
    are the 80 % range of `total`, `first_low` and `first_high` that of `first_order`. The order of draws is irrelevant.
    """
    draws = sorted(int(draw) for draw in ds["draw"].values)
    place = np.array([draws.index(other[draw]) for draw in draws])
    rows = []
    for outcome in headline_outcomes(ds):
        runs = [total(ds, outcome), *(switched[source][outcome] for source in SOURCES)]
        runs = [run.sel(draw=draws).assign_attrs(runs[0].attrs) for run in runs]
        for of, plan, moment in _moments(ds, at):
            for found in _split(runs, plan, moment, place):
                rows.append({"plan": plan, "outcome": outcome, "of": of, **found})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table if plans(ds) else table[table["measure_of"] == "level"].reset_index(drop=True)


def as_attribute(table: pd.DataFrame) -> dict[str, list[Any]]:
    """The table by columns, shares with four decimals, as `results.zarr` keeps it."""
    rounded = table.round(DIGITS).astype(object)
    return {str(name): column.where(column.notna(), None).tolist() for name, column in rounded.items()}


def stored_split(ds: xr.Dataset) -> pd.DataFrame:
    """The table that a run stored in its results; without rows if the variance was not split."""
    return pd.DataFrame(attribute(ds, ATTRIBUTE, {}), columns=list(COLUMNS))


def parts(rows: pd.DataFrame) -> dict[str, float] | None:
    """The variance of one outcome or effect in the four parts of `variance_parts`; None if it does not vary.

    rows: those of the three sources.
    """
    ordered = rows.set_index("source").loc[list(SOURCES)]
    columns = ("first_order", "total", "first_low", "first_high", "low", "high")
    values = [pd.to_numeric(ordered[column]).to_numpy(dtype=np.float64) for column in columns]
    if not np.isfinite(values).all():
        return None
    first, total_share, first_low, first_high, low, high = values
    return fitted_parts(first, total_share, first_high - first_low, high - low)


def _moments(ds: xr.Dataset, at: Sequence[int]) -> Iterator[tuple[str, str, Horizon]]:
    """What is split when: effects of every plan at its horizons, levels at the same; without plans the last quarter."""
    seen = dict[Horizon, None]()
    for plan in plans(ds):
        for moment in horizons(ds, plan, list(at)):
            seen[moment] = None
            yield "effect", plan, moment
    labels = quarter_labels(ds)
    for moment in seen or {Horizon(len(labels), labels[-1], 0, len(labels) - 1): None}:
        yield "level", REFERENCE, moment


def _split(
    runs: Sequence[xr.DataArray], plan: str, moment: Horizon, place: NDArray[np.int64]
) -> Iterator[dict[str, Any]]:
    """Rows of one outcome at one horizon; runs: plain, then one per source."""
    by_measure = [measured(run, moment) for run in runs]
    for world in worlds(runs[0].to_dataset(name="outcome")):
        for measure_of in by_measure[0]:
            plain, *others = (_values(each[measure_of].sel(world=world), plan) for each in by_measure)
            values = np.array([plain, *others])
            shares = variance_shares(plain, values[1:], place)
            row = {"world": world, "quarters": moment.quarters, "horizon": moment.label, "measure_of": measure_of}
            row |= _how_sure(values, bool(shares))
            for s, source in enumerate(SOURCES):
                yield {**row, "source": source, **(asdict(shares[s]) if shares else {})}


def _how_sure(values: NDArray[np.float64], varies: bool) -> dict[str, Any]:
    """Draws that count, and a plain word where shares cannot be had or trusted; values: (run, draw)."""
    whole = values[:, np.isfinite(values).all(axis=0)]
    draws = whole.shape[1]
    differing = int((whole != np.median(whole)).any(axis=0).sum()) if draws else 0
    if not varies:
        note = NO_VARIANCE
    elif draws < RELIABLE_DRAWS:
        note = FEW_DRAWS
    else:
        note = FEW_DIFFER if differing < RELIABLE_DRAWS else ""
    return {"draws": draws, "note": note}


def _values(run: xr.DataArray, plan: str) -> NDArray[np.float64]:
    """Level without a plan, or effect of a plan: (draw,)."""
    none = np.asarray(run.sel(plan=REFERENCE).values, dtype=np.float64)
    if plan == REFERENCE:
        return none
    return difference_of(np.asarray(run.sel(plan=plan).values, dtype=np.float64), none)
