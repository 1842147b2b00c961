"""Mechanisms that treat firms or persons, each once: information, shared cost, courses, guidance, grants."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from regionsim.interventions import targets
from regionsim.interventions.base import Array, Intervention, moved_by, works
from regionsim.state.draws import code, hashes, uniforms
from regionsim.state.firms import LARGE_FIRM_JOBS
from regionsim.state.ledger import NOBODY, Treatments
from regionsim.state.levers import LEVERS
from regionsim.state.people import JOB_SEEKER, RESIDENT
from regionsim.state.region_state import Now

FIRM_LEVERS = frozenset(name for name, lever in LEVERS.items() if lever.over == "firm")
PERSON_LEVERS = frozenset(name for name, lever in LEVERS.items() if lever.over == "person")
NEGLIGIBLE = 1e-9  # of a unit: sums of scales are not exact


class Treat(Intervention):
    """Each unit of dose is one firm or person, reached once, by keyed priority among those who would take part.

    In a sample a large firm stands for itself alone and counts for `scale` units, so that it is reached no more often.

    Parameters a measure may have beside those of its effects: `uptake`, the chance that who is reached acts on it, and
    `deadweight`, the chance that who acts would have done so without support: both leave cost and take effect away.
    """

    units = frozenset({"firm", "person"})
    settings = {"lag_q": 0, "lasts_q": 0}  # effects start so long after the treatment and last so long; 0: for good
    may_have: ClassVar[tuple[str, ...]] = ("uptake", "deadweight")

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """Treat eligible units that are not in the ledger yet."""
        if units <= 0:
            return 0.0
        rows = self.choose(now, self.eligible(now), units)
        ids = self.ids(now)[rows]
        acts = self.chance(now, "acts", ids) < (self.size("uptake") if "uptake" in self.p.values else 1.0)
        anyway = self.chance(now, "deadweight", ids) < self.deadweight(now)
        helped = np.where(acts & ~anyway, quality, 0.0).astype(np.float64)
        now.state.ledger.add(self.name, ids, rows, now.quarter, helped)
        account = self.account(now)
        counts = self.counts(now, rows)
        account.wasted_eur += float(counts[acts & anyway].sum()) * self.measure.unit_cost_eur
        if units - counts.sum() > 1.0 - NEGLIGIBLE:  # what is left of a unit is too little for the next in line
            account.obstacle = NOBODY
        return float(counts.sum())

    def move(self, now: Now) -> None:
        """Those whose treatment is at work move the levers that `effects` names."""
        treated = self.at_work(now)
        for lever, parameter in self.measure.effects.items():
            now.levers.move(lever, moved_by(lever, self.size(parameter), treated.intensity), treated.rows)

    def at_work(self, now: Now) -> Treatments:
        """Treatments of units that are still there, between their lag and their end."""
        t = now.state.ledger.present(self.name, self.ids(now))
        lag, lasts = int(self.setting("lag_q")), int(self.setting("lasts_q"))
        current = works(now.quarter - t.start_q, lag, lasts) & (t.intensity > 0.0)
        return Treatments(t.ids[current], t.rows[current], t.start_q[current], t.intensity[current])

    def eligible(self, now: Now) -> NDArray[np.int64]:
        """Rows of the units that the target allows and who would take part if they were asked."""
        rows = self.allowed(now)
        share = float(now.parameters.institutions.take_up) + now.levers.region("awareness")
        return rows[self.chance(now, "takes part", self.ids(now)[rows]) < share]

    def allowed(self, now: Now) -> NDArray[np.int64]:
        """Rows of the units that the target allows."""
        return targets.firms(self.target, now) if self.target.unit == "firm" else targets.persons(self.target, now)

    def choose(self, now: Now, rows: NDArray[np.int64], units: int) -> NDArray[np.int64]:
        """The units among eligible `rows` that the order reaches: lowest keyed priority first, so that a higher dose
        only adds units."""
        fresh = np.ones(self.ids(now).size, np.bool_)
        fresh[now.state.ledger.present(self.name, self.ids(now)).rows] = False
        rows = rows[fresh[rows]]
        priority = hashes(np.uint64(now.draws.seed ^ code("priority: " + self.name)), self.ids(now)[rows])
        first: NDArray[np.int64] = rows[np.argsort(priority, kind="stable")]
        return first[np.cumsum(self.counts(now, first)) <= units + NEGLIGIBLE]

    def counts(self, now: Now, rows: NDArray[np.int64]) -> Array:
        """Units that each row counts for: 1, and `scale` for a large firm, which is in every sample."""
        if self.target.unit != "firm":
            return np.ones(rows.size)
        return np.where(now.state.firms.a.real_jobs[rows] >= LARGE_FIRM_JOBS, now.scale, 1.0)

    def ids(self, now: Now) -> NDArray[np.uint64]:
        """Ids of all rows of the population that the measure treats."""
        population = now.state.firms if self.target.unit == "firm" else now.state.people
        ids: NDArray[np.uint64] = population.a.id
        return ids

    def chance(self, now: Now, what: str, ids: NDArray[np.uint64]) -> Array:
        """A lasting uniform draw for each unit, for instance whether it would have acted without support."""
        values: Array = uniforms(np.uint64(now.draws.seed ^ code(f"{self.name}: {what}")), ids)
        return values

    def deadweight(self, now: Now) -> float:
        """Chance that who acts would have done so without support."""
        return self.size("deadweight") if "deadweight" in self.p.values else 0.0


class Inform(Treat, mechanism="inform"):
    """Information (category 1): who is reached learns of something and some act on it; no money reaches them."""

    may_move = FIRM_LEVERS | PERSON_LEVERS | {"awareness"}
    settings = {"lag_q": 0, "lasts_q": 4}
    leads = 1

    def move(self, now: Now) -> None:
        """Those reached move their own levers; awareness rises with their share in all that the target allows."""
        treated = self.at_work(now)
        for lever, parameter in self.measure.effects.items():
            size = self.size(parameter)
            if LEVERS[lever].over != "region":
                now.levers.move(lever, moved_by(lever, size, treated.intensity), treated.rows)
            elif treated.rows.size:
                share = min(float(treated.intensity.sum()) / max(self.allowed(now).size, 1), 1.0)
                now.levers.move(lever, size * share)


class ShareCost(Treat, mechanism="share_cost"):
    """A public share of a firm's own project (category 2): a project that would have come anyway adds nothing."""

    units = frozenset({"firm"})
    may_move = FIRM_LEVERS - {"research_grant", "equity_eur"}


