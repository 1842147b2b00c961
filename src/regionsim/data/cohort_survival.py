"""Net migration by age, which nobody publishes, from cohort survival: a population less the survivors of an earlier."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables

Array = NDArray[np.float64]

CLASSES = 18  # five-year classes 0-4 .. 80-84, 85+
SPAN = 5  # years between the two populations compared


def cohort_net(tables: RegionTables, mortality: Array, first_year: int, start: int, total: float) -> Array:
    """Net migration a year by sex and class: the later population less survivors of the earlier; (2, CLASSES)."""
    earlier, later = classes_of(tables, start), classes_of(tables, start + SPAN)
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


def classes_of(tables: RegionTables, year: int) -> Array:
    frame = tables.population_history
    rows = frame[frame["year"] == year]
    out = np.zeros((2, CLASSES))
    for band, sex, persons in zip(rows["age_band"], rows["sex"], rows["persons"], strict=True):
        out[0 if sex == "F" else 1, min(int(band.split("-")[0].rstrip("+")) // 5, CLASSES - 1)] += persons
    return out


def _five_year_survival(rate: Array, five_year_class: int) -> Array:
    """Chance to be alive five years on, mean over the ages of a class; (2,)."""
    ages = range(5 * five_year_class, 5 * five_year_class + 5) if five_year_class < CLASSES - 1 else range(85, 96)
    alive = [np.prod(1.0 - rate[:, age : age + 5], axis=1) for age in ages]
    return np.asarray(np.mean(alive, axis=0))
