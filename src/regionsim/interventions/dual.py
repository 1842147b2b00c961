"""Places for dual learning: pupils or students learn in a firm, which may keep them (M16a, M16b)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from regionsim.interventions.base import Intervention
from regionsim.state.region_state import Now


class DualPlaces(Intervention, mechanism="dual_places"):
    """Places for pupils of technical education, open when the school year starts, paid for who takes them."""

    units = frozenset({"person"})
    may_move = frozenset({"training_firm_retention"})
    moves_always = frozenset({"dual_places"})
    learners: ClassVar[str] = "dual_learner"  # flows of who starts

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """Open the places; who takes one, and is paid for, is seen at the end of the quarter."""
        open_now = amount if now.quarter_of_year == 3 else 0.0
        self.account(now).open_places = open_now
        if open_now > 0.0:
            (lever,) = self.moves_always
            now.levers.move(lever, open_now / now.scale * now.reference.youth_share)
        return 0.0

    def move(self, now: Now) -> None:
        """Learners already there are kept on at the measure's rate."""
        started = now.state.ledger.treatments[self.name]
        if started.ids.size:
            for lever, parameter in self.measure.effects.items():
                now.levers.move(lever, self.size(parameter) * float(started.intensity.mean()))

    def settle(self, now: Now, quality: float) -> float:
        """Learners who started this quarter enter the ledger, within the places, if no other measure pays theirs."""
        rows, ids = now.flows[f"{self.learners}s"], now.flows[f"{self.learners}_ids"]  # a row may be free by now
        ledger, room = now.state.ledger, int(np.ceil(self.account(now).open_places))
        if not room:
            return 0.0
        offer = [ledger.treatments[name] for name, books in ledger.accounts.items() if books.open_places > 0.0]
        paid = np.concatenate([t.ids[t.start_q == now.quarter] for t in offer])  # other support is no place
        mine = np.flatnonzero(~np.isin(ids, paid))[:room]
        if mine.size:
            ledger.add(self.name, ids[mine], rows[mine], now.quarter, quality)
        return float(mine.size)


class DualStudentPlaces(DualPlaces, mechanism="dual_student_places"):
    """The same for students of higher education inside the region."""

    moves_always = frozenset({"dual_student_places"})
    learners = "dual_student"
