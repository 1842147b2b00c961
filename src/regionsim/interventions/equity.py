"""Minority stakes of the participation fund (category 3): the one support whose money comes back (E-16, M21)."""

from __future__ import annotations

import numpy as np

from regionsim.interventions.treat import FIRM_LEVERS, Treat
from regionsim.state.region_state import Now


class Equity(Treat, mechanism="equity"):
    """A stake in a growing firm, sold after `held_q` quarters at what the firm is then worth; closed firms pay nothing.

    Public money fills the fund; what comes back buys further stakes, at no public cost. The premium of growth and the
    effect on productivity are parameters: government money alone had none, or a bad one, in Belgium.
    """

    units = frozenset({"firm"})
    may_move = FIRM_LEVERS - {"research_grant", "equity_eur"}
    moves_always = frozenset({"equity_eur"})
    settings = {"lag_q": 0, "lasts_q": 12, "held_q": 20}
    needs = ("worth_growth_year",)

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """New stakes, from public money and from what earlier ones brought; returns those that public money pays."""
        account, ticket = self.account(now), float(self.measure.unit_cost_eur)
        account.returned_eur += self.sold_eur(now)
        again = int(account.returned_eur / ticket) if ticket > 0.0 else 0
        stakes = super().enter(now, units + again, amount, quality)
        from_returns = min(float(again), stakes)
        account.returned_eur -= from_returns * ticket
        fund = now.reference.roster.of_kind("participation_fund")
        start = float(now.parameters.institutions.participation_fund_start_eur) * now.scale
        now.state.bodies.nav_eur[fund] = start + account.returned_eur + self.worth_eur(now)
        return stakes - from_returns

    def move(self, now: Now) -> None:
        """Money of this quarter's stakes, and what else `effects` names."""
        super().move(now)
        t = now.state.ledger.present(self.name, self.ids(now))
        new = t.rows[t.start_q == now.quarter]
        now.levers.move("equity_eur", float(self.measure.unit_cost_eur) * self.counts(now, new), new)

    def sold_eur(self, now: Now) -> float:
        """What the stakes bring that have been held long enough."""
        t = now.state.ledger.present(self.name, self.ids(now))
        held = int(self.setting("held_q"))
        return float(self.counts(now, t.rows)[now.quarter - t.start_q == held].sum()) * self.value_eur(held)

    def worth_eur(self, now: Now) -> float:
        """Stakes held in firms that are there."""
        t = now.state.ledger.present(self.name, self.ids(now))
        age, counts = now.quarter - t.start_q, self.counts(now, t.rows)
        held = np.flatnonzero(age < int(self.setting("held_q")))
        return float(sum(counts[i] * self.value_eur(int(age[i])) for i in held))

    def value_eur(self, age_q: int) -> float:
        """Worth of one stake after so many quarters."""
        return float(self.measure.unit_cost_eur * (1.0 + self.size("worth_growth_year")) ** (age_q / 4.0))
