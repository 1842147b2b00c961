"""The treatment ledger: which measure treats which unit, since when, how strongly; and the books of every measure.

Lasting effects live here, never in a lever that was left moved.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Why a measure delivered less than planned in a quarter; codes of the outcome delivery_obstacle.
OBSTACLES = (
    "none", "not started", "waits for coordination", "too few willing partners", "no mandate from home",
    "not selected", "actor may not act here", "no capacity left", "ended at a review", "nobody eligible",
    "absorption", "finished",
)  # fmt: skip
FREE, NOT_STARTED, DELAYED, PARTNERS, MANDATE, SELECTION, PERMISSION, CAPACITY, REVIEW, NOBODY, ABSORPTION, FINISHED = (
    range(len(OBSTACLES))
)
LONGEST_LAG_Q = 8  # of a payment by a fund


@dataclass
class Treatments:
    """Rows of the ledger of one measure: unit id, unit row, first quarter, intensity.

    For a measure of places or of the region a row is what was built in a quarter: id and row 0, intensity in units at
    scale 1 times the quality of coordination.
    """

    ids: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    start_q: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    intensity: Array = field(default_factory=lambda: np.empty(0, np.float64))


@dataclass
class Account:
    """The books of one measure, at the scale of the run; EUR in prices of the measure. Sums since the start, then what
    was booked in this quarter."""

    planned: float = 0.0  # units due by dose and date alone
    delivered: float = 0.0  # units
    absorbed_eur: float = 0.0  # what could have been spent by now, as spending can grow only so fast
    pace_eur: float = 0.0  # the same in the last quarter
    total_eur: float = 0.0  # public cost
    returned_eur: float = 0.0  # at hand, from stakes that were sold
    reviewed: tuple[float, float] = (0.0, 0.0)  # planned and delivered at the last review
    open_places: float = 0.0  # in this quarter, of which who takes them is seen at its end
    ended: bool = False  # at a review
    quality: float = 0.0  # of coordination, in this quarter
    partners: int = 0  # willing in this quarter
    obstacle: int = NOT_STARTED
    planned_eur: float = 0.0  # public cost of the units due in this quarter
    spent_eur: float = 0.0  # public cost, overhead included
    own_eur: float = 0.0  # paid by the treated themselves
    wasted_eur: float = 0.0  # deadweight: public cost of units that would have come without support
    by_fund: Array = field(default_factory=lambda: np.zeros(0))  # public cost by who bears it in the end, (F + 1,)

    def new_quarter(self, funds: int) -> None:
        """Nothing is booked yet."""
        self.planned_eur = self.spent_eur = self.own_eur = self.wasted_eur = 0.0
        self.by_fund = np.zeros(funds + 1)


class Ledger:
    """Treatments of every measure of a plan, its books, and what funds have promised and not yet paid."""

    def __init__(self, measures: Sequence[str]) -> None:
        self.measures = list(measures)
        self.treatments = {measure: Treatments() for measure in measures}
        self.accounts = {measure: Account() for measure in measures}
        self.coordination_eur = 0.0  # cost of the instruments of coordination in this quarter
        self.claims_eur = np.zeros(LONGEST_LAG_Q + 1)  # promised by funds, by quarters until they pay

    @property
    def spent_eur(self) -> dict[str, float]:
        """Public cost of every measure in this quarter, at the scale of the run."""
        return {name: account.spent_eur for name, account in self.accounts.items()}

    def add(
        self, measure: str, ids: NDArray[np.uint64], rows: NDArray[np.int64], start_q: int, intensity: Array | float
    ) -> None:
        """Enter units that are treated from this quarter on."""
        t = self.treatments[measure]
        self.treatments[measure] = Treatments(
            np.concatenate([t.ids, ids]),
            np.concatenate([t.rows, rows]),
            np.concatenate([t.start_q, np.full(ids.size, start_q, np.int64)]),
            np.concatenate([t.intensity, np.broadcast_to(np.asarray(intensity, np.float64), ids.shape)]),
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
        twin.accounts = copy.deepcopy(self.accounts)
        twin.coordination_eur, twin.claims_eur = self.coordination_eur, self.claims_eur.copy()
        return twin
