"""The region on census day, synthesised from its tables: start reading here.

Margins that are constraints hold exactly; everything is whole persons; every draw is keyed, so the same tables,
parameters and seed give the same bytes. The region is always made at scale 1 and then sampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.population.activities import bachelor_or_master, dealt_activities, dealt_levels, dealt_sections
from regionsim.population.census import without_unknowns
from regionsim.population.fit import fit_report
from regionsim.population.graduates_who_left import add_graduates_who_left, settle_place_of_study
from regionsim.population.households import dealt_roles
from regionsim.population.keyed import Keyed
from regionsim.population.places import residents_by_place, settled
from regionsim.population.published import OTHERS, PENSIONERS, SEEKING, STUDENTS, WORKING, Published, published
from regionsim.population.sample import sampled
from regionsim.population.sectors import jobs_by_place, section_lift
from regionsim.population.studies import settle_studies, settle_waits
from regionsim.population.work import settle_work
from regionsim.state.abilities import fill_abilities, fill_workability
from regionsim.state.errors import InputError
from regionsim.state.firms import Firms
from regionsim.state.parameters import Block
from regionsim.state.people import CHILD, EMPLOYED, INACTIVE, JOB_SEEKER, RETIRED, People

if TYPE_CHECKING:
    import pandas as pd

_FIRST_PENSION_AGE_Q = 50 * 4
_CODE_OF = {WORKING: EMPLOYED, SEEKING: JOB_SEEKER, OTHERS: INACTIVE, PENSIONERS: RETIRED}


@dataclass(frozen=True)
class Population:
    """People and firms of the first quarter at a scale, and how well the whole region meets the published margins."""

    people: People
    firms: Firms
    fit: pd.DataFrame
    scale: float


@dataclass
class Draft:
    """Residents in the making: rows 0..residents-1 of `people`, and census codes that People does not keep."""

    people: People
    residents: int
    census: NDArray[np.int64]  # (2, BANDS, 3, activities, 22) without unknowns
    band: NDArray[np.int8]
    activity: NDArray[np.int16]
    level: NDArray[np.int16]
    section: NDArray[np.int8]


def build_population(tables: RegionTables, parameters: Block, scale: float, seed: int) -> Population:
    """Synthesise the region at scale 1 and keep a sample of it.

    parameters: the block 'population'; scale in (0, 1]: rows of people and firms kept, samples nest. Raises InputError
    for a scale outside (0, 1] and for tables that lack the year of the census.
    """
    if not 0.0 < scale <= 1.0:
        raise InputError("scale", f"{scale} is not above 0 and at most 1")
    source, keyed = published(tables), Keyed(seed)
    draft = _drafted(source, keyed)
    _settle_lives(source, draft, parameters, keyed)
    work = settle_work(source, draft.people, draft.section, parameters, keyed)
    fill_workability(work.firms.a, work.firms.rows(), float(parameters.workability_sd))
    fit = fit_report(source, draft, work)
    add_graduates_who_left(draft.people, parameters, keyed)
    digital = np.array(parameters.digital_skill)
    fill_abilities(draft.people.a, draft.people.rows(), float(parameters.wage_sd_log), digital)
    people, firms = sampled(draft.people, work.firms, work.firm_cell, scale, keyed)
    return Population(people, firms, fit, scale)


def _drafted(source: Published, keyed: Keyed) -> Draft:
    """Residents with place, sex, age, census activity, education and section: the census dealt out."""
    census = without_unknowns(source.census)
    municipalities, _ = residents_by_place(source, census.sum(axis=(2, 3, 4)))
    people, band = settled(source, municipalities, keyed)
    p = people.a
    activity = dealt_activities(p, band, census, keyed)
    level = dealt_levels(p, band, activity, census, keyed)
    of = source.labels.arrondissement_of[p.municipality]
    lift = section_lift(source, jobs_by_place(source))
    section = dealt_sections(p, band, activity, level, of, lift, census, keyed)
    return Draft(people, p.id.size, census, band, activity, level, section)


def _settle_lives(source: Published, draft: Draft, parameters: Block, keyed: Keyed) -> None:
    """Columns of residents that follow from the census codes: education, activity, studies, household, ladder."""
    p, activity = draft.people.a, draft.activity
    u = keyed.uniform("bachelor or master", p.id)
    p.education[:] = bachelor_or_master(draft.level, activity, u, parameters.master_share)
    p.technical[:] = keyed.uniform("technical", p.id) < np.array(parameters.technical_share)[p.education]
    p.activity[:] = CHILD
    for census_code, code in _CODE_OF.items():
        p.activity[activity == census_code] = code
    p.activity[(activity == PENSIONERS) & (p.age_q < _FIRST_PENSION_AGE_Q)] = INACTIVE
    p.technical[p.activity == CHILD] = 0
    settle_studies(p, np.flatnonzero(activity == STUDENTS), parameters, source.quarter_of_year, keyed)
    settle_place_of_study(p, parameters, keyed)
    inactive = np.flatnonzero(p.activity == INACTIVE)
    settle_waits(p, inactive, parameters, keyed)
    p.ladder[p.activity == INACTIVE] = 0  # the first quarter deals them to their rungs
    of = source.labels.arrondissement_of[p.municipality]
    studying = activity == STUDENTS
    p.household_role[:] = dealt_roles(p, draft.band, of, studying, source.roles, parameters.home_student_odds, keyed)
