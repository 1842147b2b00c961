"""Places for dual learning (capacity): pupils learn in a firm, which may keep them (M16a, M16b)."""

from __future__ import annotations

from regionsim.interventions.base import Intervention
from regionsim.state.region_state import Now


class DualPlaces(Intervention, mechanism="dual_places"):
    """The dose is places a school year, shared over arrondissements by residents of school age."""

    moves = frozenset({"dual_places", "training_firm_retention"})
    settings = ()
    needs = ("retention",)

    def deliver(self, now: Now) -> None:
        """Open the places while the dose lasts; learners already there are kept on at the measure's rate."""
        if self.active(now):
            now.levers.move("dual_places", float(self.measure.dose) * now.reference.youth_share)
        if self.measure.dose > 0:
            now.levers.move("training_firm_retention", float(self.p.retention))

    def settle(self, now: Now) -> None:
        """Learners who started this quarter enter the ledger, and their places are paid."""
        rows, ids = now.flows["dual_learners"], now.flows["dual_learner_ids"]  # ids: a row may be free by now
        if self.active(now) and rows.size:
            now.state.ledger.add(self.name, ids, rows, now.quarter, 1.0)
            self.spend(now, int(rows.size))
