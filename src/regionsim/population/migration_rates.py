"""Departures by age that nobody publishes: arrivals of the census less net migration by age from cohort survival."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.cohort_survival import CLASSES, SPAN, classes_of, cohort_net
from regionsim.data.tables import RegionTables
from regionsim.state.errors import InputError
from regionsim.state.reference import LAST_AGE, MIGRATION_AGE_FROM

Array = NDArray[np.float64]


def departure_rates(
    tables: RegionTables, arrivals: Array, mortality: Array, first_year: int, population: Array
) -> tuple[Array, Array, Array, Array]:
    """Yearly probability of departure by sex and age (2, 111), factor by arrondissement (A,), reference net (A,).

    Last: net migration per 1,000 residents by MIGRATION_AGE_FROM (5,), as the driver migration_rate has it.

    Net migration by class over the five years from the first population table comes from cohort survival and is
    shifted so that its sum is the published net migration; departures = arrivals - net, never below a twentieth of
    arrivals. The factor makes each arrondissement's departures fit its own arrivals and net migration.
    """
    codes = list(tables.labels.arrondissements)
    _check_years(tables)
    start = int(tables.population_history["year"].min())
    events = tables.vital_events[tables.vital_events["year"].between(start, start + SPAN - 1)]
    net_place = events.groupby("arrondissement")["net_migration"].mean().reindex(codes).to_numpy(float)
    net = cohort_net(tables, mortality, first_year, start, float(net_place.sum()))
    arriving = arrivals.sum(axis=0)  # (2, BANDS)
    arriving = np.concatenate(
        [arriving[:, : CLASSES - 1], arriving[:, CLASSES - 1 :].sum(axis=1, keepdims=True)], axis=1
    )
    leaving = np.maximum(arriving - net, 0.05 * arriving)
    people = _by_class(population.sum(axis=0))
    rate = np.divide(leaving, people, out=np.zeros_like(leaving), where=people > 0)
    by_age = rate[:, np.minimum(np.arange(LAST_AGE + 1) // 5, CLASSES - 1)]
    expected = (population * by_age[None]).sum(axis=(1, 2))
    wanted = np.maximum(arrivals.sum(axis=(1, 2)) - net_place, 0.0)
    factor = np.divide(wanted, expected, out=np.ones_like(expected), where=expected > 0)
    later = classes_of(tables, start + SPAN)
    groups = [first // 5 for first in MIGRATION_AGE_FROM]
    per_1000 = 1000.0 * np.add.reduceat(net.sum(axis=0), groups) / np.add.reduceat(later.sum(axis=0), groups)
    return by_age, factor, net_place, per_1000


def by_migration_age(by_age: Array) -> Array:
    """Residents (2, 111) summed to the ages of the driver migration_rate; (5,)."""
    summed: Array = np.add.reduceat(by_age.sum(axis=0), MIGRATION_AGE_FROM)
    return summed


def _check_years(tables: RegionTables) -> None:
    """Raises InputError if the population is not known long enough to see who came and went."""
    years = set(tables.population_history["year"].astype(int))
    wanted = min(years) + SPAN if years else 0
    if wanted not in years:
        where = f"{tables.folder / 'population_history.csv'}" + (f", as of {tables.as_of}" if tables.as_of else "")
        raise InputError(
            where,
            f"no population of 1 January {wanted}: net migration by age needs it; allowed: as_of {wanted}Q1 or later",
        )


def _by_class(by_age: Array) -> Array:
    """(2, 111) ages summed to (2, CLASSES)."""
    classes = np.minimum(np.arange(LAST_AGE + 1) // 5, CLASSES - 1)
    return np.stack([np.bincount(classes, weights=row, minlength=CLASSES) for row in by_age])
