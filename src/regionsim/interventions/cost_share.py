"""A public share of a private project of small firms (category 2): raises what the firm reaches, net of deadweight."""

from __future__ import annotations

import numpy as np

from regionsim.interventions.base import Intervention
from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now


class CostShare(Intervention, mechanism="cost_share"):
    """Each unit of dose is one project of one eligible firm; one that would have come anyway adds nothing."""

    moves = frozenset({"digital_support"})
    settings = ("max_real_jobs",)
    needs = ("digital_step", "deadweight")

    def deliver(self, now: Now) -> None:
        """Treat firms below the size limit, once each; the step lasts as long as the firm."""
        firms = now.state.firms.a
        if self.active(now):
            eligible = np.flatnonzero(
                (firms.kind == EMPLOYER) & (firms.real_jobs < self.measure.settings["max_real_jobs"])
            )
            rows = self.choose(now, eligible, firms.id)
            now.state.ledger.add(self.name, firms.id[rows], rows, now.quarter, 1.0)
            self.spend(now, rows.size)
        treated = now.state.ledger.present(self.name, firms.id)
        additional = self.chance(now, "deadweight", treated.ids) >= self.p.deadweight
        now.levers.move("digital_support", treated.intensity * additional * self.p.digital_step, treated.rows)
