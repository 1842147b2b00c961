"""Who works for himself, as main or as side activity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import capped_share_out, deal
from regionsim.population.keyed import Keyed
from regionsim.state.parameters import Block

Rows = NDArray[np.int64]

_AGES = (20.0, 30.0, 42.0, 57.0, 70.0)  # ages of `self_employed_by_age`; straight lines between them
_MOST_OF_A_CELL = 0.95


def dealt_self_employed(
    p: Any, rows: Rows, section: Rows, of: Rows, jobs: Rows, total: int, parameters: Block, keyed: Keyed
) -> NDArray[np.bool_]:
    """Which of the employed `rows` (k,) are self-employed as their main activity: `total` of them.

    Sections get their part by `self_employed_by_section` (relative frequencies in the order of SECTIONS), places by
    their workers, persons by `self_employed_by_age` (relative chances by age). No section of a place gets more
    than 95 % of its workers or of its jobs; a total beyond that is cut. section, of (k,): section and arrondissement
    of the rows; jobs (sections, A): located there.
    """
    sections, places = jobs.shape
    cell = section * places + of
    members = np.bincount(cell, minlength=jobs.size).reshape(jobs.shape)
    caps = np.floor(_MOST_OF_A_CELL * np.minimum(members, jobs)).astype(np.int64)
    weights = np.array(parameters.self_employed_by_section) * members.sum(axis=1)
    by_section = capped_share_out(weights, caps.sum(axis=1), min(total, int(caps.sum())))
    chosen = np.array([capped_share_out(members[s], caps[s], int(by_section[s])) for s in range(sections)])
    weight = np.interp(p.age_q[rows] / 4.0, _AGES, parameters.self_employed_by_age)
    race = np.log(-np.log(keyed.uniform("self-employed", p.id[rows])) / weight)  # exponential race, lowest first
    table = np.stack([chosen, members - chosen], axis=2).reshape(-1, 2)
    found: NDArray[np.bool_] = deal(cell, race, table) == 0
    return found


def dealt_side_activities(p: Any, rows: Rows, total: int, keyed: Keyed) -> NDArray[np.bool_]:
    """Which of the employees `rows` are self-employed on the side: exactly `total`, or all if there are fewer."""
    count = min(max(total, 0), rows.size)
    table = np.array([[count, rows.size - count]])
    score = keyed.uniform("side activity", p.id[rows])
    found: NDArray[np.bool_] = deal(np.zeros(rows.size, np.int8), score, table) == 0
    return found