class Accompany(Treat, mechanism="accompany"):
    """People are guided, coached or shown something, each for a time (category 2 or 4)."""

    units = frozenset({"person"})
    may_move = PERSON_LEVERS


class Course(Treat, mechanism="course"):
    """A course that people finish: what it teaches is learnt once, when it ends (category 2 or 4)."""

    units = frozenset({"person"})
    may_move = frozenset({"skill_course", "digital_course"}) & PERSON_LEVERS
    settings = {"lag_q": 1, "lasts_q": 1}  # the length of the course; then it is in the person's skill


class Incentive(Treat, mechanism="incentive"):
    """A premium for taking on people of a target group (category 2; M12c).

    The tighter the labour market, the more of them would have found work anyway: deadweight is .4 at a quarter vacancy
    for each job-seeker and rises by one for each vacancy more, between .3 and 1.
    """

    units = frozenset({"person"})
    may_move = frozenset({"search_ratio"}) & PERSON_LEVERS
    settings = {"lag_q": 0, "lasts_q": 4}
    may_have = ()

    def deadweight(self, now: Now) -> float:
        """By vacancies per registered job-seeker of the last quarter."""
        return float(np.clip(0.4 + (vacancies_per_seeker(now) - 0.25), 0.3, 1.0))


def vacancies_per_seeker(now: Now) -> float:
    """Vacancies open after the last matching over job-seekers now."""
    people = now.state.people.a
    seekers = int(((people.place == RESIDENT) & (people.activity == JOB_SEEKER)).sum())
    return float(now.state.economy.vacancies.sum()) / max(seekers, 1)


class Grant(Treat, mechanism="grant"):
    """Money for research of a firm (category 2): the public cost of a unit, spread over the quarters it lasts (M1)."""

    units = frozenset({"firm"})
    moves_always = frozenset({"research_grant"})
    settings = {"lag_q": 0, "lasts_q": 4}
    may_move = FIRM_LEVERS - {"equity_eur"}

    def move(self, now: Now) -> None:
        """EUR a quarter for those whose project runs; what else `effects` names."""
        super().move(now)
        treated = self.at_work(now)
        eur_q = float(self.measure.unit_cost_eur) / int(self.setting("lasts_q"))
        now.levers.move("research_grant", eur_q * treated.intensity, treated.rows)
