"""What every measure of a plan passes before it is delivered (E-20): partners, mandate, selection, coordination, pace.

    gate (V1) -> mandate and delay (V2, D3) -> selection (W3) -> quality of coordination (P3, D1, D2, D5, R8)
    delivered = min(planned, absorbed, what the mechanism finds to do); quality scales the effect, never the cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.institutions.body import Body
from regionsim.institutions.coalition import coordination_quality, gate_is_open
from regionsim.institutions.permissions import may_act
from regionsim.state import ledger as books
from regionsim.state.ledger import Account
from regionsim.state.region_state import Now


@dataclass(frozen=True)
class Order:
    """What a measure may deliver in a quarter: whole units and the amount without rounding, at what quality."""

    units: int = 0
    amount: float = 0.0
    quality: float = 0.0


@dataclass(frozen=True)
class Partners:
    """Who could take part in a measure: destinations, institutions whose mission it is, levels of government, actor."""

    municipalities: NDArray[np.int64]  # indices of the destinations
    institutions: NDArray[np.int64]  # rows of the institutions
    levels: int
    actor: Body


class Chain:
    """The rules of a plan at work; first: run quarter in which the plan starts."""

    def __init__(self, governance: Any, first: int, partners: dict[str, Partners], capacity: dict[str, bool]) -> None:
        self.rules, self.first, self.partners, self.capacity = governance, first, partners, capacity

    def coordination_eur(self, measures: Sequence[Any], now: Now) -> float:
        """Cost of the instruments in this quarter, while any measure of the plan is to be delivered."""
        p = now.parameters.institutions
        last = max((int(of.quarters) for of in measures if of.dose > 0), default=0)
        if not self.first <= now.quarter < self.first + last:
            return 0.0
        quarters = 1 + int(p.instrument_delay_q) * (self.rules.early and now.quarter == self.first)
        return float(len(self.rules.instruments) * p.instrument_eur_q) * quarters * now.scale

    def order(self, of: Any, now: Now) -> Order:
        """What the measure may deliver now, with the obstacle, if there is one, noted in its account."""
        account = now.state.ledger.accounts[of.name]
        if of.dose <= 0 or now.quarter < self.first:
            return Order()
        account.obstacle = books.FREE
        account.partners = self.willing(of, now)
        account.quality = self.quality(of, now, account.partners)
        self._plan(of, account, now)
        obstacle = self._obstacle(of, account, now)
        if obstacle != books.FREE:
            account.obstacle = obstacle
            account.pace_eur = 0.0
            return Order(quality=account.quality)
        amount = self._absorbed(of, account, now)
        return Order(int(np.floor(amount + 0.5)), amount, account.quality)

    def willing(self, of: Any, now: Now) -> int:
        """How many destinations take part: those for whom it pays, or as many as the rules say (V1, V3)."""
        p, partners = now.parameters.institutions, self.partners[of.name]
        flags = now.state.bodies.willing
        present = flags[-now.reference.arrondissement_of.size :][partners.municipalities]
        if not present.size:  # among institutions: who has it as a mission takes part
            present = flags[partners.institutions]
        if self.rules.partners is not None or not partners.municipalities.size:
            at_most = present.size if self.rules.partners is None else int(self.rules.partners)
            return min(at_most, int(present.sum()))
        planned_eur_q = dose_q(of) * float(of.unit_cost_eur)
        benefit = benefit_shares(of.domain, partners.municipalities, now) * planned_eur_q * float(p.partner_benefit)
        return int((present & (benefit > float(p.partner_cost_eur_q))).sum())

    def quality(self, of: Any, now: Now, willing: int) -> float:
        """Quality of coordination of the measure in this quarter (E-20)."""
        if self.rules.quality is not None:
            return float(self.rules.quality)
        p, partners = now.parameters.institutions, self.partners[of.name]
        lead = int(p.instrument_delay_q)
        begun = self.rules.early or now.quarter >= self.first + lead
        instruments = float(len(self.rules.instruments) if begun else 0) + now.levers.region("coordination")
        gain = 1.0 - (1.0 - float(p.coordination_gain)) ** instruments
        actors = 1 + partners.institutions.size + (min(willing, int(p.largest_group)) if of.cooperative else 0)
        return coordination_quality(
            float(p.coordination_start), [gain], float(p.coordination_cost), partners.levels, actors
        )

    def delay_q(self, of: Any, quality: float, now: Now) -> int:
        """Quarters until a measure of this quality starts, with ratification at home where leaders have no mandate."""
        p = now.parameters.institutions
        ratified = int(p.ratification_q) if of.cooperative and not self.rules.mandate else 0
        return int(np.floor(float(p.longest_delay_q) * (1.0 - quality) + 0.5)) + ratified

    def _plan(self, of: Any, account: Account, now: Now) -> None:
        """Units due by dose and date alone, whatever stands in the way."""
        if self.first <= now.quarter < self.first + int(of.quarters):
            account.planned += dose_q(of) * now.scale
            account.planned_eur = dose_q(of) * now.scale * with_overhead(float(of.unit_cost_eur), now)

    def _obstacle(self, of: Any, account: Account, now: Now) -> int:
        delay = self.delay_q(of, account.quality, now)
        begins, years = self.first + delay, int(of.quarters)
        needed = int(self.rules.partners_needed)
        self._review(account, now)
        conditions = (
            (books.PERMISSION, not may_act(self.partners[of.name].actor, of)),
            (books.REVIEW, account.ended),
            (books.SELECTION, self.rules.selective and not self._is_selected(of, now)),
            (books.CAPACITY, not self.capacity[of.name]),
            (books.PARTNERS, of.cooperative and not gate_is_open(account.partners, needed)),
            (books.MANDATE, now.quarter < begins and of.cooperative and not self.rules.mandate),
            (books.DELAYED, now.quarter < begins),
            (books.FINISHED, now.quarter >= begins + years + (4 if of.period == "year" else 0)),
        )
        return next((code for code, holds in conditions if holds), books.FREE)

    def _is_selected(self, of: Any, now: Now) -> bool:
        """Westtoer's filter: supra-local, related to the region, of enough added value."""
        enough = of.added_value >= float(now.parameters.institutions.least_added_value)
        return bool(of.supra_local and of.regional and enough)

    def _review(self, account: Account, now: Now) -> None:
        """Every so often, what has delivered too little of what was planned since the last time ends (V7)."""
        every = int(self.rules.review_q)
        if every <= 0 or now.quarter <= self.first or (now.quarter - self.first) % every:
            return
        planned, delivered = account.planned - account.reviewed[0], account.delivered - account.reviewed[1]
        least = float(now.parameters.institutions.review_least)
        account.ended = account.ended or (planned > 0 and delivered < least * planned)
        account.reviewed = (account.planned, account.delivered)

    def _absorbed(self, of: Any, account: Account, now: Now) -> float:
        """Units that can be paid for by now and were not delivered yet: spending grows by half and a sum a quarter."""
        p, cost = now.parameters.institutions, float(of.unit_cost_eur)
        wanted = dose_q(of) * now.scale * cost
        due = account.planned * cost - account.absorbed_eur
        limit = float(p.absorption_growth) * account.pace_eur + float(p.absorption_eur_q) * now.scale
        account.pace_eur = min(limit, due) if cost > 0 else 0.0
        account.absorbed_eur += account.pace_eur
        if cost > 0 and limit < min(due, wanted):
            account.obstacle = books.ABSORPTION
        able = account.absorbed_eur / cost if cost > 0 else account.planned
        return max(able - account.delivered, 0.0)


