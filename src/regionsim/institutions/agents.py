"""The institutions, real Mesa agents: the agency that delivers a plan, the municipalities, and how all are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import mesa
import numpy as np

from regionsim.institutions.body import Body
from regionsim.institutions.chain import Chain, Partners, takes_capacity, with_overhead
from regionsim.institutions.coalition import Coalition
from regionsim.institutions.fund import Fund
from regionsim.institutions.kinds import CLASSES
from regionsim.institutions.permissions import GOVERNMENTS
from regionsim.institutions.treasury import Treasury, claims_age
from regionsim.state.region_state import Now

TWO_LEVELS = 2  # of government: who acts, and the municipalities


class Deliverable(Protocol):
    """What an agency can carry out."""

    name: str
    measure: Any
    leads: int

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """Enter units in the ledger; returns how many."""

    def move(self, now: Now) -> None:
        """Move levers for all in the ledger."""

    def settle(self, now: Now, quality: float) -> float:
        """Enter units that the quarter's processes chose; returns how many."""


class DevelopmentAgency(Body):
    """Carries out the measures of a plan under its rules, and keeps their books in the ledger."""

    def __init__(self, model: mesa.Model, row: int, name: str) -> None:
        super().__init__(model, row, name)
        self.measures: list[Deliverable] = []
        self.chain: Chain | None = None
        self.treasury: Treasury | None = None

    def take_on(self, measures: Sequence[Any], chain: Chain, treasury: Treasury) -> None:
        """Become responsible for the measures of a plan; those that others feel come first."""
        self.measures = sorted(measures, key=lambda measure: -measure.leads)
        self.chain, self.treasury = chain, treasury

    def deliver(self, now: Now) -> None:
        """At the start of the quarter: orders, units, money, levers, one measure after the other."""
        if self.chain is None or not self.measures:
            return
        ledger, funds = now.state.ledger, now.state.bodies.committed_eur
        if now.quarter_of_year == 1:
            funds[:] = 0.0
        claims_age(now)
        for account in ledger.accounts.values():
            account.new_quarter(funds.size)
        ledger.coordination_eur = self.chain.coordination_eur([m.measure for m in self.measures], now)
        for measure in self.measures:
            order = self.chain.order(measure.measure, now)
            self._book(measure, measure.enter(now, order.units, order.amount, order.quality), now)
            measure.move(now)

    def settle(self, now: Now) -> None:
        """At the end of the quarter."""
        for measure in self.measures:
            quality = now.state.ledger.accounts[measure.name].quality
            self._book(measure, measure.settle(now, quality), now)

    def _book(self, measure: Deliverable, units: float, now: Now) -> None:
        if units > 0.0:
            assert self.treasury is not None
            account, of = now.state.ledger.accounts[measure.name], measure.measure
            account.delivered += units
            account.own_eur += units * float(of.own_funds_eur)
            self.treasury.pay(of, units * with_overhead(float(of.unit_cost_eur), now), now)

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


def create_institutions(model: Any, measures: Sequence[Any], first: int) -> DevelopmentAgency:
    """All agents of a model, coalitions after their members; returns the agency, which carries out the measures of the
    model's plan from run quarter `first` on."""
    tables = model.setup.tables
    frame, municipalities = tables.institutions, tables.labels.municipality_names
    bodies: dict[str, Body] = {}
    agency: DevelopmentAgency | None = None
    for row, each in enumerate(frame.itertuples(index=False)):
        if each.kind == "development_agency":
            body: Body = DevelopmentAgency(model, row, each.name_en)
            agency = agency or body  # type: ignore[assignment]
        elif each.kind == "coalition":
            continue
        else:
            body = CLASSES[each.kind](model, row, each.name_en)
        bodies[each.institution] = body
    for index, (code, name) in enumerate(zip(tables.labels.municipalities, municipalities, strict=True)):
        bodies[code] = Municipality(model, len(frame) + index, name, index)
    level_of = dict(zip(frame["institution"], frame["level"], strict=True))
    coalitions = {}
    for row, each in enumerate(frame.itertuples(index=False)):
        if each.kind == "coalition":
            codes = [code for cell in (each.members, each.partners) for code in cell.split(";") if code]
            levels = {level_of.get(code, "municipality") for code in codes}
            members = [bodies[code] for code in codes]
            coalitions[each.institution] = Coalition(model, row, each.name_en, members, len(levels))
    funds = [Fund(model, index, each) for index, each in enumerate(tables.funds.itertuples(index=False))]
    assert agency is not None  # the tables were checked
    plan, all_of_it = model.plan, [measure.measure for measure in measures]
    partners = {of.name: partners_of(of, bodies, coalitions, agency, tables.labels.subregions) for of in all_of_it}
    room = takes_capacity(all_of_it, partners, plan.governance.selective)
    agency.take_on(measures, Chain(plan.governance, first, partners, room), Treasury(funds, plan.governance, all_of_it))
    return agency


def partners_of(
    of: Any, bodies: Mapping[str, Body], coalitions: Mapping[str, Coalition], agency: Body, subregions: Sequence[str]
) -> Partners:
    """Who could take part in a measure: the coalition it names, if the region has it, else the municipalities of its
    target; the first institution of the kind that acts, or the agency."""
    everyone = [*bodies.values(), *coalitions.values()]
    wanted = (of.actor, "municipality") if of.actor in GOVERNMENTS else (of.actor,)  # a region without a province
    actor = next((body for kind in wanted for body in everyone if body.kind == kind), agency)
    coalition = coalitions.get(of.coalition)
    if coalition is None:
        reached = [m for m, tag in enumerate(subregions) if of.target.subregion in ("", tag)]
        return Partners(np.array(reached, np.int64), np.array([actor.row]), TWO_LEVELS, actor)
    members = coalition.members
    places = [member.index for member in members if isinstance(member, Municipality)]
    others = [member.row for member in members if not isinstance(member, Municipality)]
    return Partners(np.array(places, np.int64), np.array(others, np.int64), coalition.levels, actor)
