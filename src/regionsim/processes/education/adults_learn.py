"""Courses of a plan that end this quarter leave skill behind, for who took them and for good.

Who takes them is in work or not; the standing courses of job-seekers are a process of their own (job_seekers_train).
What is learnt counts in the productivity of the quarter after.

Reads       people.skill, people.digital_skill
Writes      people.skill, people.digital_skill
Levers      skill_course, digital_course
"""

from __future__ import annotations

import numpy as np

from regionsim.state.region_state import Now


def adults_learn(now: Now) -> None:
    """Whoever ends a course this quarter has more skill, or more digital skill, from now on."""
    people, size = now.state.people.a, now.state.people.capacity
    skill = now.levers.over_rows("skill_course", size, or_nothing=True)
    if skill.size:
        people.skill[:] += skill
    digital = now.levers.over_rows("digital_course", size, or_nothing=True)
    if digital.size:
        people.digital_skill[:] = np.clip(people.digital_skill + digital, 0.0, 1.0)