def dose_q(of: Any) -> float:
    """Units of dose a quarter, at scale 1."""
    return float(of.dose * of.periods_a_quarter)


def with_overhead(eur: float, now: Now) -> float:
    """Public cost with what administration costs."""
    return eur * (1.0 + float(now.parameters.institutions.overhead))


def benefit_shares(domain: str, municipalities: NDArray[np.int64], now: Now) -> NDArray[np.float64]:
    """Shares of the destinations in what a measure brings: by visitors for tourism, else by residents."""
    if domain == "tourism":
        weight = now.state.places.visitor_share[municipalities]
    else:
        weight = np.asarray(now.flows["residents_before"], np.float64)[municipalities]
    share: NDArray[np.float64] = weight / max(float(weight.sum()), 1e-12)
    return share


def takes_capacity(measures: Sequence[Any], partners: dict[str, Partners], selective: bool) -> dict[str, bool]:
    """Which measures find a place: an actor with stated places takes on so many, those of most added value first where
    it selects, else in the order of the plan."""
    found: dict[str, bool] = {}
    taken: dict[int, float] = {}
    order = sorted(measures, key=lambda m: -m.added_value) if selective else list(measures)
    for of in order:
        actor = partners[of.name].actor
        room = actor.stated_places
        used = taken.get(actor.row, 0.0)
        found[of.name] = room is None or of.dose <= 0 or used < room
        taken[actor.row] = used + (1.0 if found[of.name] and of.dose > 0 else 0.0)
    return found
