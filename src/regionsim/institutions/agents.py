"""The institutions, real Mesa agents: the agency that delivers a plan, the municipalities, and how all are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import mesa

from regionsim.institutions.body import Body
from regionsim.institutions.coalition import Coalition
from regionsim.institutions.fund import Fund
from regionsim.institutions.kinds import CLASSES
from regionsim.state.region_state import Now


class Deliverable(Protocol):
    """What an agency can carry out."""

    name: str

    def deliver(self, now: Now) -> None:
        """Enter units and move levers."""

    def settle(self, now: Now) -> None:
        """Enter units that the quarter's processes chose."""


class DevelopmentAgency(Body):
    """Carries out the measures of a plan, one after the other, and keeps their books in the ledger."""

    def __init__(self, model: mesa.Model, row: int, name: str, measures: Sequence[Deliverable] = ()) -> None:
        super().__init__(model, row, name)
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
        """Spending on measures in the last quarter, at the scale of the run."""
        ledger: Any = self.model.state.ledger
        return float(sum(ledger.spent_eur.values()))


class Municipality(Body):
    """A municipality: what it can see of its residents."""

    def __init__(self, model: mesa.Model, row: int, name: str, index: int) -> None:
        super().__init__(model, row, name)
        self.index = index

    @property
    def residents(self) -> int:
        """Residents at the end of the last quarter, at the scale of the run."""
        return int(self.model.residents_by_municipality[self.index])


def create_institutions(model: Any, measures: Sequence[Deliverable]) -> DevelopmentAgency:
    """All agents of a model, coalitions after their members; returns the agency, the first, which has the measures."""
    tables = model.setup.tables
    frame, municipalities = tables.institutions, tables.labels.municipality_names
    bodies: dict[str, Body] = {}
    agency: DevelopmentAgency | None = None
    for row, each in enumerate(frame.itertuples(index=False)):
        if each.kind == "development_agency":
            body: Body = DevelopmentAgency(model, row, each.name_en, () if agency else measures)
            agency = agency or body  # type: ignore[assignment]
        elif each.kind == "coalition":
            continue
        else:
            body = CLASSES[each.kind](model, row, each.name_en)
        bodies[each.institution] = body
    for index, (code, name) in enumerate(zip(tables.labels.municipalities, municipalities, strict=True)):
        bodies[code] = Municipality(model, len(frame) + index, name, index)
    level_of = dict(zip(frame["institution"], frame["level"], strict=True))
    for row, each in enumerate(frame.itertuples(index=False)):
        if each.kind == "coalition":
            codes = [code for cell in (each.members, each.partners) for code in cell.split(";") if code]
            levels = {level_of.get(code, "municipality") for code in codes}
            Coalition(model, row, each.name_en, [bodies[code] for code in codes], len(levels))
    for index, each in enumerate(tables.funds.itertuples(index=False)):
        Fund(model, index, each)
    assert agency is not None  # the tables were checked
    return agency
