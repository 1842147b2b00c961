"""Young graduates on census day: where they studied, and those who had left by then and may return."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.keyed import Keyed
from regionsim.state.identity import LEFT_BEFORE, offspring
from regionsim.state.parameters import Block
from regionsim.state.people import (
    BACHELOR,
    FROM_HERE,
    INACTIVE,
    LEFT,
    MASTER,
    RESIDENT,
    SINGLE,
    STUDENT_AWAY,
    STUDIED_AWAY,
    STUDIED_HERE,
    People,
)

_FROM_AGE_Q, _UNTIL_AGE_Q = 22 * 4, 35 * 4
_COPIED = ("sex", "age_q", "municipality", "education", "technical")


def settle_place_of_study(p: Any, parameters: Block, keyed: Keyed) -> None:
    """Fill studied_here of residents of 22 to 34 with a diploma, by the shares of those who stayed (p is filled)."""
    rows = _young_graduates(p)
    here = _studied_here(p, rows, parameters.stayers_studied_here, keyed)
    p.studied_here[rows] = np.where(here, STUDIED_HERE, STUDIED_AWAY)


def add_graduates_who_left(people: People, parameters: Block, keyed: Keyed) -> None:
    """New rows of `people`: a keyed share of resident graduates of 22 to 34 has somebody like them who left.

    With a share l of those who grew up here gone, and a share g of residents who grew up here, g * l / (1 - l) left for
    each resident: the stock that leaving and returning at the rates of migration.yaml keep up.
    """
    models = _young_graduates(people.a)
    age_group = np.clip(people.a.age_q[models] // (5 * 4) - _FROM_AGE_Q // (5 * 4), 0, 2)
    of_education = np.array(parameters.graduates_left_share)[people.a.education[models] - BACHELOR]
    left = np.array(parameters.graduates_left_by_age)[age_group] * of_education
    per_resident = parameters.grew_up_here_share * left / (1.0 - left)
    models = models[keyed.uniform("graduates who left", people.a.id[models]) < per_resident]
    copied = {name: people.column(name)[models].copy() for name in _COPIED}
    ids = np.array([offspring(LEFT_BEFORE, i, 0, 0) for i in people.a.id[models]], np.uint64)
    rows = people.take_free(models.size)
    p = people.a
    for name, values in copied.items():
        people.column(name)[rows] = values
    p.id[rows], p.place[rows], p.origin[rows] = ids, LEFT, FROM_HERE
    p.activity[rows], p.household_role[rows] = INACTIVE, SINGLE
    here = _studied_here(p, rows, parameters.leavers_studied_here, keyed)
    p.studied_here[rows] = np.where(here, STUDIED_HERE, STUDIED_AWAY)
    away_q = np.maximum(p.age_q[rows] - _FROM_AGE_Q, 0)
    p.duration_q[rows] = np.floor(away_q * keyed.uniform("quarters since graduates left", ids))


def _young_graduates(p: Any) -> NDArray[np.int64]:
    of_age = (p.age_q >= _FROM_AGE_Q) & (p.age_q < _UNTIL_AGE_Q)
    return np.flatnonzero((p.place == RESIDENT) & of_age & (p.education >= BACHELOR) & (p.activity > STUDENT_AWAY))


def _studied_here(p: Any, rows: NDArray[np.int64], shares: tuple[float, ...], keyed: Keyed) -> NDArray[np.bool_]:
    """Keyed draws against the share of bachelors and of masters."""
    chance = np.where(p.education[rows] == MASTER, shares[1], shares[0])
    studied: NDArray[np.bool_] = keyed.uniform("graduates studied here", p.id[rows]) < chance
    return studied
