"""Age profiles where only a mean is published."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.state.errors import InputError
from regionsim.state.reference import LAST_AGE


def fertility_profile(tables: RegionTables, sd: float) -> NDArray[np.float64]:
    """Share of a woman's births at each single age 0..110: normal around the published mean age, 15 to 49 only.

    `sd` in years; that the profile is normal is an assumption, no fertility by age is published for the region.
    Raises InputError if no mean age is known yet.
    """
    if tables.fertility.empty:
        where = f"{tables.folder / 'fertility.csv'}, as of {tables.as_of}"
        raise InputError(where, "has no mean age of mothers yet: births need it; allowed: a later ensemble.as_of")
    ages = np.arange(LAST_AGE + 1) + 0.5
    mean = float(tables.fertility["mean_age_mother"].mean())
    density = np.where((ages > 15) & (ages < 50), np.exp(-0.5 * ((ages - mean) / sd) ** 2), 0.0)
    shares: NDArray[np.float64] = density / density.sum()
    return shares
