"""Shapley values on arrays: what each player adds to a coalition, averaged over all orders of coming, draw by draw.

Synergy and crowding out between players are split evenly among those who make them, and the values add up to what all
add together (Shapley 1953; status: recalled). All 2^k coalitions give the values exactly. With more players a sample of
orders needs only the coalitions that it meets (Castro et al. 2009, recalled), in pairs of an order and its reverse,
whose errors partly cancel (Mitchell et al. 2022, recalled).
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from regionsim.analysis.paired import difference_of
from regionsim.state.errors import InputError, listed

Array = NDArray[np.float64]
Coalition = frozenset[str]
Worth = Mapping[Coalition, Array]
Orders = Sequence[tuple[str, ...]]
NAMED = 32  # missing coalitions in a message


def shapley(worth: Worth, players: Sequence[str]) -> dict[str, Array]:
    """Shapley value of each player per draw, (draw,), from the worths (draw,) of all 2^k coalitions.

    They add up to worth[all] - worth[empty]; worths may be outcomes or effects, of any one unit. InputError names the
    coalitions that are missing.
    """
    k = len(players)
    sets = [frozenset(p for i, p in enumerate(players) if code >> i & 1) for code in range(2**k)]
    complete(worth, sets)
    values = np.array([worth[members] for members in sets], dtype=np.float64)
    shares = {}
    for i, player in enumerate(players):
        without = [code for code in range(2**k) if not code >> i & 1]
        weights = [1 / (k * math.comb(k - 1, code.bit_count())) for code in without]
        added = difference_of(values[[code | 1 << i for code in without]], values[without])
        shares[player] = np.asarray(np.array(weights) @ added)
    return shares


def orders(players: Sequence[str], number: int, seed: int) -> list[tuple[str, ...]]:
    """`number` random orders of the players, each followed by its reverse; none twice before all k! were given.

    They depend on the seed and the names alone, and fewer are the first of more. InputError if `number` is odd or
    below 2, or a player is there twice.
    """
    faults = [f"number of orders must be even and 2 or more, not {number}"] if number < 2 or number % 2 else []
    faults += ["a player is there twice"] if len(set(players)) < len(players) or not players else []
    if faults:
        raise InputError("orders", faults)
    random = np.random.default_rng([seed, *b"orders"])
    names, given, seen = sorted(players), list[tuple[str, ...]](), set[tuple[str, ...]]()
    while len(given) < number:
        order = tuple(names[i] for i in random.permutation(len(names)))
        if order in seen:
            continue
        given += [order, order[::-1]]
        seen |= {order, order[::-1]}
        if len(seen) == math.factorial(len(names)):
            seen.clear()
    return given


def coalitions_of(orders: Orders) -> list[Coalition]:
    """The distinct coalitions that are met in the orders, the empty one and the whole included; smallest first."""
    return by_size({frozenset(order[:n]) for order in orders for n in range(len(order) + 1)})


def shapley_sampled(worth: Worth, orders: Orders) -> tuple[dict[str, Array], dict[str, Array]]:
    """Mean of what each player adds over the orders, (draw,), and its standard error over pairs of orders, (draw,).

    `orders` as the function of that name gives them; the means add up to worth[all] - worth[empty] in every draw. The
    error is NaN with one pair, and too large where the orders are most of all there are. InputError names the
    coalitions that are missing, or says that the orders are no pairs.
    """
    if not orders or any(one != other[::-1] for one, other in zip(orders[::2], orders[1::2], strict=False)):
        raise InputError("orders", "each must be followed by its reverse")
    if len(orders) % 2 or any(set(order) != set(orders[0]) for order in orders):
        raise InputError("orders", "must be an even number, all of the same players")
    complete(worth, coalitions_of(orders))
    means, errors = {}, {}
    for player in sorted(orders[0]):
        before = [frozenset(order[: order.index(player)]) for order in orders]
        added = difference_of(
            np.array([worth[members | {player}] for members in before], dtype=np.float64),
            np.array([worth[members] for members in before], dtype=np.float64),
        )
        pairs = (added[::2] + added[1::2]) / 2
        n = len(pairs)
        means[player] = pairs.mean(axis=0)
        errors[player] = pairs.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(pairs.shape[1:], np.nan)
    return means, errors


def complete(there: Container[Coalition], needed: Iterable[Coalition]) -> None:
    """InputError that names the coalitions of `needed` that are not there, the first 32 of very many."""
    missing = [listed(sorted(members)) or "the empty one" for members in needed if members not in there]
    if missing:
        more = [f"missing: {len(missing) - NAMED} more"] if len(missing) > NAMED else []
        raise InputError("coalitions", [f"missing: {names}" for names in missing[:NAMED]] + more)


def by_size(sets: Iterable[Coalition]) -> list[Coalition]:
    """Smallest first, those of one size by name."""
    return sorted(sets, key=lambda members: (len(members), sorted(members)))
