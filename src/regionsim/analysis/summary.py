"""The findings of a run in one JSON file: headline effects, cost, what rests on assumptions, where it comes from."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from regionsim.analysis.checks import account_checks
from regionsim.analysis.effects import effect_by, effect_table, records
from regionsim.analysis.paired import RELIABLE_DRAWS
from regionsim.analysis.select import DEFAULT_QUARTERS, horizons, plans, quarter_labels, worlds
from regionsim.analysis.variance_split import stored_split
from regionsim.results.files import write_text
from regionsim.results.store import attribute

SHORT = ("regionsim", "code", "python", "command")


def summarise(ds: xr.Dataset, at: tuple[int, ...] = DEFAULT_QUARTERS) -> dict[str, Any]:
    """What was run and found, as plain dicts and lists without NaN.

    `plans` holds, per plan: start, effects (rows of `effect_table`), cost (public cost per measure up to the last
    horizon). `assumptions` counts parameters by status; `accounts` the largest residuals. `variance_split`, only where
    the run made it, holds the shares of each source at the last horizon, average or sum since the plan's start.
    """
    labels = quarter_labels(ds)
    summary = {
        "region": attribute(ds, "region", {}),
        "worlds": worlds(ds),
        "draws": ds.sizes["draw"],
        "range_is_reliable": ds.sizes["draw"] >= RELIABLE_DRAWS,
        "quarters": [labels[0], labels[-1]],
        "plans": {plan: _plan(ds, plan, at) for plan in plans(ds)},
        "assumptions": assumption_claims(ds),
        "accounts": records(account_checks(ds)),
        "provenance": {key: value for key, value in attribute(ds, "provenance", {}).items() if key in SHORT},
    }
    split = _headline_split(ds)
    if split:
        summary["variance_split"] = split
    cleaned: dict[str, Any] = _plain(summary)
    return cleaned


def write_summary(ds: xr.Dataset, path: Path | str) -> Path:
    """Write `summarise(ds)` as JSON, whole or not at all; returns the path."""
    return write_text(path, json.dumps(summarise(ds), indent=2, ensure_ascii=False) + "\n")


def assumption_claims(ds: xr.Dataset) -> dict[str, Any]:
    """How much rests on what: number of parameters by status, and their total."""
    statuses = Counter(str(row.get("status", "")) for row in attribute(ds, "assumptions", []))
    return {"parameters": sum(statuses.values()), "by_status": dict(sorted(statuses.items()))}


def _plan(ds: xr.Dataset, plan: str, at: tuple[int, ...]) -> dict[str, Any]:
    last = horizons(ds, plan, at)[-1]
    has_cost = "public_cost" in ds.data_vars and ds.sizes.get("measure", 0) > 0
    cost = effect_by(ds, "public_cost", plan, "measure", last.quarters, "cumulated") if has_cost else None
    kept = ["world", "measure", "mean", "p10", "p90", "unit"]
    return {
        "start": attribute(ds, "plan_start", {})[plan],
        "effects": records(effect_table(ds, plan, at)),
        "cost_until": last.label,
        "cost": [] if cost is None else records(cost[kept]),
    }


def _headline_split(ds: xr.Dataset) -> list[dict[str, Any]]:
    """Rows of the split at the last horizon, measured since the plan's start (in the last quarter without a plan)."""
    table = stored_split(ds)
    if table.empty:
        return []
    measures = ("level",) if not plans(ds) else ("average", "cumulated")
    last = table["quarters"] == table.groupby("plan")["quarters"].transform("max")
    return records(table[last & table["measure_of"].isin(measures)])


def _plain(value: Any) -> Any:
    """JSON values only: NaN and infinities become None, numpy scalars Python ones."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
