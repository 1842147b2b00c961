"""Lasting differences between persons and between firms that follow from their id: the same in every plan and draw."""

from __future__ import annotations

import math

from numba import njit

from regionsim.state.draws import code, normal

_SKILL = code("skill")
_DIGITAL_SKILL = code("digital skill")
_WORKABILITY = code("workability")


@njit(cache=True, inline="always")
def skill_of(person, sd):  # type: ignore[no-untyped-def]
    """Ln productivity of a person above the mean of the education level, before any course."""
    return sd * normal(_SKILL, person)


@njit(cache=True, inline="always")
def digital_skill_of(person, constant, by_education, education, by_decade, age_q, sd):  # type: ignore[no-untyped-def]
    """Digital skill between 0 and 1: logistic, higher with education, lower with age beyond 20."""
    decades = max(age_q * 0.25 - 20.0, 0.0) * 0.1
    logit = constant + by_education * education - by_decade * decades + sd * normal(_DIGITAL_SKILL, person)
    return 1.0 / (1.0 + math.exp(-logit))


@njit(cache=True, inline="always")
def workability_of(firm, sd):  # type: ignore[no-untyped-def]
    """How well a firm lets people last and combine work with life, between 0 and 1; median one half."""
    return 1.0 / (1.0 + math.exp(-sd * normal(_WORKABILITY, firm)))


@njit(cache=True)
def fill_abilities(p, rows, skill_sd, digital):  # type: ignore[no-untyped-def]
    """Skill and digital skill of new people; digital = (constant, by education, by decade, sd)."""
    for k in range(rows.size):
        i = rows[k]
        p.skill[i] = skill_of(p.id[i], skill_sd)
        p.digital_skill[i] = digital_skill_of(
            p.id[i], digital[0], digital[1], p.education[i], digital[2], p.age_q[i], digital[3]
        )


@njit(cache=True)
def fill_workability(f, rows, sd):  # type: ignore[no-untyped-def]
    """Workability of new firms."""
    for k in range(rows.size):
        f.workability[rows[k]] = workability_of(f.id[rows[k]], sd)
