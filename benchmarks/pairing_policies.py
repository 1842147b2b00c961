"""The three small policies that the pairing benchmark compares with no plan: measures like any other.

Importing this module registers their mechanisms, so that a plan may name them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.interventions.base import Intervention
from regionsim.model.settings import Measure, Plan
from regionsim.state.draws import code, hashes
from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now

MORE_DEMAND, SHARE_OF_FIRMS, PULL = 0.02, 0.05, 0.1


class Policy(Intervention):
    """A perturbation from the plan's first quarter on: nothing is ordered, paid or delivered."""

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """No units."""
        return 0.0


class SmallFirmPolicy(Policy, mechanism="pairing_small_firm_policy"):
    """A share of one sector's employers, chosen once by keyed priority, sells more; the sector sells that much more."""

    moves_always = frozenset({"demand_ratio", "sector_demand"})

    def move(self, now: Now) -> None:
        """Choose firms in the first quarter; the demand lasts as long as the firm."""
        firms, rule, ledger = now.state.firms.a, self.measure.settings, now.state.ledger
        of_sector = (firms.kind == EMPLOYER) & (firms.sector == rule["sector"])
        if not ledger.treatments[self.name].ids.size:
            rows = np.flatnonzero(of_sector)
            priority = hashes(np.uint64(now.draws.seed ^ code("priority: " + self.name)), firms.id[rows])
            rows = rows[np.argsort(priority, kind="stable")][: int(rule["share_of_firms"] * rows.size + 0.5)]
            ledger.add(self.name, firms.id[rows], rows, now.quarter, 1.0)
        treated = ledger.present(self.name, firms.id)
        now.levers.move("demand_ratio", 1.0 + rule["more_demand"], treated.rows)
        weight = np.where(of_sector, firms.size_weight, 0.0)
        more = rule["more_demand"] * weight[treated.rows].sum() / max(float(weight.sum()), 1e-12)
        now.levers.move("sector_demand", one_sector(now, rule["sector"], more))


class SectorDemand(Policy, mechanism="pairing_sector_demand"):
    """Final demand for one sector is higher, everywhere in it."""

    moves_always = frozenset({"sector_demand"})

    def move(self, now: Now) -> None:
        """From the first quarter on."""
        rule = self.measure.settings
        now.levers.move("sector_demand", one_sector(now, rule["sector"], rule["more_demand"]))


class GraduatePull(Policy, mechanism="pairing_graduate_pull"):
    """Graduates like the region better."""

    moves_always = frozenset({"graduate_pull"})

    def move(self, now: Now) -> None:
        """From the first quarter on."""
        now.levers.move("graduate_pull", self.measure.settings["log_odds"])


def one_sector(now: Now, sector: int, more: float) -> NDArray[np.float64]:
    """1 for every sector, 1 + more for one of them; (S,)."""
    ratio = np.ones(now.base.gva.size)
    ratio[sector] += more
    return ratio


def plans(start: str, sector: int) -> dict[str, Plan]:
    """Each policy as a plan of its own, from the quarter `start` on."""
    rules = {
        "small_firm_policy": {"sector": sector, "share_of_firms": SHARE_OF_FIRMS, "more_demand": MORE_DEMAND},
        "sector_demand": {"sector": sector, "more_demand": MORE_DEMAND},
        "graduate_pull": {"log_odds": PULL},
    }
    return {name: Plan(name, start, (_measure(name, rule),)) for name, rule in rules.items()}


def _measure(name: str, rule: dict[str, float]) -> Measure:
    from regionsim.state.parameters import Parameters

    return Measure(
        name=name, mechanism=f"pairing_{name}", title_en=name, title_nl=name, pillar="", domain="digital", dose=0.0,
        unit="policy", quarters=10_000, unit_cost_eur=0.0, evidence="a perturbation, not a measure", settings=rule,
        parameters=Parameters({name: {}}),
    )  # fmt: skip
