"""Where a graduate lives (E-7, M22, M23): the formula, and what the region has to offer this quarter.

Reads       people.studied_here, people.household_role, people.place; economy.tightness, economy.base_tightness,
            economy.unemployment_trend, economy.base_unemployment_trend, economy.rd_job_share,
            economy.base_rd_job_share, economy.amenity
Requests    nothing: the processes of this folder do
Drivers     relative_wage_neighbours, tightness_neighbours (through the gaps of the labour market)
Levers      graduate_pull, place_image
Parameters  configs/parameters/migration.yaml -> stay_constant, stay_wage, stay_tightness, stay_research, rd_share_sd,
            stay_studied_here, stay_selection, stay_family, stay_amenity, stay_image
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.labour.gaps import ln_tightness_gap, ln_wage_gap
from regionsim.state.parameters import Block
from regionsim.state.people import CHILD_AT_HOME, LEFT, PARTNERED, STUDIED_HERE
from regionsim.state.region_state import Now


class StayWeights(NamedTuple):
    """Log-odds of the formula that differ from person to person."""

    constant: float
    studied_here: float  # the causal part
    selection: float  # what those who study here have in common, no measure may use it
    family: float


def stay_weights(p: Block) -> StayWeights:
    """The weights of a draw, from the block 'migration'."""
    return StayWeights(p.stay_constant, p.stay_studied_here, p.stay_selection, p.stay_family)


@njit(cache=True, inline="always")
def chance_of_living_here(appeal, studied_here, family, b):  # type: ignore[no-untyped-def]
    """P(here) = logistic(constant + appeal + studied here (causal and selection) + family) (E-7)."""
    odds = b.constant + appeal + (b.studied_here + b.selection) * studied_here + b.family * family
    return 1.0 / (1.0 + math.exp(-odds))


@njit(cache=True, inline="always")
def has_family_here(p, i):  # type: ignore[no-untyped-def]
    """1 for who lives with parents or a partner here, and for who left: they grew up here (assumption)."""
    at_home, with_partner = p.household_role[i] == CHILD_AT_HOME, p.household_role[i] == PARTNERED
    return 1.0 if p.place[i] == LEFT or at_home or with_partner else 0.0


@njit(cache=True, inline="always")
def did_study_here(p, i):  # type: ignore[no-untyped-def]
    """1 for who studied in the region."""
    return 1.0 if p.studied_here[i] == STUDIED_HERE else 0.0


def region_appeal(now: Now) -> float:
    """Log-odds to live here that wages, tightness, research jobs, image and pull add; 0 in the first quarter."""
    pull = now.levers.region("graduate_pull")
    return labour_market_appeal(now) + float(pull)


def labour_market_appeal(now: Now) -> float:
    """The same without what only graduates feel."""
    p, economy = now.parameters.migration, now.state.economy
    known = economy.base_rd_job_share > 0.0
    research = (economy.rd_job_share - economy.base_rd_job_share) / p.rd_share_sd if known else 0.0
    gaps = p.stay_wage * ln_wage_gap(now) + p.stay_tightness * ln_tightness_gap(now)
    return float(gaps + p.stay_research * research + p.stay_image * now.levers.region("place_image"))


def appeal_by_place(now: Now) -> NDArray[np.float64]:
    """Appeal of the region and amenity of each arrondissement, in log-odds; (A,)."""
    amenity = now.parameters.migration.stay_amenity * now.state.economy.amenity
    appeal: NDArray[np.float64] = region_appeal(now) + amenity
    return appeal
