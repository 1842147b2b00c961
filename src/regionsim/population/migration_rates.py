"""Departures by age that nobody publishes: arrivals of the census less net migration by age from cohort survival."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.state.errors import InputError
from regionsim.state.reference import LAST_AGE

Array = NDArray[np.float64]

CLASSES = 18  # five-year classes 0-4 .. 80-84, 85+
SPAN = 5  # years between the two populations compared


def departure_rates(
    tables: RegionTables, arrivals: Array, mortality: Array, first_year: int, population: Array
) -> tuple[Array, Array, Array]:
    """Yearly probability of departure by sex and age (2, 111), factor by arrondissement (A,), reference net (A,).

    Net migration by class over the five years from the first population table comes from cohort survival and is
    shifted so that its sum is the published net migration; departures = arrivals - net, never below a twentieth of
    arrivals. The factor makes each arrondissement's departures fit its own arrivals and net migration.
    """
    codes = list(tables.labels.arrondissements)
    _check_years(tables)
    start = int(tables.population_history["year"].min())
    events = tables.vital_events[tables.vital_events["year"].between(start, start + SPAN - 1)]
    net_place = events.groupby("arrondissement")["net_migration"].mean().reindex(codes).to_numpy(float)
    net = _cohort_net(tables, mortality, first_year, start, float(net_place.sum()))
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
    return by_age, factor, net_place


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


def _cohort_net(tables: RegionTables, mortality: Array, first_year: int, start: int, total: float) -> Array:
    """Net migration a year by sex and class: the later population less survivors of the earlier; (2, CLASSES)."""
    earlier, later = _classes_of(tables, start), _classes_of(tables, start + SPAN)
    rates = mortality[[min(max(y - first_year, 0), mortality.shape[0] - 1) for y in range(start, start + SPAN)]].mean(
        axis=0
    )
    survival = np.stack([_five_year_survival(rates, c) for c in range(CLASSES)], axis=1)  # (2, CLASSES)
    expected = np.zeros_like(earlier)
    expected[:, 1:] = earlier[:, :-1] * survival[:, :-1]
    expected[:, -1] += earlier[:, -1] * survival[:, -1]
    births = tables.vital_events
    born = float(births[births["year"].between(start, start + SPAN - 1)]["births"].sum())
    expected[:, 0] = born * np.array([1.0, 1.05]) / 2.05 * (1.0 - rates[:, 0])
    net = (later - expected) / SPAN
    shift = (net.sum() - total) / later.sum()  # level shift between the two population series, spread evenly
    shifted: Array = net - shift * later
    return shifted


def _classes_of(tables: RegionTables, year: int) -> Array:
    frame = tables.population_history
    rows = frame[frame["year"] == year]
    out = np.zeros((2, CLASSES))
    for band, sex, persons in zip(rows["age_band"], rows["sex"], rows["persons"], strict=True):
        out[0 if sex == "F" else 1, min(int(band.split("-")[0].rstrip("+")) // 5, CLASSES - 1)] += persons
    return out


def _by_class(by_age: Array) -> Array:
    """(2, 111) ages summed to (2, CLASSES)."""
    classes = np.minimum(np.arange(LAST_AGE + 1) // 5, CLASSES - 1)
    return np.stack([np.bincount(classes, weights=row, minlength=CLASSES) for row in by_age])


def _five_year_survival(rate: Array, five_year_class: int) -> Array:
    """Chance to be alive five years on, mean over the ages of a class; (2,)."""
    ages = range(5 * five_year_class, 5 * five_year_class + 5) if five_year_class < CLASSES - 1 else range(85, 96)
    alive = [np.prod(1.0 - rate[:, age : age + 5], axis=1) for age in ages]
    return np.asarray(np.mean(alive, axis=0))
