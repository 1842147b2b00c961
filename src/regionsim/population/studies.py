"""Pupils and students on census day: where they study, towards what, and until when."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.activities import ADULT_AGE
from regionsim.population.keyed import Keyed
from regionsim.state.parameters import Block
from regionsim.state.people import (
    BACHELOR,
    GENERAL,
    LOW,
    MASTER,
    MIDDLE,
    PUPIL,
    STUDENT_AWAY,
    STUDENT_HERE,
    STUDIED_AWAY,
    STUDIED_HERE,
    TECHNICAL,
    VOCATIONAL,
)

Rows = NDArray[np.int64]

_LAST_PUPIL_AGE = 19
_LAST_WAITING_AGE = 24
_WAITING_RUNG = 2  # as processes/education has it
_THIRD_QUARTER = 2
_BACHELOR_YEARS, _MASTER_YEARS = 3, 5


def settle_studies(p: Any, rows: Rows, parameters: Block, quarter_of_year: int, keyed: Keyed) -> None:
    """Fill activity, study level, planned end and place of study of the `rows` whom the census calls students.

    Pupils are the minors, those of 18 and 19 without a diploma of secondary education, and a share of those of 18 and
    19 who have one. quarter_of_year (0 to 3) is that of census day; studies end in a third quarter.
    """
    age = p.age_q[rows] // 4
    seventh_year = keyed.uniform("seventh year of secondary education", p.id[rows]) < parameters.seventh_year_share
    without_diploma = p.education[rows] == LOW
    pupil = (age < ADULT_AGE) | ((age <= _LAST_PUPIL_AGE) & (without_diploma | seventh_year))
    first_third = (_THIRD_QUARTER - quarter_of_year) % 4
    _settle_pupils(p, rows[pupil], age[pupil], parameters, first_third, keyed)
    _settle_students(p, rows[~pupil], age[~pupil], parameters, first_third, keyed)


def _settle_pupils(p: Any, rows: Rows, age: Rows, parameters: Block, first_third: int, keyed: Keyed) -> None:
    late = keyed.uniform("late in secondary education", p.id[rows]) < parameters.pupil_late_share
    years = np.maximum(ADULT_AGE - 1 - age + late, 0)  # until the calendar year of the 18th birthday
    p.activity[rows] = PUPIL
    p.study_level[rows] = MIDDLE
    p.study_end_q[rows] = first_third + 4 * years
    u = keyed.uniform("technical track", p.id[rows])  # lowest: vocational, then technical, then general
    p.technical[rows] = u < parameters.pupil_technical_share
    vocational = u < parameters.pupil_technical_share * parameters.pupil_vocational_share
    p.track[rows] = np.where(vocational, VOCATIONAL, np.where(p.technical[rows] == 1, TECHNICAL, GENERAL))


def _settle_students(p: Any, rows: Rows, age: Rows, parameters: Block, first_third: int, keyed: Keyed) -> None:
    ids = p.id[rows]
    graduate = p.education[rows] >= BACHELOR
    n, university = rows.size, parameters.students_university_share
    others = max(n - int(graduate.sum()), 1)
    chance = np.clip((university * n - graduate.sum()) / others, 0.0, 1.0)
    master = graduate | (keyed.uniform("university", ids) < chance)
    away_from_university = parameters.university_away_share
    share = master.mean() if n else 0.0
    elsewhere = (parameters.students_away_share - share * away_from_university) / max(1.0 - share, 1e-9)
    p_away = np.where(master, away_from_university, np.clip(elsewhere, 0.0, 1.0))
    away = keyed.uniform("students leave for higher education", ids) < p_away
    p.activity[rows] = np.where(away, STUDENT_AWAY, STUDENT_HERE)
    p.studied_here[rows] = np.where(away, STUDIED_AWAY, STUDIED_HERE)
    p.study_level[rows] = np.where(master, MASTER, BACHELOR)
    nominal = ADULT_AGE - 1 + np.where(master, _MASTER_YEARS, _BACHELOR_YEARS) - age
    late = keyed.uniform("late in higher education", ids) < parameters.student_late_share
    again = np.floor(parameters.student_rest_years * keyed.uniform("rest of the studies", ids)).astype(np.int64)
    p.study_end_q[rows] = first_third + 4 * np.where(nominal >= 0, nominal + late, again)


def settle_waits(p: Any, inactive: Rows, parameters: Block, keyed: Keyed) -> None:
    """Of the `inactive` of 18 to 24 a keyed share waits between studies and work: fills study_end_q and ladder."""
    age = p.age_q[inactive] // 4
    young = inactive[(age >= ADULT_AGE) & (age <= _LAST_WAITING_AGE)]
    waits = young[keyed.uniform("waits for work", p.id[young]) < parameters.waits_share]
    first = keyed.uniform("waits one quarter", p.id[waits]) < parameters.waits_one_quarter_share
    p.study_end_q[waits] = np.where(first, 0, 1)
    p.ladder[waits] = _WAITING_RUNG
