"""Four rules of the quarter as a Mesa model with an object for every person and firm: the usual way, with care.

The comparison is meant to be hard to beat: one call a step for each agent, plain attributes, tables as nested lists,
and the step's random draws handed over ready-made (the project's keyed draws, so that both models decide alike).
"""

from __future__ import annotations

import mesa
import numpy as np

from regionsim.model.region_model import RegionModel
from regionsim.processes.demography.ageing import PUPIL_AGE_Q
from regionsim.processes.demography.deaths import death_probability_year
from regionsim.processes.labour.separations import LAST_TENURE_Q, NEWLY_INACTIVE_RUNG, quits_by_tenure
from regionsim.state.draws import event_key, uniforms
from regionsim.state.people import (
    CHILD,
    CHILD_AT_HOME,
    INACTIVE,
    JOB_SEEKER,
    LEFT,
    PARTNERED,
    PUPIL,
    RESIDENT,
    SELF_EMPLOYED,
    SINGLE,
)
from regionsim.state.region_state import Now

ADULT_Q = 15 * 4
COMPARED = ("place", "age_q", "household_role", "activity", "ladder", "tenure_q", "duration_q")  # columns of people


class Firm(mesa.Agent):
    """An establishment; knows what share of its workers it must lay off."""

    def __init__(self, model: PeopleAsObjects, key: int, owner_age_q: int, jobs: int, desired: int) -> None:
        super().__init__(model)
        self.key, self.owner_age_q, self.jobs, self.desired = key, owner_age_q, jobs, desired
        self.layoff = 0.0

    def step(self) -> None:
        """The owner grows older; jobs above the desired number give every worker a chance to be laid off."""
        self.owner_age_q += 1
        excess = self.jobs - self.desired
        self.layoff = self.model.layoff_adjustment_q * excess / self.jobs if excess > 0 else 0.0


class Person(mesa.Agent):
    """A resident, or a commuter into the region."""

    def __init__(
        self,
        model: PeopleAsObjects,
        index: int,
        sex: int,
        education: int,
        arrondissement: int,
        place: int,
        age_q: int,
        household_role: int,
        activity: int,
        ladder: int,
        tenure_q: int,
        duration_q: int,
        employer: Firm | None,
    ) -> None:
        super().__init__(model)
        self.index = index
        self.sex, self.education, self.arrondissement, self.place = sex, education, arrondissement, place
        self.age_q, self.household_role, self.activity, self.ladder = age_q, household_role, activity, ladder
        self.tenure_q, self.duration_q, self.employer = tenure_q, duration_q, employer
        self.dies = False

    def step(self) -> None:
        """One quarter."""
        self.grow_older()
        if self.place == RESIDENT:
            self.leave_home()
            self.face_death()
        if self.employer is not None and not self.dies:
            self.face_separation(self.employer)

    def grow_older(self) -> None:
        """Age, tenure and durations advance; a child of fifteen is a pupil."""
        self.age_q += 1
        if self.employer is not None:
            self.tenure_q += 1
        if self.activity == JOB_SEEKER or self.place == LEFT:
            self.duration_q += 1
        if self.activity == CHILD and self.age_q >= PUPIL_AGE_Q:
            self.activity = PUPIL

    def leave_home(self) -> None:
        """Leave the parental home, for a partner or alone."""
        if self.household_role != CHILD_AT_HOME or self.age_q < ADULT_Q:
            return
        model, age = self.model, min(self.age_q >> 2, 110)
        if model.draw_home[self.index] < model.leave_home_q[self.sex][age]:
            joins = model.draw_partner[self.index] < model.partnered[self.sex][age]
            self.household_role = PARTNERED if joins else SINGLE

    def face_death(self) -> None:
        """Die with the chance of age, sex and arrondissement; the exit comes at the end of the step."""
        model = self.model
        if model.draw_death[self.index] < model.death_q[self.arrondissement][self.sex][min(self.age_q >> 2, 110)]:
            self.dies = True
            model.dying.append(self)

    def face_separation(self, firm: Firm) -> None:
        """Quit by tenure, be laid off, or leave the labour force by education."""
        if self.activity == SELF_EMPLOYED:
            return
        model, index = self.model, self.index
        leaves = self.place == RESIDENT and model.draw_out[index] < model.leaves_q[self.education]
        if (
            leaves
            or model.draw_quit[index] < model.quits_q[min(self.tenure_q, LAST_TENURE_Q)]
            or (firm.layoff > 0.0 and model.draw_layoff[index] < firm.layoff)
        ):
            firm.jobs -= 1
            self.employer, self.tenure_q, self.duration_q = None, 0, 0
            self.activity = INACTIVE if leaves else JOB_SEEKER
            self.ladder = NEWLY_INACTIVE_RUNG if leaves else -1


