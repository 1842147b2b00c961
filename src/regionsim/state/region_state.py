"""Everything that changes in a run, in one object: copy it at a quarter, continue, and get the straight run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.state.bodies import Bodies
from regionsim.state.draws import Draws
from regionsim.state.economy import Economy
from regionsim.state.firms import Firms
from regionsim.state.ledger import Ledger
from regionsim.state.levers import Levers
from regionsim.state.parameters import Sample
from regionsim.state.people import People
from regionsim.state.places import Places
from regionsim.state.reference import BaseEconomy, Reference


@dataclass
class RegionState:
    """Population, firms, aggregates, ledger, institutions and the position in time (run quarter, 0 = first)."""

    quarter: int
    people: People
    firms: Firms
    economy: Economy
    ledger: Ledger
    places: Places
    bodies: Bodies

    def copy(self) -> RegionState:
        """An independent deep copy."""
        people, firms = self.people.copy(), self.firms.copy()
        rest = (self.economy.copy(), self.ledger.copy(), self.places.copy(), self.bodies.copy())
        return RegionState(self.quarter, people, firms, *rest)  # type: ignore[arg-type]


@dataclass
class Now:
    """What a process sees of one quarter: the state it may change, and what is given."""

    state: RegionState
    reference: Reference
    base: BaseEconomy
    parameters: Sample
    drivers: dict[str, Any]  # this quarter's values by driver name
    levers: Levers
    draws: Draws
    world: Any
    scale: float
    first_ordinal: int  # ordinal of run quarter 0
    agencies: tuple[Any, ...] = ()  # institutions that deliver
    flows: dict[str, Any] = field(default_factory=dict)  # what the quarter's record needs

    @property
    def quarter(self) -> int:
        """Run quarter."""
        return self.state.quarter

    @property
    def year(self) -> int:
        """Calendar year."""
        return (self.first_ordinal + self.state.quarter) // 4

    @property
    def quarter_of_year(self) -> int:
        """1 to 4."""
        return (self.first_ordinal + self.state.quarter) % 4 + 1

    def key(self, decision: str) -> np.uint64:
        """Stream key of a decision in this quarter."""
        return self.draws.key(decision, self.first_ordinal + self.state.quarter)

    def count(self, name: str, values: NDArray[Any] | float) -> None:
        """Add to a flow of this quarter."""
        self.flows[name] = self.flows[name] + values if name in self.flows else values
