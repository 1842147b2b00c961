"""Fitted drivers kept on disk: fitted once, read by every worker, so that no library's threads can alter a run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from regionsim.data.cache import cache_folder, hashed_files, keep
from regionsim.data.tables import RegionTables
from regionsim.drivers.observed import ObservedSeries
from regionsim.drivers.paths import DriverModel, fit_drivers
from regionsim.state.parameters import Block


def cached_drivers(tables: RegionTables, p: Block, age_at_birth_sd: float, folder: Path | None = None) -> DriverModel:
    """fit_drivers, or the same fit read from `folder` (default: the cache folder); floats are kept exactly."""
    path = (folder or cache_folder()) / f"drivers-{_key(tables, p, age_at_birth_sd)}.json"
    kept = _read(path)
    if kept is not None:
        return kept
    text = json.dumps(_plain(fit_drivers(tables, p, age_at_birth_sd)))
    keep(path, lambda temporary: _write(temporary, text))
    return _model(json.loads(text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _key(tables: RegionTables, p: Block, age_at_birth_sd: float) -> str:
    code = hashed_files(sorted(Path(__file__).parent.glob("*.py")))
    told = [sorted(tables.hashes.items()), tables.as_of, sorted(p.values.items()), age_at_birth_sd, code]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _plain(model: DriverModel) -> dict[str, object]:
    series = [{**asdict(s), "values": s.values.tolist()} for s in model.series.values()]
    return {**{k: getattr(model, k) for k in ("drift", "spread", "quarterly", "vintage")},
            "series": series, "loading": model.loading.tolist()}  # fmt: skip


def _model(plain: dict[str, object]) -> DriverModel:
    raw = plain["series"]
    assert isinstance(raw, list)
    series = {s["name"]: ObservedSeries(**{**s, "values": np.array(s["values"], np.float64)}) for s in raw}
    rest = {k: plain[k] for k in ("drift", "spread", "vintage")}
    return DriverModel(series=series, loading=np.array(plain["loading"]), quarterly=tuple(plain["quarterly"]), **rest)  # type: ignore[arg-type]


def _read(path: Path) -> DriverModel | None:
    try:
        return _model(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        return None
