"""A fund that may share the cost of a measure: what it pays for, how much of it, under which rules (A.1.8, M24)."""

from __future__ import annotations

from math import inf, isnan
from typing import Any

import mesa

from regionsim.institutions.coalition import gate_is_open
from regionsim.institutions.mesa_agent import Agent
from regionsim.state.region_state import Now


class Fund(Agent):
    """One row of funds.csv. A fund that pays the whole cost at once is the region's own money."""

    def __init__(self, model: mesa.Model, index: int, row: Any) -> None:
        super().__init__(model)
        self.index, self.code, self.name = index, str(row.fund), str(row.name_en)
        self.domains = frozenset(row.domains.split(";"))
        self.cofin_rate, self.cofin_rate_transition = float(row.cofin_rate), float(row.cofin_rate_transition)
        self.annual_ceiling_eur = float(row.annual_ceiling_eur)  # NaN: none is stated
        self.payment_lag_q, self.min_partners = int(row.payment_lag_q), int(row.min_partners)
        self.cross_border_required = bool(row.cross_border_required)

    def pays_for(self, domain: str, willing_partners: int, cross_border: bool = False) -> bool:
        """Whether a project in this domain with so many willing partners may have its money."""
        crosses = cross_border or not self.cross_border_required
        return domain in self.domains and crosses and gate_is_open(willing_partners, self.min_partners)

    @property
    def is_own(self) -> bool:
        """Whether it is the region's own money, which bears what no other fund does."""
        return self.cofin_rate == 1.0 and self.payment_lag_q == 0

    def room_eur(self, now: Now) -> float:
        """What it can still promise in this year, at the scale of the run; without a ceiling any sum."""
        ceiling = self.annual_ceiling_eur * now.scale
        return inf if isnan(ceiling) else max(ceiling - float(now.state.bodies.committed_eur[self.index]), 0.0)

    def share(self, transition: bool) -> float:
        """Largest share of the cost it pays; transition: the region is one."""
        return self.cofin_rate_transition if transition else self.cofin_rate

    @property
    def committed_eur(self) -> float:
        """Promised in this calendar year, at the scale of the run."""
        return float(self.model.state.bodies.committed_eur[self.index])
