"""Applied research sites (category 4): firms of their sectors reach them, less the farther away (M4c, E-4)."""

from __future__ import annotations

import numpy as np

from regionsim.interventions import targets
from regionsim.interventions.base import Array, moved_by
from regionsim.interventions.provide import Provide
from regionsim.interventions.treat import FIRM_LEVERS
from regionsim.state.firms import EMPLOYER
from regionsim.state.ledger import NOBODY
from regionsim.state.region_state import Now


class Site(Provide, mechanism="site"):
    """Equipment of the sites that the target names, by kind or code: nothing where the region has none of them.

    A firm of a site's sectors in its own place feels the full effect, half of it at `half_distance_km`.
    """

    may_move = frozenset({"research_access", "digital_support", "productivity", "workability"}) & FIRM_LEVERS
    needs = ("half_distance_km",)

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """Equip the sites there are."""
        if not self.target.at or not targets.institutions(self.target, now.reference):
            self.account(now).obstacle = NOBODY
            return 0.0
        return super().enter(now, units, amount, quality)

    def move(self, now: Now) -> None:
        """Every firm within reach, by the nearest site for its sector."""
        share = self.effort(now)
        if share <= 0.0:
            return
        f = now.state.firms.a
        rows = np.flatnonzero((f.kind == EMPLOYER) & (f.jobs > 0))
        near = self.nearness(now)[f.municipality[rows], f.sector[rows]]
        rows, near = rows[near > 0.0], near[near > 0.0]
        for lever, parameter in self.measure.effects.items():
            now.levers.move(lever, moved_by(lever, self.size(parameter), share * near), rows)

    def nearness(self, now: Now) -> Array:
        """1 at the nearest site of a sector, halved with every half distance; 0 for sectors without one; (M, S)."""
        reference = now.reference
        near = np.zeros((len(reference.gazetteer.municipality), len(reference.gazetteer.sector)))
        allowed = targets.sectors(self.target, reference)
        for b in targets.institutions(self.target, reference):
            serves = reference.roster.sectors[b] & allowed
            close = 0.5 ** (reference.distance_km[reference.roster.municipality[b]] / self.size("half_distance_km"))
            near = np.maximum(near, close[:, None] * serves[None, :])
        return near
