"""The content key of a unit: equal keys mean equal numbers, so a unit that exists need not be computed again."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from regionsim.ensemble.units import Unit, units_of
from regionsim.model.settings import Measure, Settings
from regionsim.results.provenance import code_hash, package_versions
from regionsim.state.parameters import Parameters

DIGITS = 16
WORDS = (  # of plans and measures; they change no number
    "title_en", "title_nl", "pillar", "unit", "evidence", "expected", "covers", "indivisible",
)  # fmt: skip


def content(settings: Settings, table_hashes: Mapping[str, str]) -> dict[str, Any]:
    """All that decides the numbers of a unit, beside its draw: code, versions, tables, numeric configuration.

    Left out on purpose: number of draws, whether the variance is split, engine, texts, sources, where things are
    written.
    """
    points = settings.design
    return {
        "code": code_hash(),
        "packages": package_versions(("numpy", "numba", "scipy", "statsmodels")),
        "python": list(sys.version_info[:2]),
        "machine": [platform.system(), platform.machine()],
        "tables": dict(table_hashes),
        "world": asdict(settings.world),
        "plans": [
            {
                "name": plan.name,
                "start": plan.start,
                "governance": asdict(plan.governance),
                "measures": [_numbers(measure) for measure in plan.measures],
            }
            for plan in settings.plans
        ],
        "parameters": _values(settings.parameters),
        "scale": settings.scale,
        "seed": settings.seed,
        "first": settings.first,
        "horizon": settings.horizon,
        "as_of": settings.as_of,
        "foresight": settings.foresight,
        "outcomes": settings.outcomes,
        "design": None if points is None else [points.names, points.rows, points.repeats],
    }


def content_key(settings: Settings, table_hashes: Mapping[str, str]) -> str:
    """16 hex digits of the sha256 of `content`."""
    text = json.dumps(content(settings, table_hashes), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def unit_files(folder: Path, settings: Settings, key: str, world: str = "") -> dict[Unit, Path]:
    """The file of every unit in a results folder; its name holds the key, the draw, and a source of another draw."""
    return {unit: folder / "units" / f"{key}_{unit.file_suffix}.nc" for unit in units_of(settings, world)}


def _numbers(measure: Measure) -> dict[str, Any]:
    numbers = {name: value for name, value in vars(measure).items() if name not in WORDS}
    plain = {"settings": dict(measure.settings), "effects": dict(measure.effects), "target": asdict(measure.target)}
    return numbers | plain | {"categories": dict(measure.categories), "parameters": _values(measure.parameters)}


def _values(parameters: Parameters) -> dict[str, Any]:
    return {parameter.name: [parameter.value, parameter.distribution] for parameter in parameters}
