"""Who may do what (destination management, D3, D4): money, rules, coordination and data are for different bodies."""

from __future__ import annotations

from typing import Any

from regionsim.state.bodies import KINDS

GOVERNMENTS = frozenset({"province", "municipality"})
STEERING = {
    "finance": frozenset(KINDS) - {"coalition"},  # a coalition gives advice and has no budget
    "regulation": GOVERNMENTS,
    "coordination": GOVERNMENTS
    | {"development_agency", "tourism_board", "coalition", "employment_service", "incubator"},
    "data": GOVERNMENTS | {"development_agency", "tourism_board", "employment_service"},
}


def may_act(actor: Any, of: Any) -> bool:
    """Whether the actor may use the measure's way of steering, in the measure's domain."""
    return actor.kind in STEERING[of.steering] and of.domain in actor.domains
