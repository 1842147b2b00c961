"""How far apart the municipalities of a region are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables

Array = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0  # mean radius


def distances(tables: RegionTables) -> Array:
    """Kilometres between the centroids of municipalities in the order of the table, 0 on the diagonal; (M, M)."""
    places = tables.municipalities
    return great_circle_km(places["longitude"].to_numpy(np.float64), places["latitude"].to_numpy(np.float64))


def great_circle_km(longitude: Array, latitude: Array) -> Array:
    """Distances over a sphere between all pairs of points in degrees, by the haversine formula; (n, n)."""
    east, north = np.radians(longitude), np.radians(latitude)
    half_east = np.sin((east[:, None] - east) / 2.0) ** 2
    half_north = np.sin((north[:, None] - north) / 2.0) ** 2
    chord = half_north + np.cos(north)[:, None] * np.cos(north) * half_east
    distance: Array = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(chord), 1.0))
    return distance
