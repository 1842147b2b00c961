"""Annual figures on the quarterly calendar: the proportional first-difference method of Denton (1971).

In the form of Cholette (1984) it needs no value before the first year, and a year may be without a figure.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def denton(indicator: Array, first_year: int, benchmarks: Mapping[int, float]) -> Array:
    """Quarterly values whose mean over every benchmark year is its figure, moving as nearly as may be as the indicator.

    indicator: (quarters,) above 0 from the first quarter of `first_year`, whole years; benchmarks: figure by year, in
    the unit of the result. Minimises the squared changes of the ratio to the indicator. Raises ValueError without a
    benchmark in the indicator's years.
    """
    n = len(indicator)
    years = [year for year in sorted(benchmarks) if 0 <= year - first_year < n // 4]
    if not years:
        raise ValueError("no benchmark in the years of the indicator")
    means = np.zeros((len(years), n))
    for k, year in enumerate(years):
        quarters = slice(4 * (year - first_year), 4 * (year - first_year) + 4)
        means[k, quarters] = indicator[quarters] / 4
    change = np.diff(np.eye(n), axis=0)
    zeros = np.zeros((len(years), len(years)))
    system = np.block([[change.T @ change, means.T], [means, zeros]])
    wanted = np.concatenate([np.zeros(n), [benchmarks[year] for year in years]])
    ratio = np.linalg.solve(system, wanted)[:n]
    return np.asarray(indicator * ratio)
