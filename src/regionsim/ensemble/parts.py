"""A plan in parts: which plans are run so that the effect of the whole can be shared out among its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations

from regionsim.analysis.players import ORDERS_SEED
from regionsim.analysis.shapley import Coalition, by_size, coalitions_of, orders
from regionsim.model.settings import Measure, Plan
from regionsim.state.errors import InputError

ALL_UNIONS_OF = 4  # parts: fifteen plans
PART_OF: Mapping[str, Callable[[Measure], str]] = {
    "pillar": lambda measure: measure.pillar.partition(".")[0],
    "domain": lambda measure: measure.pillar,
    "measure": lambda measure: measure.name,
}


def in_parts(
    plan: Plan, by: str, number_of_orders: int, budgeted: Callable[[Plan], Plan] = lambda part: part
) -> tuple[Plan, ...]:
    """The plans to run instead of `plan`: each part alone, unions of parts, and the whole under the plan's own name.

    by: 'pillar' or 'domain' (as the measures name them), with all unions of up to four parts, of more those that are
    met in so many orders of coming; 'measure' for every measure alone and no union. A part is a plan named after
    itself, a union is named 'I+II'. `budgeted` sets the doses of a part. Measures without a dose are left out.
    InputError for a plan without a dose, or an odd number of orders.
    """
    members: dict[str, list[Measure]] = {}
    for measure in plan.measures:
        if measure.dose > 0:
            members.setdefault(PART_OF[by](measure), []).append(measure)
    if not members:
        raise InputError("plan.parts", f"no measure of plan '{plan.name}' has a dose; allowed: a dose above 0")
    parts = {name: budgeted(_part(plan, name, own)) for name, own in members.items()}
    if by == "measure":
        return tuple(parts.values())
    dosed = {measure.name: measure for part in parts.values() for measure in part.measures}
    in_order = [dosed[measure.name] for measure in plan.measures if measure.name in dosed]
    found = []
    for names in by_size(_unions(list(parts), number_of_orders)):
        own = tuple(measure for measure in in_order if PART_OF[by](measure) in names)
        if len(names) == len(parts):
            found.append(replace(plan, measures=own))
        elif len(names) == 1:
            found.append(parts[min(names)])
        else:
            found.append(replace(_part(plan, "+".join(sorted(names)), []), measures=own))
    return tuple(found)


def _part(plan: Plan, name: str, measures: list[Measure]) -> Plan:
    titles = [f"{plan.title_en}: {name}", f"{plan.title_nl}: {name}"]
    if len(measures) == 1 and measures[0].name == name:
        titles = [measures[0].title_en, measures[0].title_nl]
    return replace(plan, name=name, measures=tuple(measures), title_en=titles[0], title_nl=titles[1])


def _unions(names: list[str], number_of_orders: int) -> set[Coalition]:
    """The sets of names that are met in random orders, and each alone; all sets where these are not many more."""
    if len(names) <= ALL_UNIONS_OF:
        return {frozenset(some) for n in range(1, len(names) + 1) for some in combinations(names, n)}
    met = coalitions_of(orders(names, number_of_orders, ORDERS_SEED))
    return {names_met for names_met in (*met, *(frozenset([name]) for name in names)) if names_met}
