"""An institution as a Mesa agent: a view of its row in the state, so that a copy of the state copies it too."""

from __future__ import annotations

from typing import Any

import mesa

from regionsim.institutions.mesa_agent import Agent
from regionsim.state.bodies import KINDS, SERVES, Bodies


class Body(Agent):
    """Any institution or coalition; row: its place in the arrays of `Bodies`."""

    def __init__(self, model: mesa.Model, row: int, name: str) -> None:
        super().__init__(model)
        self.row, self.name = row, name

    @property
    def state(self) -> Bodies:
        """The state of all institutions."""
        bodies: Bodies = self.model.state.bodies
        return bodies

    @property
    def code(self) -> str:
        """Code in institutions.csv, or of the municipality."""
        return str(self._roster.code[self.row])

    @property
    def kind(self) -> str:
        """Sort of institution."""
        return KINDS[int(self._roster.kind[self.row])]

    @property
    def domains(self) -> frozenset[str]:
        """What it may act in; a municipality in everything."""
        return self._roster.domains[self.row]  # type: ignore[no-any-return]

    @property
    def stated_places(self) -> float | None:
        """Places as the table states them; None where they follow from use."""
        places = float(self._roster.places[self.row])
        return None if places != places else places

    @property
    def serves(self) -> str:
        """What its places are for; '' without places."""
        return SERVES[self.kind]

    @property
    def budget_eur(self) -> float:
        """Budget of the last quarter for what it runs, EUR of 2011 at the scale of the run; spending likewise."""
        return float(self.state.budget_eur[self.row])

    @property
    def running_eur(self) -> float:
        """Spent in the last quarter on what it runs, measures apart."""
        return float(self.state.spent_eur[self.row])

    @property
    def capacity(self) -> float:
        """Places, at the scale of the run."""
        return float(self.state.capacity[self.row])

    @property
    def used(self) -> float:
        """Of them in use at the end of the last quarter; may exceed the places."""
        return float(self.state.used[self.row])

    @property
    def willing(self) -> bool:
        """Whether it takes part in what its coalitions do."""
        return bool(self.state.willing[self.row])

    @willing.setter
    def willing(self, value: bool) -> None:
        self.state.willing[self.row] = value

    @property
    def _roster(self) -> Any:
        return self.model.setup.reference.roster
