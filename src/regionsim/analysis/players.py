"""Which plans of a dataset are the parts of a whole that can be shared out among them."""

from __future__ import annotations

import math

import xarray as xr

from regionsim.analysis.attribution import coalitions
from regionsim.analysis.select import measures_of
from regionsim.analysis.shapley import Coalition, Orders, coalitions_of, orders
from regionsim.state.errors import InputError

ORDERS_SEED = 1  # runs and analyses of sampled orders meet the same coalitions


def main_plan(ds: xr.Dataset) -> str | None:
    """The plan that a page is about unless another is asked for: the one that all others are parts of, else the first;
    None where there is none."""
    of = measures_of(ds)
    everything = set[str]().union(*of.values())
    whole = [plan for plan, mine in of.items() if mine == everything]
    return whole[0] if len(whole) == 1 else next(iter(of), None)


def players(ds: xr.Dataset) -> tuple[list[str], Orders | None]:
    """The plans no other plan is part of, and the orders of their coming for which every union was run.

    No orders (None) where all unions were: then the Shapley value of each is exact, as of pillars I, II and III beside
    I+II, I+III, II+III and all three. No plans where they share a measure or not even two orders are complete.
    """
    of = measures_of(ds)
    least = [plan for plan, mine in of.items() if mine and not any(other and other < mine for other in of.values())]
    if len(least) < 2:
        return [], None
    try:
        found = coalitions(ds, least)
    except InputError:  # they share measures
        return [], None
    if len(found) == 2 ** len(least):
        return least, None
    complete = _complete_orders(least, set(found))
    return (least, complete) if complete else ([], None)


def _complete_orders(names: list[str], found: set[Coalition]) -> Orders:
    """As many orders as are complete, from the first on."""
    known: Orders = []
    for number in range(2, math.factorial(len(names)) + 1, 2):
        more = orders(names, number, ORDERS_SEED)
        if not found.issuperset(coalitions_of(more)):
            break
        known = more
    return known
