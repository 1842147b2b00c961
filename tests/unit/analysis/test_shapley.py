"""Shapley values of games whose values are known."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from regionsim.analysis.shapley import coalitions_of, orders, shapley, shapley_sampled
from regionsim.state.errors import InputError

DRAWS = 5
NAMES = "abcdefghi"


def subsets(players: str) -> list[frozenset[str]]:
    return [frozenset(some) for n in range(len(players) + 1) for some in combinations(players, n)]


def random_worth(players: str, seed: int = 3) -> dict[frozenset[str], np.ndarray]:
    """Worths of every coalition, the empty one's not 0."""
    random = np.random.default_rng(seed)
    return {members: random.normal(50, 200, DRAWS) for members in subsets(players)}


@pytest.mark.parametrize("k", range(1, 10))
def test_shares_add_up_to_the_whole_in_every_draw(k: int) -> None:
    players = NAMES[:k]
    worth = random_worth(players)
    shares = shapley(worth, list(players))
    whole = worth[frozenset(players)] - worth[frozenset()]
    np.testing.assert_allclose(sum(shares.values()), whole, rtol=1e-9)


def test_shares_are_means_over_all_orders() -> None:
    worth = random_worth("abcd")
    shares = shapley(worth, list("abcd"))
    for player in "abcd":
        befores = [frozenset(order[: order.index(player)]) for order in permutations("abcd")]
        added = [worth[before | {player}] - worth[before] for before in befores]
        np.testing.assert_allclose(shares[player], np.mean(added, axis=0), rtol=1e-9)


def test_the_glove_game() -> None:
    """One left glove, two right ones; a pair is worth 1: 2/3 for the left one, 1/6 for each right one (recalled)."""
    worth = {s: np.array([float("l" in s and len(s) > 1)]) for s in map(frozenset, subsets("lrs"))}
    shares = shapley(worth, ["l", "r", "s"])
    assert [float(shares[p][0]) for p in "lrs"] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_who_adds_nothing_but_rounding_has_exactly_nothing() -> None:
    worth = random_worth("abc")
    with_d = {s | {"d"}: value * (1 + 1e-15) for s, value in worth.items()}
    assert (shapley(worth | with_d, list("abcd"))["d"] == 0).all()


def test_missing_coalitions_are_named() -> None:
    worth = random_worth("abc")
    del worth[frozenset("ab")], worth[frozenset()]
    with pytest.raises(InputError) as error:
        shapley(worth, list("abc"))
    assert error.value.faults == ["missing: the empty one", "missing: a, b"]
    with pytest.raises(InputError) as error:
        shapley({}, list("abcdef"))
    assert error.value.faults[-1] == "missing: 32 more"


def test_orders_come_in_pairs_the_same_for_a_seed() -> None:
    found = orders(list("abcdef"), 40, seed=7)
    assert found == orders(list("fedcba"), 40, seed=7) != orders(list("abcdef"), 40, seed=8)
    assert found[:10] == orders(list("abcdef"), 10, seed=7)
    assert all(one == other[::-1] for one, other in zip(found[::2], found[1::2], strict=True))
    assert len(set(found)) == 40


def test_no_order_is_there_twice_before_all_were() -> None:
    found = orders(list("abcd"), 48, seed=1)
    assert set(found[:24]) == set(found[24:]) == set(permutations("abcd"))
    assert orders(["a"], 4, seed=1) == [("a",)] * 4


@pytest.mark.parametrize(("players", "number"), [("ab", 3), ("ab", 0), ("aa", 2), ("", 2)])
def test_orders_that_cannot_be_are_told(players: str, number: int) -> None:
    with pytest.raises(InputError):
        orders(list(players), number, seed=1)


def test_coalitions_of_orders_are_their_prefixes_smallest_first() -> None:
    found = coalitions_of([("a", "b", "c"), ("c", "b", "a")])
    assert found == [frozenset(s) for s in ("", "a", "c", "ab", "bc", "abc")]


def test_sampled_shares_add_up_and_all_orders_give_the_exact_ones() -> None:
    worth = random_worth("abcde")
    few, errors = shapley_sampled(worth, orders(list("abcde"), 6, seed=2))
    np.testing.assert_allclose(sum(few.values()), worth[frozenset("abcde")] - worth[frozenset()], rtol=1e-9)
    assert all(errors[player].shape == (DRAWS,) and (errors[player] > 0).all() for player in "abcde")
    every, _ = shapley_sampled(worth, orders(list("abcde"), 120, seed=2))
    exact = shapley(worth, list("abcde"))
    for player in "abcde":
        np.testing.assert_allclose(every[player], exact[player], rtol=1e-9)


def test_the_sampling_error_is_that_of_repeated_samples() -> None:
    worth, exact = random_worth("abcdefg"), shapley(random_worth("abcdefg"), list("abcdefg"))
    found = [shapley_sampled(worth, orders(list("abcdefg"), 40, seed)) for seed in range(60)]
    off = np.array([means["a"] - exact["a"] for means, _ in found])
    told = np.array([errors["a"] for _, errors in found])
    assert np.sqrt((off**2).mean()) == pytest.approx(np.sqrt((told**2).mean()), rel=0.2)


def test_one_pair_of_orders_has_no_error_and_no_pairs_are_told() -> None:
    worth = random_worth("abc")
    _, errors = shapley_sampled(worth, orders(list("abc"), 2, seed=1))
    assert np.isnan(errors["a"]).all()
    for wrong in ([], [("a", "b")], [("a", "b"), ("a", "b")], [("a", "b"), ("b", "a"), ("a",), ("a",)]):
        with pytest.raises(InputError, match="orders"):
            shapley_sampled(worth, wrong)
    with pytest.raises(InputError, match="missing: d"):
        shapley_sampled(worth, orders(list("abcd"), 2, seed=1))
