"""What `regionsim validate` writes: tables of the facts, the pandemic and history, and all of it as JSON."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionsim.results.files import write_text
from regionsim.state.errors import InputError
from regionsim.validation.facts import FactResult, PartResult
from regionsim.validation.indicators import Indicator
from regionsim.validation.promises import Promise
from regionsim.validation.table import Band

if TYPE_CHECKING:
    import pandas as pd

JSON_FILE = "validation.json"


def check_writable(path: Path, what: str) -> None:
    """Raise InputError if a file of that name cannot be written: before hours of work, not after."""
    folder = path.parent
    if path.is_dir():
        raise InputError(what, f"'{path}' is a folder; give the name of a file")
    if not folder.is_dir():
        raise InputError(what, f"there is no folder '{folder}'")
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(what, f"'{path}' cannot be written")


def check_folder(folder: Path, what: str) -> None:
    """Raise InputError if a folder is a file, or cannot be made where it should lie."""
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    if not nearest.is_dir():
        raise InputError(what, f"'{nearest}' is a file, not a folder")
    if not os.access(nearest, os.W_OK):
        raise InputError(what, f"'{folder}' cannot be written")


def write_tables(folder: Path, content: Mapping[str, Any], years: pd.DataFrame) -> list[Path]:
    """facts.csv, covid_indicators.csv, history.csv, history_years.csv and validation.json; returns their paths."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    facts = pd.DataFrame([_fact_line(fact, part) for fact in content["facts"] for part in fact["parts"]])
    indicators = pd.DataFrame([_flat(row) for row in content["covid_indicators"]])
    history = pd.DataFrame([_flat(row) for row in content["history"]])
    tables = {"facts": facts, "covid_indicators": indicators, "history": history, "history_years": years}
    written = [write_text(folder / f"{name}.csv", table.to_csv(index=False)) for name, table in tables.items()]
    return [*written, write_json(folder / JSON_FILE, content)]


def write_json(path: Path, content: Mapping[str, Any]) -> Path:
    """The machine-readable copy; whole or not there."""
    return write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def as_content(
    about: Mapping[str, Any],
    facts: Sequence[FactResult],
    indicators: Sequence[Indicator],
    history: pd.DataFrame,
    promised: Sequence[Promise],
) -> dict[str, Any]:
    """Everything found, in plain values: keys about, promises, facts, covid_indicators, history."""
    return {
        "about": dict(about),
        "promises": [
            {"text": p.text, "reached": p.reached, "of": p.of, "needed": p.needed, "kept": p.kept} for p in promised
        ],
        "facts": [_fact(result) for result in facts],
        "covid_indicators": [_indicator(row) for row in indicators],
        "history": [_history(row) for row in history.to_dict("records")],
    }


def _fact(result: FactResult) -> dict[str, Any]:
    parts = [_part(part) for part in result.parts]
    shown = next((p for p in parts if p["verdict"] == "fail"), next((p for p in parts if p["passed"]), parts[0]))
    fact = result.fact
    return {
        "name": fact.name,
        "title": fact.title,
        "tag": fact.tag,
        "value": shown["value"],
        "band": shown["band"],
        "passed": result.passed,
        "target": shown["target"],
        "unit": shown["unit"],
        "statistic": shown["statistic"],
        "source": fact.source,
        "note": fact.note,
        "reason": result.reason,
        "parts": parts,
    }


def _part(result: PartResult) -> dict[str, Any]:
    part, band = result.part, result.band
    return {
        "name": part.name,
        "statistic": part.statistic,
        "unit": part.unit,
        "target": part.target if band is None else band.target,
        "value": _finite(result.value),
        "band": _limits(band),
        "p10": _finite(result.over_draws[0]) if result.over_draws else None,
        "p90": _finite(result.over_draws[1]) if result.over_draws else None,
        "passed": result.verdict == "pass",
        "verdict": result.verdict,
    }


def _indicator(row: Indicator) -> dict[str, Any]:
    return {
        "row": row.row,
        "name": row.name,
        "title": row.title,
        "tag": row.tag,
        "target": _finite(row.target),
        "value": _finite(row.value),
        "band": _limits(row.band),
        "passed": row.passed,
        "reason": row.reason,
        "note": row.note,
    }


def _history(row: Mapping[Any, Any]) -> dict[str, Any]:
    naive, met = float(row["naive_error"]), row["met"]
    return {
        "name": row["name"],
        "tag": row["tag"],
        "value": float(row["model_error"]),
        "band": [0.0, naive],
        "passed": bool(row["passed"]),
        "unit": row["unit"],
        "years": row["years"],
        "naive_error": naive,
        "ratio": _finite(row["ratio"]),
        "largest_error": float(row["largest_error"]),
        "bar": row["bar"],
        "bar_met": None if met is None or met != met else bool(met),
    }


def _limits(band: Band | None) -> list[float | None] | None:
    return None if band is None else [_finite(band.low), _finite(band.high)]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _fact_line(fact: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    own = {"fact": fact["name"], "title": fact["title"], "tag": fact["tag"], "fact_passed": fact["passed"]}
    return {**own, "part": part["name"], **_flat({k: v for k, v in part.items() if k != "name"}),
            "source": fact["source"], "note": fact["note"], "reason": fact["reason"]}  # fmt: skip


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its band in two columns."""
    low, high = row["band"] or (None, None)
    return {k: v for k, v in row.items() if k != "band"} | {"low": low, "high": high}
