"""How far an ensemble is: a bar with the time left on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from regionsim.ensemble.units import Unit

SECONDS_BETWEEN_LINES = 5.0


class Bar:
    """Progress for a terminal."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("units"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(elapsed_when_finished=False),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("preparing", total=None)

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, total: int, done: int) -> None:
        """Show the bar of `total` units, of which `done` were there already."""
        self._bar.update(self._task, total=total, completed=done)

    def finished(self, unit: Unit) -> None:
        """One unit more."""
        self._bar.update(self._task, advance=1, description="running")

    def note(self, text: str) -> None:
        """Say what is being done."""
        self._bar.update(self._task, description=text)


class Lines:
    """Progress for a log: at the start, then at most one line every few seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._total = self._found = self._done = 0
        self._start = self._last = time.monotonic()

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def begin(self, total: int, done: int) -> None:
        """Say how many units there are and how many were there already."""
        self._total, self._found, self._done = total, done, 0
        self._start = self._last = time.monotonic()
        self._console.print(f"{total} units" + (f", {done} of them stored already" if done else ""))

    def finished(self, unit: Unit) -> None:
        """Count a unit; say so if the last line is old enough or this was the last unit."""
        self._done += 1
        now, stored = time.monotonic(), self._found + self._done
        if now - self._last < SECONDS_BETWEEN_LINES and stored < self._total:
            return
        self._last = now
        left = (now - self._start) / self._done * (self._total - stored)
        self._console.print(
            f"unit {stored} of {self._total}" + (f", about {left:.0f} s left" if left else "")
        )

    def note(self, text: str) -> None:
        """Deaths of workers are told; steps of single units are not."""
        if "died" in text:
            self._console.print(text)


def watching(console: Console) -> Bar | Lines:
    """The progress that suits where the console writes."""
    return Bar(console) if console.is_terminal else Lines(console)
