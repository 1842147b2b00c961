"""Who pays for a measure (A.1.8, M24): a fund its share, under its rules and ceiling, later; the rest is own money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regionsim.institutions.fund import Fund
from regionsim.state.region_state import Now


class Treasury:
    """The funds of the region under the rules of a plan."""

    def __init__(self, funds: Sequence[Fund], governance: Any, measures: Sequence[Any]) -> None:
        self.funds, self.rules = list(funds), governance
        self.crosses = any(m.cross_border for m in measures)

    def pay(self, of: Any, eur: float, now: Now) -> None:
        """Book the public cost of a measure on who bears it in the end."""
        ledger, bodies = now.state.ledger, now.state.bodies
        account = ledger.accounts[of.name]
        account.spent_eur += eur
        account.total_eur += eur
        fund = self.fund_for(of, now)
        shared = 0.0
        if fund is not None:
            shared = min(fund.share(self.rules.transition) * eur, fund.room_eur(now))
            bodies.committed_eur[fund.index] += shared
            account.by_fund[fund.index] += shared
            ledger.claims_eur[fund.payment_lag_q] += shared
        account.by_fund[-1] += eur - shared

    def fund_for(self, of: Any, now: Now) -> Fund | None:
        """The fund that pays the largest share of such a measure and has room left; None where there is none."""
        partners = now.state.ledger.accounts[of.name].partners
        crosses = of.cross_border
        if self.rules.bundled:  # one integrated investment: all share the partners, and the border
            partners = max(account.partners for account in now.state.ledger.accounts.values())
            crosses = self.crosses
        able = [f for f in self.funds if not f.is_own and f.pays_for(of.domain, partners, crosses) and f.room_eur(now)]
        return max(able, key=lambda f: (f.share(self.rules.transition), -f.index), default=None)


def claims_age(now: Now) -> None:
    """Promises of funds come a quarter nearer to payment; those due are paid."""
    claims = now.state.ledger.claims_eur
    claims[:-1] = claims[1:]
    claims[-1] = 0.0
