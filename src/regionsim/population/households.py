"""Position in the household: the published roles, dealt out by place, sex and age."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.by_age import YEARS, opened_by_age
from regionsim.population.integer import deal, share_out
from regionsim.population.keyed import Keyed
from regionsim.state.people import CHILD_AT_HOME
from regionsim.state.reference import BANDS

Ints = NDArray[np.int64]


def dealt_roles(
    p: Any, band: NDArray[np.int8], of: Ints, studying: NDArray[np.bool_], roles: Ints, odds: float, keyed: Keyed
) -> NDArray[np.int16]:
    """Household role of every resident (n,), in the published shares by arrondissement, sex and band.

    Exact where the published totals agree with the residents, smooth by single year. Those who study live with their
    parents first: `odds` is their weight in the keyed race for it, against 1 of others of their age.
    of (n,): arrondissement; studying (n,): pupils and students; roles (A, 2, BANDS, roles).
    """
    places, labels = roles.shape[0], roles.shape[3]
    age = np.minimum(p.age_q // 4, band.astype(np.int64) * YEARS + YEARS - 1)
    cell = (of * 2 + p.sex) * BANDS * YEARS + age
    groups = places * 2 * BANDS * YEARS
    members = np.bincount(cell, minlength=groups).reshape(places, 2, BANDS, YEARS)
    table = opened_by_age(share_out(roles, members.sum(axis=3)), members).reshape(groups, labels)
    at_home = np.where(np.arange(labels) == CHILD_AT_HOME, table, 0)
    elsewhere = table - at_home
    race = np.log(-np.log(keyed.uniform("lives with parents", p.id))) - np.log(odds) * studying
    left = deal(cell, race, np.stack([at_home.sum(axis=1), elsewhere.sum(axis=1)], axis=1))
    both = np.stack([at_home, elsewhere], axis=1).reshape(2 * groups, labels)
    return deal(cell * 2 + left, keyed.uniform("household role", p.id), both)
