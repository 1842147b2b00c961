"""Tailored guidance of young firms: better early survival and somewhat larger (M19)."""

from __future__ import annotations

import numpy as np

from regionsim.interventions.base import Intervention
from regionsim.state.firms import OUTSIDE, OWN_ACCOUNT
from regionsim.state.region_state import Now

LASTS_Q = 20  # the survival gain is stated over five years


class Guidance(Intervention, mechanism="guidance"):
    """Each unit of dose guides one young firm, once."""

    moves = frozenset({"early_closing_ratio", "start_size_ratio"})
    settings = ("max_age_q",)
    needs = ("survival_gain_5y", "employment_gain")

    def deliver(self, now: Now) -> None:
        """Treat firms up to the age limit; effects last five years."""
        firms = now.state.firms.a
        if self.active(now):
            age = now.quarter - firms.birth_q
            young = (firms.kind >= 0) & (firms.kind != OUTSIDE) & (age <= self.measure.settings["max_age_q"])
            rows = self.choose(now, np.flatnonzero(young), firms.id)
            now.state.ledger.add(self.name, firms.id[rows], rows, now.quarter, 1.0)
            self.spend(now, rows.size)
        treated = now.state.ledger.present(self.name, firms.id)
        current = now.quarter - treated.start_q < LASTS_Q
        rows, intensity = treated.rows[current], treated.intensity[current]
        table, gain = now.reference.closing_year[:5], float(self.p.survival_gain_5y)
        own = closing_ratio(table, gain, float(now.parameters.firms.own_account_closing_ratio))
        ratio = np.where(firms.kind[rows] == OWN_ACCOUNT, own, closing_ratio(table, gain))
        now.levers.move("early_closing_ratio", ratio**intensity, rows)
        now.levers.move("start_size_ratio", (1.0 + float(self.p.employment_gain)) ** intensity, rows)


def closing_ratio(closing_year: np.ndarray, gain: float, share: float = 1.0) -> float:  # type: ignore[type-arg]
    """Ratio of hazards that raises five-year survival by `gain` from what the yearly hazards imply; at least 0.

    `share` is the part of those hazards the ratio acts on: what else ends own-account firms is the owner's leaving.
    """
    survival = float(np.prod(1.0 - closing_year))
    return max(1.0 - float(np.log(min(survival + gain, 0.999) / survival) / (-np.log(survival) * share)), 0.0)
