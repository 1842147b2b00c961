"""Parts of a variance: exact where the shares agree with one another, none below zero where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.analysis.variance_parts import PARTS, fitted_parts
from regionsim.analysis.variance_shares import variance_shares
from tests.unit.analysis.test_variance_shares import additive, interacting, runs

SURE = np.full(3, 0.1)


def parts_of(first: list[float], total: list[float]) -> dict[str, float]:
    return fitted_parts(np.array(first), np.array(total), SURE, SURE)


@pytest.mark.parametrize(
    ("first", "total", "parts"),
    [
        ([0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.6, 0.3, 0.0, 0.1]),
        ([0.25, 0.25, 0.0], [0.75, 0.25, 0.5], [0.25, 0.25, 0.0, 0.5]),  # drivers and chance together: chance
        ([0.2, 0.4, 0.05], [0.55, 0.75, 0.05], [0.2, 0.4, 0.35, 0.05]),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 1.0]),  # all only together
    ],
)
def test_shares_that_agree_give_their_parts(first: list[float], total: list[float], parts: list[float]) -> None:
    found = parts_of(first, total)
    assert tuple(found) == PARTS
    assert list(found.values()) == pytest.approx(parts, abs=1e-4)


@pytest.mark.parametrize(
    ("first", "total"), [([-0.3, 0.3, -0.1], [1.0, 0.9, 0.6]), ([0.3, 0.7, 0.3], [0.1, 0.4, 0.1])]
)
def test_shares_that_do_not_agree_give_parts_of_a_whole(first: list[float], total: list[float]) -> None:
    found = parts_of(first, total)
    assert min(found.values()) >= 0 and sum(found.values()) == pytest.approx(1)


def test_what_is_known_well_counts_for_more() -> None:
    first, total = np.array([0.6, 0.6, 0.0]), np.array([0.6, 0.6, 0.0])  # together more than all: one is wrong
    found = fitted_parts(first, total, np.array([0.02, 0.6, 0.02]), np.array([0.02, 0.6, 0.02]))
    assert found["driver"] == pytest.approx(0.6, abs=0.02) and found["parameter"] == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize(
    ("function", "truth"), [(additive, [0.6, 0.3, 0.0, 0.1]), (interacting, [0.25, 0.25, 0.0, 0.5])]
)
def test_from_few_draws_the_parts_are_nearer_to_the_truth_than_the_shares(function, truth) -> None:  # type: ignore[no-untyped-def]
    errors = []
    for seed in range(60):
        shares = variance_shares(*runs(function, 24, seed))
        first, total = (np.array([getattr(s, of) for s in shares]) for of in ("first_order", "total"))
        widths = [np.array([s.first_high - s.first_low for s in shares]), np.array([s.high - s.low for s in shares])]
        raw = np.array([first[0], first[1], 1 - first[0] - first[1] - total[2], total[2]])
        fitted = np.array(list(fitted_parts(first, total, *widths).values()))
        errors.append([((raw - truth) ** 2).sum(), ((fitted - truth) ** 2).sum()])
    of_shares, of_parts = np.mean(errors, axis=0)
    assert of_parts < of_shares
