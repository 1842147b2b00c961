"""What the whole of `regionsim validate` must show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regionsim.validation.facts import FactResult, passing

if TYPE_CHECKING:
    import pandas as pd

EMERGENT_SHARE, FACTS, HISTORY_SHARE = 0.8, 24, 2 / 3


@dataclass(frozen=True)
class Promise:
    """One promise: how many of how many, how many are needed."""

    text: str
    reached: int
    of: int
    needed: int

    @property
    def kept(self) -> bool:
        """Whether enough rows pass."""
        return self.reached >= self.needed


def promises(facts: Sequence[FactResult], history: pd.DataFrame) -> list[Promise]:
    """The four promises with what this model reaches."""
    emergent, of_emergent = passing(facts, "emergent")
    rows, below = len(history), int(history["passed"].sum())
    bars = history["met"].dropna()
    return [
        Promise("emergent facts in their band, at least 80 %", emergent, of_emergent,
                _ceil(EMERGENT_SHARE, of_emergent)),
        Promise(f"facts in their band, at least {FACTS}", *passing(facts), FACTS),
        Promise("series nearer to history than naive continuation, at least two thirds", below, rows,
                _ceil(HISTORY_SHARE, rows)),
        Promise("series within their bar, all", int(bars.astype(bool).sum()), len(bars), len(bars)),
    ]  # fmt: skip


def _ceil(share: float, of: int) -> int:
    return -int(-share * of // 1)
