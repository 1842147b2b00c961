"""Distances between municipalities: known pairs, symmetry, the order of the table."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.data.tables import RegionTables, load_region
from regionsim.model.setup import Setup
from regionsim.population.distances import EARTH_RADIUS_KM, distances, great_circle_km


def test_a_degree_of_latitude_is_as_long_everywhere_and_one_of_longitude_shrinks_to_the_pole() -> None:
    degree = EARTH_RADIUS_KM * np.pi / 180
    distance = great_circle_km(np.array([3.0, 3.0, 4.0, 4.0]), np.array([0.0, 1.0, 0.0, 60.0]))
    assert distance[0, 1] == pytest.approx(degree)
    assert distance[0, 2] == pytest.approx(degree)
    far = great_circle_km(np.array([3.0, 3.1]), np.array([60.0, 60.0]))
    assert far[0, 1] == pytest.approx(0.1 * degree / 2, rel=1e-4)
    ends = great_circle_km(np.array([0.0, 180.0]), np.array([0.0, 0.0]))
    assert ends[0, 1] == pytest.approx(np.pi * EARTH_RADIUS_KM)


def test_the_market_squares_of_brugge_and_kortrijk_are_about_42_km_apart() -> None:
    distance = great_circle_km(np.array([3.2247, 3.2649]), np.array([51.2089, 50.8279]))
    assert distance[0, 1] == pytest.approx(42.5, abs=0.5)


def test_distances_of_the_shipped_region_stand_in_the_order_of_its_municipalities() -> None:
    """Brugge reaches to the sea and Kortrijk to the border of its province: their centroids are farther apart."""
    tables = load_region("west_flanders")
    distance, names = distances(tables), list(tables.labels.municipality_names)
    assert distance.shape == (64, 64) and (np.diag(distance) == 0).all()
    assert np.array_equal(distance, distance.T)
    assert distance[names.index("Brugge"), names.index("Kortrijk")] == pytest.approx(49.9, abs=0.5)
    assert 55 < distance[names.index("De Panne"), names.index("Knokke-Heist")] < 60  # the length of the coast
    assert 60 < distance.max() < 80


def test_a_model_knows_them(setup: Setup, fictland: RegionTables) -> None:
    assert np.array_equal(setup.reference.distance_km, distances(fictland))
