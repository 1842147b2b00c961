"""Workers and the firms they work for: jobs of a firm are the people who name it as employer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import grouped_order

Ints = NDArray[np.int64]


def employers_of(worker_cell: Ints, score: NDArray[np.float64], firm_cell: Ints, firm_rows: Ints, jobs: Ints) -> Ints:
    """Employer row of every worker (k,): workers of a cell fill the firms of that cell in the order of their score.

    firm_cell, firm_rows, jobs (f,). Raises ValueError unless the jobs of each cell equal its workers.
    """
    cells = int(max(worker_cell.max(initial=-1), firm_cell.max(initial=-1))) + 1
    offered = np.bincount(firm_cell, weights=jobs, minlength=cells)
    if not np.array_equal(offered, np.bincount(worker_cell, minlength=cells)):
        raise ValueError("the jobs of a sector and place differ from its workers")
    order = np.argsort(firm_cell, kind="stable")
    out = np.empty(worker_cell.size, np.int64)
    out[grouped_order(worker_cell, score)] = np.repeat(firm_rows[order], jobs[order])
    return out