class PeopleAsObjects(mesa.Model):
    """The people and firms of a RegionModel as agents. `region` gives drivers, parameters and draws of each quarter."""

    def __init__(self, region: RegionModel) -> None:
        super().__init__(rng=0)
        self.region = region
        p, f, reference = region.people.a, region.firms.a, region.setup.reference
        firm_rows, rows = region.firms.rows(), region.people.rows()
        of_firm = zip(*(column[firm_rows].tolist() for column in (f.id, f.owner_age_q, f.jobs, f.desired)), strict=True)
        firm_at = {row: Firm(self, *values) for row, values in zip(firm_rows.tolist(), of_firm, strict=True)}
        arrondissement = reference.arrondissement_of[p.municipality]
        columns = (p.sex, p.education, arrondissement, *(getattr(p, name) for name in COMPARED))
        values = zip(*(column[rows].tolist() for column in columns), strict=True)
        employers = [firm_at.get(row) for row in p.employer[rows].tolist()]
        for index, (one, employer) in enumerate(zip(values, employers, strict=True)):
            Person(self, index, *one, employer)
        self.ids = p.id[rows].copy()
        self.dying: list[Person] = []
        self.people, self.firms = self.agents_by_type[Person], self.agents_by_type[Firm]

    def step(self) -> None:
        """One quarter of the four rules, then the dead are removed."""
        now = self.region.now()
        self.look_up(now)
        self.draw(now)
        self.firms.do("step")
        self.people.do("step")
        for person in self.dying:
            if person.employer is not None:
                person.employer.jobs -= 1
            person.remove()
        self.dying.clear()
        self.region.state.quarter += 1

    def look_up(self, now: Now) -> None:
        """The quarter's chances as plain lists."""
        reference, labour = now.reference, now.parameters.labour
        pace = float(getattr(now.parameters.demography, f"mortality_pace_{now.world.ageing}"))
        yearly = death_probability_year(now, pace) * float(now.drivers["mortality"])
        by_place = np.minimum(yearly[None] * reference.death_factor[:, None, None], 1.0)
        self.death_q = (1.0 - np.power(1.0 - by_place, 0.25)).tolist()
        self.leave_home_q = (1.0 - np.power(1.0 - reference.leave_home_year, 0.25)).tolist()
        self.partnered = reference.partnered_share.tolist()
        self.quits_q = quits_by_tenure(labour.quit_base_q, labour.quit_new_q, labour.quit_decay_q).tolist()
        self.leaves_q = list(labour.leaves_labour_force_q)
        self.layoff_adjustment_q = float(labour.layoff_adjustment_q)

    def draw(self, now: Now) -> None:
        """This quarter's draws of everyone who was there at the start, one list a decision."""
        home, separation = now.key("young_adults_leave_home"), now.key("separations")
        self.draw_home, self.draw_partner = self.uniforms(home), self.uniforms(event_key(home, np.uint64(1)))
        self.draw_death, self.draw_quit = self.uniforms(now.key("deaths")), self.uniforms(separation)
        self.draw_layoff = self.uniforms(event_key(separation, np.uint64(1)))
        self.draw_out = self.uniforms(event_key(separation, np.uint64(2)))

    def uniforms(self, key: np.uint64) -> list[float]:
        """Uniform draws under a stream key."""
        drawn: list[float] = uniforms(np.uint64(key), self.ids).tolist()
        return drawn
