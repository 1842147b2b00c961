"""What each part of a package contributes: Shapley values of its players, draw by draw.

A player is a plan, a coalition the plan with the measures of its players together, its worth that plan's outcome; the
empty coalition is 'none'. How values and their sampling error are computed is said in `analysis/shapley.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.effects import effect_unit, measured, since_start
from regionsim.analysis.paired import difference_of, paired
from regionsim.analysis.select import DEFAULT_QUARTERS, headline_outcomes, horizons, measures_of, plans, total, worlds
from regionsim.analysis.shapley import (
    Array,
    Coalition,
    Orders,
    by_size,
    coalitions_of,
    complete,
    orders,
    shapley,
    shapley_sampled,
)
from regionsim.results.store import REFERENCE
from regionsim.state.errors import InputError, did_you_mean, listed

__all__ = ["attribution_table", "coalitions", "coalitions_of", "orders", "shapley", "shapley_sampled"]

PACKAGE, SYNERGY = "package", "synergy"  # rows beside those of the players


def coalitions(ds: xr.Dataset, players: Sequence[str]) -> dict[Coalition, str]:
    """The plan of each coalition of players that the dataset holds, 'none' of the empty one; smallest first.

    Plans are compared by the names of their measures (attribute `measures`), not by doses or dates. InputError with
    every player that is unknown, double or without measures, measures that players share, and plans of several players
    that are alike.
    """
    known, found = plans(ds), measures_of(ds)
    faults = [f"'{p}' is no plan{did_you_mean(p, known)}; known: {listed(known)}" for p in players if p not in known]
    faults += [f"'{p}' is there {list(players).count(p)} times" for p in dict.fromkeys(players) if players.count(p) > 1]
    own = {p: found[p] for p in dict.fromkeys(players) if p in known}
    faults += [f"'{p}' has no measures in the dataset's attribute 'measures'" for p, names in own.items() if not names]
    for one, other in combinations(own, 2):
        if own[one] & own[other]:
            faults.append(f"'{one}' and '{other}' share {listed(sorted(own[one] & own[other]))}")
    plan_of: dict[Coalition, str] = {frozenset(): REFERENCE} | {frozenset([p]): p for p in own}
    for plan in known:
        members = frozenset(p for p, names in own.items() if names and names <= found[plan])
        if not members or found[plan] != set[str]().union(*(own[p] for p in members)):
            continue
        if plan_of.setdefault(members, plan) != plan and len(members) > 1:
            faults.append(f"plans '{plan_of[members]}' and '{plan}' have the same measures")
    if faults:
        raise InputError("players", faults)
    return {members: plan_of[members] for members in by_size(plan_of)}


def attribution_table(
    ds: xr.Dataset,
    players: Sequence[str],
    at: Sequence[int] = DEFAULT_QUARTERS,
    outcomes: Sequence[str] | None = None,
    orders: Orders | None = None,
) -> pd.DataFrame:
    """Rows per world, outcome (default: the headline ones), horizon and player, then 'package' and 'synergy'.

    Columns: world, outcome, quarters (after the package's start, for every coalition), quarter, measure_of ('average',
    of a flow 'cumulated'), unit, player; share_mean, p10, p90 and p_positive over the draws; alone_mean, the effect of
    the player's own plan; exact, orders (their number) and sampling_error (standard error, mean over draws), the last
    two NaN where exact, as package and synergy always are. Package is the effect of all players together, synergy what
    it has beyond the sum of the effects of each alone. Exact where the dataset has all coalitions, else by `orders`. A
    draw that is missing in one coalition is left out. InputError as `coalitions`, and with the missing coalitions.
    """
    plan_of, exact = _needed(coalitions(ds, players), players, orders)
    rows: list[dict[str, Any]] = []
    for name in headline_outcomes(ds) if outcomes is None else outcomes:
        values, measure = total(ds, name), since_start(ds, name)
        unit = effect_unit(str(values.attrs.get("unit", "")), measure)
        for moment in horizons(ds, plan_of[frozenset(players)], list(at)):
            here = measured(values, moment)[measure]
            when = {"quarters": moment.quarters, "quarter": moment.label, "measure_of": measure, "unit": unit}
            for world in worlds(ds):
                worth = {s: np.asarray(here.sel(world=world, plan=p).values, float) for s, p in plan_of.items()}
                found = _shares(worth, players, None if exact else orders)
                rows += [{"world": world, "outcome": name, **when, **row} for row in found]
    return pd.DataFrame(rows)


def _needed(
    plan_of: Mapping[Coalition, str], players: Sequence[str], orders: Orders | None
) -> tuple[dict[Coalition, str], bool]:
    """The plans of the coalitions that are needed, and whether they are all there are."""
    faults = [f"'{name}' is the name of another row of the table" for name in (PACKAGE, SYNERGY) if name in players]
    if faults or not players:
        raise InputError("players", faults or "there must be at least one")
    if len(plan_of) == 2 ** len(players):
        return dict(plan_of), True
    if orders is None:
        complete(plan_of, (frozenset(of) for n in range(len(players) + 1) for of in combinations(players, n)))
    met = coalitions_of(orders or [])
    if not met or met[-1] != frozenset(players):
        raise InputError("orders", f"must be of the players: {listed(players)}")
    complete(plan_of, met)
    return {members: plan_of[members] for members in by_size({*met, *_alone(players)})}, False


def _shares(worth: dict[Coalition, Array], players: Sequence[str], orders: Orders | None) -> list[dict[str, Any]]:
    """Rows of the players, the package and the synergy from the outcome (draw,) under each coalition."""
    there = np.isfinite(list(worth.values())).all(axis=0)
    worth = {members: value[there] for members, value in worth.items()}
    none, whole, alone = worth[frozenset()], worth[frozenset(players)], [worth[one] for one in _alone(players)]
    values, errors = (shapley(worth, players), None) if orders is None else shapley_sampled(worth, orders)
    rows = []
    for player, own in zip(players, alone, strict=True):
        row = _row(player, values[player]) | {"alone_mean": _number(paired(own, none).mean)}
        if orders is not None and errors is not None:
            error = float(errors[player].mean()) if there.any() else np.nan
            row |= {"exact": False, "orders": float(len(orders)), "sampling_error": error}
        rows.append(row)
    beyond = difference_of(whole + (len(players) - 1) * none, np.sum(alone, axis=0))
    return [*rows, _row(PACKAGE, difference_of(whole, none)), _row(SYNERGY, beyond)]


def _row(player: str, values: Array) -> dict[str, Any]:
    """One row from values (draw,) that are all there; exact, and without what only a player has."""
    found = paired(values, np.zeros_like(values))
    return {
        "player": player,
        "share_mean": _number(found.mean),
        "p10": _number(found.p10),
        "p90": _number(found.p90),
        "p_positive": _number(found.p_positive),
        "alone_mean": np.nan,
        "exact": True,
        "orders": np.nan,
        "sampling_error": np.nan,
    }


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _alone(players: Sequence[str]) -> list[Coalition]:
    return [frozenset([player]) for player in players]
