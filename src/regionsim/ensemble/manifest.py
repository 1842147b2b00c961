"""What a results folder is to hold, and how far it is: done, running, failed with the reason, or still to come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from regionsim.ensemble.marks import Mark, failure_of, mark_of
from regionsim.ensemble.units import Unit, is_stored
from regionsim.results.files import write_text
from regionsim.state.errors import InputError

MANIFEST_FILE = "units.json"
State = Literal["done", "running", "failed", "missing"]


@dataclass(frozen=True)
class UnitState:
    """A unit of a folder."""

    label: str  # as messages name it: '3', or '3 in brexit_hard'
    file: Path
    state: State
    mark: Mark | None = None  # who computes it
    reason: str = ""  # why it failed


def write_manifest(folder: Path, files: Mapping[Unit, Path]) -> Path:
    """Write down which units the folder is to hold."""
    entries = {file.name: str(unit) for unit, file in files.items()}
    return write_text(folder / MANIFEST_FILE, json.dumps(entries, indent=0))


def unit_states(folder: Path) -> list[UnitState]:
    """How far every unit of a results folder is. InputError where there is no such folder."""
    file = folder / MANIFEST_FILE
    if not file.is_file():
        what = f"holds no {MANIFEST_FILE}: give the folder of a run" if folder.is_dir() else "no such folder"
        raise InputError(str(folder), what)
    try:
        entries: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(str(file), f"cannot be read ({error}); the same run writes it again") from None
    return [_state(label, folder / "units" / name) for name, label in entries.items()]


def _state(label: str, file: Path) -> UnitState:
    if is_stored(file):
        return UnitState(label, file, "done")
    mark = mark_of(file)
    if mark is not None:
        return UnitState(label, file, "running", mark)
    reason = failure_of(file)
    if reason is not None:
        return UnitState(label, file, "failed", reason=reason)
    return UnitState(label, file, "missing")
