"""What becomes of a unit while there is no result: a small file beside its own says who computes it, or why it failed.

KEY_d0003.running  {"host", "process", "since", "at"}: written again now and then, so an old one was left by the dead
KEY_d0003.failed   reason, then the traceback; gone when the unit is begun again
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from regionsim.results.files import write_text

RUNNING, FAILED = ".running", ".failed"
SECONDS_BETWEEN = 5.0
STALE = 300.0  # seconds without a sign of life, for a process on another machine


@dataclass(frozen=True)
class Mark:
    """Who computes a unit."""

    host: str
    process: int
    since: float  # seconds since 1970
    at: str = ""  # the last quarter that ran

    def is_alive(self, seen: float) -> bool:
        """Whether the process is still there; of another machine, whether its mark was written lately (`seen`)."""
        if self.host != socket.gethostname():
            return time.time() - seen < STALE
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


@contextmanager
def marked(unit_file: Path, report: Callable[[str], None] | None = None) -> Iterator[Callable[[str], None]]:
    """Around the computing of a unit; yields the function to be told of every quarter, which also tells `report`."""
    file, begun = unit_file.with_suffix(RUNNING), time.time()
    last = begun

    def tell(text: str) -> None:
        nonlocal last
        if report is not None:
            report(text)
        if time.time() - last >= SECONDS_BETWEEN:
            last = time.time()
            write(text)

    def write(text: str) -> None:
        file.write_text(json.dumps(asdict(Mark(socket.gethostname(), os.getpid(), begun, text))), encoding="utf-8")

    unit_file.with_suffix(FAILED).unlink(missing_ok=True)
    write("")
    try:
        yield tell
    finally:
        file.unlink(missing_ok=True)


def mark_of(unit_file: Path) -> Mark | None:
    """Who computes a unit now; None if nobody does."""
    file = unit_file.with_suffix(RUNNING)
    try:
        mark = Mark(**json.loads(file.read_text(encoding="utf-8")))
        return mark if mark.is_alive(file.stat().st_mtime) else None
    except (OSError, ValueError, TypeError):  # gone or half-written meanwhile
        return None


def note_failure(unit_file: Path, reason: str, details: str) -> None:
    """Keep why a unit is not there; where the disk refuses, the message alone tells."""
    unit_file.with_suffix(RUNNING).unlink(missing_ok=True)
    with suppress(OSError):
        write_text(unit_file.with_suffix(FAILED), f"{reason}\n\n{details}")


def failure_of(unit_file: Path) -> str | None:
    """Why a unit failed; None if it did not."""
    try:
        return unit_file.with_suffix(FAILED).read_text(encoding="utf-8").partition("\n")[0]
    except OSError:
        return None
