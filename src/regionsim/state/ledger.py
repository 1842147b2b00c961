"""The treatment ledger: which measure treats which unit, since when, how strongly. Lasting effects live here."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass
class Treatments:
    """Rows of the ledger of one measure: unit id, unit row, first quarter, intensity."""

    ids: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    start_q: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    intensity: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))


class Ledger:
    """Treatments of every measure of a plan, and what was spent on them."""

    def __init__(self, measures: list[str]) -> None:
        self.measures = list(measures)
        self.treatments = {measure: Treatments() for measure in measures}
        self.spent_eur = {measure: 0.0 for measure in measures}  # this quarter, at the scale of the run

    def add(
        self, measure: str, ids: NDArray[np.uint64], rows: NDArray[np.int64], start_q: int, intensity: float
    ) -> None:
        """Enter units that are treated from this quarter on."""
        t = self.treatments[measure]
        self.treatments[measure] = Treatments(
            np.concatenate([t.ids, ids]),
            np.concatenate([t.rows, rows]),
            np.concatenate([t.start_q, np.full(ids.size, start_q, np.int64)]),
            np.concatenate([t.intensity, np.full(ids.size, intensity)]),
        )

    def present(self, measure: str, present_ids: NDArray[np.uint64]) -> Treatments:
        """The treatments whose unit is still there; of others the row is free or belongs to another id by now."""
        t = self.treatments[measure]
        here = present_ids[t.rows] == t.ids
        return Treatments(t.ids[here], t.rows[here], t.start_q[here], t.intensity[here])

    def copy(self) -> Ledger:
        """An independent copy (treatment arrays are replaced, never written in place)."""
        twin = Ledger(self.measures)
        twin.treatments = dict(self.treatments)
        twin.spent_eur = dict(self.spent_eur)
        return twin
