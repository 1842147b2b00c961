"""Institutions that act together: who is willing, whether that is enough, how well it goes (E-20, V1, D1-D5)."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import mesa

from regionsim.institutions.body import Body

LEAST_QUALITY, MOST_QUALITY = 0.4, 0.98
TWO_PARTNERS = 2  # "at least two must want to take part"


class Coalition(Body):
    """Municipalities and institutions; levels: how many levels of government answer for them."""

    def __init__(self, model: mesa.Model, row: int, name: str, members: Sequence[Body], levels: int) -> None:
        super().__init__(model, row, name)
        self.members, self.levels = tuple(members), levels

    @property
    def willing_members(self) -> tuple[Body, ...]:
        """Those who take part."""
        return tuple(member for member in self.members if member.willing)

    @property
    def may_act(self) -> bool:
        """Whether enough members are willing."""
        return gate_is_open(len(self.willing_members))

    def quality(self, instruments: int = 0) -> float:
        """Quality of coordination with so many instruments (agreements, working groups...)."""
        p = self.model.parameters.institutions
        gains = [float(p.coordination_gain)] * instruments
        actors = len(self.willing_members)
        return coordination_quality(float(p.coordination_start), gains, float(p.coordination_cost), self.levels, actors)


def gate_is_open(willing: int, needed: int = TWO_PARTNERS) -> bool:
    """Whether a joint project may start: at least `needed` willing partners (V1)."""
    return willing >= needed


def coordination_quality(start: float, gains: Sequence[float], cost: float, levels: int, actors: int) -> float:
    """q_c of E-20: each instrument closes a share of the gap to 1, every level times actor costs; from .4 to .98."""
    reached = 1.0 - (1.0 - start) * prod(1.0 - gain for gain in gains)
    return min(max(reached / (1.0 + cost * levels * actors), LEAST_QUALITY), MOST_QUALITY)
