"""Mechanisms that provide something to places or to the whole region: capacity, promotion, rules, coordination."""

from __future__ import annotations

import math

import numpy as np

from regionsim.interventions import targets
from regionsim.interventions.base import Array, Intervention, moved_by, works
from regionsim.state.ledger import NOBODY
from regionsim.state.levers import LEVERS
from regionsim.state.places import ORIGINS
from regionsim.state.region_state import Now

PLACE_LEVERS = frozenset(name for name, lever in LEVERS.items() if lever.over in ("arrondissement", "region"))
PROMOTED = frozenset({"tourism_promotion", "place_image", "winter_visitors", "local_purchases", "sector_demand"})


class Provide(Intervention):
    """What is provided adds up; `full_units` of it, at work, have the full effect that the parameters state."""

    units = frozenset({"place", "region"})
    settings = {
        "full_units": None,  # units with the full effect
        "build_q": 0,  # quarters from paying to using
        "lasts_q": 0,  # quarters of use; 0: for good
        "origins": (),  # of visitors, for levers over them; none given: all
    }

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """Provide the amount due, if there is a place for it."""
        if amount <= 0.0:
            return 0.0
        if not targets.municipalities(self.target, now.reference).any():
            self.account(now).obstacle = NOBODY
            return 0.0
        built = np.array([amount / now.scale * quality])
        now.state.ledger.add(self.name, np.zeros(1, np.uint64), np.zeros(1, np.int64), now.quarter, built)
        return amount

    def move(self, now: Now) -> None:
        """The share of the full effect that is at work, where it is at work."""
        share = self.effort(now)
        if share > 0.0:
            for lever, parameter in self.measure.effects.items():
                where = self.spread(now, lever)
                if where.any():
                    now.levers.move(lever, moved_by(lever, self.size(parameter), share * where))

    def effort(self, now: Now) -> float:
        """What is at work relative to the full effort; beyond it a further unit adds less (1 + ln, an assumption)."""
        share = self.in_use(now) / float(self.setting("full_units"))
        return share if share <= 1.0 else self.beyond(share)

    def beyond(self, share: float) -> float:
        """Effort that counts of more than the full effort."""
        return 1.0 + math.log(share)

    def in_use(self, now: Now) -> float:
        """Units at work, at scale 1, each weighted by the quality of coordination it was made with."""
        t = now.state.ledger.treatments[self.name]
        build, lasts = int(self.setting("build_q")), int(self.setting("lasts_q"))
        return float(t.intensity[works(now.quarter - t.start_q, build, lasts)].sum())

    def spread(self, now: Now, lever: str) -> Array:
        """Where a lever feels it, from 0 to 1: by the residents of arrondissements, sectors, origins of visitors."""
        over = LEVERS[lever].over
        if over == "arrondissement":
            return targets.coverage(self.target, now)
        if over == "sector":
            return targets.sectors(self.target, now.reference).astype(np.float64)
        if over == "origin":
            wanted = self.setting("origins") or ORIGINS
            return np.array([float(origin in wanted) for origin in ORIGINS])
        return np.ones(1)


class Build(Provide, mechanism="build"):
    """Something is built and run (category 4): it costs from the first quarter, and works when it is finished."""

    may_move = PLACE_LEVERS - {"coordination", "awareness"}


class Promote(Provide, mechanism="promote"):
    """A budget for promotion (category 1): at work while it is spent, and for as long as it is remembered."""

    may_move = PROMOTED
    settings = {**Provide.settings, "lasts_q": 1}


class Regulate(Provide, mechanism="regulate"):
    """A rule of a government: at work while it is kept up; what it costs is its upkeep (destination management)."""

    may_move = frozenset({"peak_visitors", "winter_visitors", "core_refill", "core_quality", "park_space"})
    settings = {**Provide.settings, "lasts_q": 1}

    def beyond(self, share: float) -> float:
        """A rule that is kept up is kept up: more money does not make it stricter."""
        return 1.0


class Coordinate(Provide, mechanism="coordinate"):
    """People and bodies are brought to act together: other measures of the plan are carried out better."""

    may_move = frozenset({"coordination"})
    settings = {**Provide.settings, "lasts_q": 1}
    leads = 2  # information is carried out better too


class OpenSlot(Provide, mechanism="open_slot"):
    """A place in a plan for measures that are announced and not described: does nothing until a user fills it."""

    may_move = frozenset()
    settings = {**Provide.settings, "full_units": 1}


class Places(Provide, mechanism="places"):
    """Places for people to learn in (category 4), open while they are paid for, shared out by residents."""

    may_move = frozenset({"course_places", "dual_places", "dual_student_places", "training_firm_retention"})
    settings = {**Provide.settings, "full_units": 1, "lasts_q": 1}

    def move(self, now: Now) -> None:
        """Places of the quarter by arrondissement."""
        share = places_by_residents(self, now)
        for lever, parameter in self.measure.effects.items():
            now.levers.move(lever, self.in_use(now) * self.size(parameter) * share)


def places_by_residents(measure: Provide, now: Now) -> Array:
    """Shares of the arrondissements in what is offered to residents of the target, adding up to one; (A,)."""
    residents = np.bincount(now.reference.arrondissement_of, weights=now.flows["residents_before"])
    reached = residents * targets.coverage(measure.target, now)
    share: Array = reached / max(float(reached.sum()), 1.0)
    return share
