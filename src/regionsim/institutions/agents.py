"""The institutions, real Mesa agents: the development agency that delivers a plan, and the municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import mesa

from regionsim.state.region_state import Now


class Deliverable(Protocol):
    """What an agency can carry out."""

    name: str

    def deliver(self, now: Now) -> None:
        """Enter units and move levers."""

    def settle(self, now: Now) -> None:
        """Enter units that the quarter's processes chose."""


class DevelopmentAgency(mesa.Agent):
    """Carries out the measures of a plan, one after the other, and keeps their books in the ledger."""

    def __init__(self, model: mesa.Model, name: str, measures: Sequence[Deliverable] = ()) -> None:
        super().__init__(model)
        self.name = name
        self.measures = list(measures)

    def deliver(self, now: Now) -> None:
        """At the start of the quarter."""
        for measure in self.measures:
            now.state.ledger.spent_eur[measure.name] = 0.0
            measure.deliver(now)

    def settle(self, now: Now) -> None:
        """At the end of the quarter."""
        for measure in self.measures:
            measure.settle(now)

    @property
    def spent_eur(self) -> float:
        """Spending of the last quarter, at the scale of the run."""
        ledger: Any = self.model.state.ledger
        return float(sum(ledger.spent_eur.values()))


class Municipality(mesa.Agent):
    """A municipality: what it can see of its residents."""

    def __init__(self, model: mesa.Model, name: str, index: int) -> None:
        super().__init__(model)
        self.name, self.index = name, index

    @property
    def residents(self) -> int:
        """Residents at the end of the last quarter, at the scale of the run."""
        return int(self.model.residents_by_municipality[self.index])
