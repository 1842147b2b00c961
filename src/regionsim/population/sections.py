"""From NACE sections, as the publishers count, to the sectors of a region."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.population.published import SECTIONS, published
from regionsim.population.sectors import sector_shares


def section_to_sector(tables: RegionTables) -> dict[str, NDArray[np.float64]]:
    """Share of each section's jobs in each sector: letter -> shape (S,), adding to 1; split as on census day."""
    frame = tables.jobs_section_province
    rows = frame[frame["area"] == "region"]
    jobs = dict(zip(rows["section"], rows["jobs"], strict=True))
    shares = sector_shares(published(tables), np.array([jobs.get(letter, 0) for letter in SECTIONS], np.int64))
    return {letter: shares[i] for i, letter in enumerate(SECTIONS) if shares[i].sum() > 0}


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
