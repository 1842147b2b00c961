"""How far a long job is: a bar with the time left on a terminal, a plain line now and then elsewhere."""

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

SECONDS_BETWEEN_LINES = 5.0


class Bar:
    """Progress for a terminal."""

    def __init__(self, console: Console, thing: str = "unit") -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(f"{thing}s"),
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
        """Show the bar of `total` things, of which `done` were there already."""
        self._bar.update(self._task, total=total, completed=done)

    def finished(self, number: int) -> None:
        """One thing more."""
        self._bar.update(self._task, advance=1, description="running")

    def note(self, text: str) -> None:
        """Say what is being done."""
        self._bar.update(self._task, description=text)

    def say(self, text: str) -> None:
        """A line above the bar."""
        self._bar.console.print(text, highlight=False)


class Lines:
    """Progress for a log: at the start, then at most one line every few seconds."""

    def __init__(self, console: Console, thing: str = "unit") -> None:
        self._console, self._thing = console, thing
        self._total = self._found = self._done = 0
        self._start = self._last = time.monotonic()

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def begin(self, total: int, done: int) -> None:
        """Say how many things there are and how many were there already."""
        self._total, self._found, self._done = total, done, 0
        self._start = self._last = time.monotonic()
        self._console.print(f"{total} {self._thing}s" + (f", {done} of them stored already" if done else ""))

    def finished(self, number: int) -> None:
        """Count a thing; say so if the last line is old enough or this was the last one."""
        self._done += 1
        now, stored = time.monotonic(), self._found + self._done
        if now - self._last < SECONDS_BETWEEN_LINES and stored < self._total:
            return
        self._last = now
        left = (now - self._start) / self._done * (self._total - stored)
        self._console.print(
            f"{self._thing} {stored} of {self._total}" + (f", about {left:.0f} s left" if left else "")
        )

    def note(self, text: str) -> None:
        """Steps of single units are not told."""

    def say(self, text: str) -> None:
        """A line."""
        self._console.print(text, highlight=False)


def watching(console: Console, thing: str = "unit") -> Bar | Lines:
    """The progress that suits where the console writes; `thing`: what is counted, in the singular."""
    return Bar(console, thing) if console.is_terminal else Lines(console, thing)
