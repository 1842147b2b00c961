"""`regionsim status PATH...`: how far runs are, while they run or after they stopped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from regionsim.cli.arguments import parser
from regionsim.state.errors import InputError

if TYPE_CHECKING:
    from regionsim.ensemble.manifest import UnitState

EXAMPLES = """\
  regionsim status outputs/west_flanders_masterplan
  regionsim status outputs/*/ --failed                    with the tracebacks of failed units"""


def run(words: Sequence[str]) -> int:
    """Print one block per folder; 0 if all units of all are done, else 1."""
    arguments = parser("status", "Say which units of a run are done, running, failed or still to come.", EXAMPLES)
    arguments.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a results folder")
    arguments.add_argument("--failed", action="store_true", help="also print why units failed, in full")
    given = arguments.parse_args(list(words))
    from regionsim.ensemble.manifest import unit_states

    found, faults = {}, []
    for path in given.paths:
        try:
            found[path] = unit_states(path)
        except InputError as error:
            faults += [f"{error.where}: {fault}" for fault in error.faults]
    if faults:
        raise InputError("status", faults)
    for path, units in found.items():
        _tell(path, units, given.failed)
    return int(any(unit.state != "done" for units in found.values() for unit in units))


def _tell(path: Path, units: Sequence[UnitState], in_full: bool) -> None:
    counts = Counter(unit.state for unit in units)
    parts = [f"{counts[state]} {state}" for state in ("done", "running", "failed", "missing") if counts[state]]
    collected = "; collected" if counts["done"] == len(units) and (path / "results.zarr").is_dir() else ""
    print(f"{path}: {len(units)} units, {', '.join(parts)}{collected}")
    for unit in units:
        if unit.state == "running" and unit.mark is not None:
            seconds = max(0.0, time.time() - unit.mark.since)
            where = f", {unit.mark.at}" if unit.mark.at else ""
            who = f"process {unit.mark.process} on {unit.mark.host}"
            print(f"  draw {unit.label}: running for {seconds:.0f} s{where} ({who})")
    reasons: dict[str, list[str]] = {}
    for unit in units:
        if unit.state == "failed":
            reasons.setdefault(unit.reason, []).append(unit.label)
    for reason, labels in reasons.items():
        print(f"  failed, draw {', '.join(labels)}: {reason}")
    if in_full:
        for unit in units:
            if unit.state == "failed":
                print(f"\ndraw {unit.label}\n{unit.file.with_suffix('.failed').read_text(encoding='utf-8')}")
