"""From NACE sections, as the publishers count, to the sectors of a region."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables


def section_to_sector(tables: RegionTables) -> dict[str, NDArray[np.float64]]:
    """Share of each section's jobs in each sector: section letter -> shape (S,), adding to 1.

    A section split over several sectors is shared in proportion to their share_of_group (sectors.csv, an assumption)."""
    labels, share = tables.labels, tables.sectors["share_of_group"].to_numpy(float)
    shares: dict[str, NDArray[np.float64]] = {}
    for letter in sorted({letter for sections in labels.sector_sections for letter in sections}):
        within = np.array([letter in sections for sections in labels.sector_sections])
        weight = np.where(within, share, 0.0)
        shares[letter] = weight / weight.sum()
    return shares


def by_sector(tables: RegionTables, by_section: Mapping[str, float]) -> NDArray[np.float64]:
    """Counts by section summed to sectors, shape (S,); sections the region does not name are spread like the others."""
    shares = section_to_sector(tables)
    known = np.zeros(len(tables.labels.sectors))
    unknown = 0.0
    for letter, count in by_section.items():
        if letter in shares:
            known += shares[letter] * count
        else:
            unknown += count
    return known * (1.0 + unknown / max(float(known.sum()), 1e-12))
