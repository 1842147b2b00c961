"""The one error a user's input can raise: where it is wrong, and every fault at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class InputError(Exception):
    """Bad input. `where` names the file or key; `faults` lists everything that is wrong with it."""

    def __init__(self, where: str, faults: str | Sequence[str]) -> None:
        self.where = where
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__(where, self.faults)

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return f"{self.where}: {self.faults[0]}"
        return "\n".join([self.where, *(f"  {i}. {fault}" for i, fault in enumerate(self.faults, 1))])


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """' (did you mean 'x'?)' for the closest allowed word, else an empty string."""
    close = difflib.get_close_matches(word, list(allowed), n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def listed(allowed: Iterable[str]) -> str:
    """The allowed values as one comma-separated text."""
    return ", ".join(allowed)
