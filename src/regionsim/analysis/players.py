"""Which plans of a dataset are the parts of a whole that can be shared out among them."""

from __future__ import annotations

import xarray as xr

from regionsim.analysis.attribution import coalitions
from regionsim.analysis.select import plans
from regionsim.results.store import attribute
from regionsim.state.errors import InputError


def players(ds: xr.Dataset) -> list[str]:
    """The plans no other plan is part of, if they share no measure and every union of theirs was run; else none.

    With them the Shapley value of each is exact: pillars I, II and III beside I+II, I+III, II+III and all three.
    """
    of: dict[str, set[str]] = {plan: set() for plan in plans(ds)}
    for row in attribute(ds, "measures", []):
        of[str(row["plan"])].add(str(row["measure"]))
    least = [plan for plan, mine in of.items() if mine and not any(other and other < mine for other in of.values())]
    if len(least) < 2:
        return []
    try:
        found = coalitions(ds, least)
    except InputError:  # they share measures
        return []
    return least if len(found) == 2 ** len(least) else []
