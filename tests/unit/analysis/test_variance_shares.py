"""Shares of a variance against functions whose shares are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from regionsim.analysis.variance_shares import Share, variance_shares

Array = NDArray[np.float64]
Function = Callable[[Array, Array, Array], Array]


def runs(function: Function, draws: int, seed: int = 0) -> tuple[Array, Array, NDArray[np.int64]]:
    """Plain and switched runs of a function of three standard normal sources, and each draw's partner, the next."""
    inputs = np.random.default_rng(seed).normal(size=(3, draws))
    other = np.roll(np.arange(draws), -1)
    switched = []
    for source in range(3):
        mixed = inputs.copy()
        mixed[source] = inputs[source, other]
        switched.append(function(*mixed))
    return function(*inputs), np.array(switched), other


def shares(function: Function, draws: int, seed: int = 0) -> list[Share]:
    return variance_shares(*runs(function, draws, seed))


def additive(a: Array, b: Array, c: Array) -> Array:
    """Shares 0.6, 0.3 and 0.1, alone and in total."""
    return np.sqrt(0.6) * a + np.sqrt(0.3) * b - np.sqrt(0.1) * c


def interacting(a: Array, b: Array, c: Array) -> Array:
    """Alone 0.25, 0.25 and 0; in total 0.75, 0.25 and 0.5."""
    return 0.5 * a + 0.5 * b + np.sqrt(0.5) * a * c


@pytest.mark.parametrize(
    ("function", "first", "total"),
    [(additive, (0.6, 0.3, 0.1), (0.6, 0.3, 0.1)), (interacting, (0.25, 0.25, 0.0), (0.75, 0.25, 0.5))],
)
def test_known_shares_are_found(function: Function, first: tuple[float, ...], total: tuple[float, ...]) -> None:
    found = shares(function, 2000)
    assert [share.source for share in found] == ["driver", "parameter", "chance"]
    assert [share.first_order for share in found] == pytest.approx(first, abs=0.05)
    assert [share.total for share in found] == pytest.approx(total, abs=0.06)


@pytest.mark.parametrize("function", [additive, interacting])
def test_with_few_draws_there_is_no_bias_to_speak_of_and_ranges_hold_the_truth(function: Function) -> None:
    truth = {additive: [0.6, 0.3, 0.1], interacting: [0.75, 0.25, 0.5]}[function]
    trials = [shares(function, 24, seed) for seed in range(300)]
    totals = np.array([[share.total for share in found] for found in trials])
    assert totals.mean(axis=0) == pytest.approx(truth, abs=0.05)
    inside = np.array([[s.low <= t <= s.high for s, t in zip(found, truth, strict=True)] for found in trials])
    assert ((inside.mean(axis=0) > 0.6) & (inside.mean(axis=0) < 0.95)).all()


@pytest.mark.parametrize("source", [0, 1, 2])
def test_with_two_sources_switched_off_the_share_of_the_third_is_one(source: int) -> None:
    found = shares(lambda *inputs: 3 * inputs[source] ** 2 + 5e6, 40)
    assert found[source].first_order == 1
    assert (found[source].first_low, found[source].first_high) == (1, 1)
    assert found[source].low < 1 < found[source].high
    for other in {0, 1, 2} - {source}:
        assert (found[other].total, found[other].low, found[other].high) == (0, 0, 0)
        assert found[other].first_order == pytest.approx(0, abs=0.3)


def test_level_and_unit_do_not_matter() -> None:
    plain, switched, other = runs(additive, 30)
    one = variance_shares(plain, switched, other)
    moved = variance_shares(1e5 - 40 * plain, 1e5 - 40 * switched, other)
    assert [share.total for share in moved] == pytest.approx([share.total for share in one], rel=1e-6)
    assert [share.first_low for share in moved] == pytest.approx([share.first_low for share in one], rel=1e-6)


def test_the_order_of_draws_does_not_matter() -> None:
    plain, switched, other = runs(additive, 30)
    order = np.random.default_rng(3).permutation(30)
    place = np.argsort(order)  # where each draw went
    shuffled = variance_shares(plain[order], switched[:, order], place[other[order]])
    for one, two in zip(variance_shares(plain, switched, other), shuffled, strict=True):
        assert (two.first_order, two.total) == pytest.approx((one.first_order, one.total), rel=1e-9)


def test_what_does_not_vary_has_no_shares() -> None:
    assert variance_shares(np.full(8, 0.1), np.full((3, 8), 0.1), np.roll(np.arange(8), -1)) == []


def test_a_missing_value_takes_its_draw_out() -> None:
    plain, switched, other = runs(additive, 400)
    switched[1, 7] = np.nan
    plain[300] = np.nan
    found = variance_shares(plain, switched, other)
    assert [share.total for share in found] == pytest.approx([0.6, 0.3, 0.1], abs=0.1)
    assert variance_shares(plain * np.nan, switched, other) == []


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="3 draws"):
        shares(additive, 3)
    assert len(shares(additive, 4)) == 3
