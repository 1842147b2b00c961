"""Guidance of young firms: better early survival, and somewhat larger (M19)."""

from __future__ import annotations

import numpy as np

from regionsim.interventions.treat import FIRM_LEVERS, Treat
from regionsim.state.firms import OWN_ACCOUNT
from regionsim.state.region_state import Now


class Guide(Treat, mechanism="guide"):
    """Each unit of dose guides one young firm, once (category 2 or 4); what it gains in survival lasts five years."""

    units = frozenset({"firm"})
    may_move = FIRM_LEVERS - {"research_grant", "equity_eur", "early_closing_ratio"}
    moves_always = frozenset({"early_closing_ratio"})
    settings = {"lag_q": 0, "lasts_q": 20}  # the survival gain is stated over five years
    needs = ("survival_gain_5y",)

    def move(self, now: Now) -> None:
        """Hazards of closing of the guided, and what else `effects` names."""
        super().move(now)
        treated, firms = self.at_work(now), now.state.firms.a
        table, gain = now.reference.closing_year[:5], self.size("survival_gain_5y")
        own = closing_ratio(table, gain, float(now.parameters.firms.own_account_closing_ratio))
        ratio = np.where(firms.kind[treated.rows] == OWN_ACCOUNT, own, closing_ratio(table, gain))
        now.levers.move("early_closing_ratio", ratio**treated.intensity, treated.rows)


def closing_ratio(closing_year: np.ndarray, gain: float, share: float = 1.0) -> float:  # type: ignore[type-arg]
    """Ratio of hazards that raises five-year survival by `gain` from what the yearly hazards imply; at least 0.

    `share` is the part of those hazards the ratio acts on: what else ends own-account firms is the owner's leaving.
    """
    survival = float(np.prod(1.0 - closing_year))
    return max(1.0 - float(np.log(min(survival + gain, 0.999) / survival) / (-np.log(survival) * share)), 0.0)
