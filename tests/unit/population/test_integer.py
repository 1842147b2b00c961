"""Whole persons: margins are kept exactly, and labels go to the lowest scores."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.population.by_age import opened_by_age
from regionsim.population.integer import capped_share_out, deal, share_out, two_way
from regionsim.state.reference import BANDS


def test_share_out_adds_up_and_stays_within_one_of_proportional():
    random = np.random.default_rng(3)
    weights = random.gamma(0.5, size=(200, 7)) * (random.random((200, 7)) < 0.8)
    weights[:, 0] += 0.01
    totals = random.integers(0, 5000, 200)
    shared = share_out(weights, totals)
    exact = weights / weights.sum(axis=1, keepdims=True) * totals[:, None]
    assert np.array_equal(shared.sum(axis=1), totals)
    assert np.abs(shared - exact).max() < 1
    assert (shared[weights == 0] == 0).all()


def test_share_out_gives_the_largest_remainder_first_and_equal_shares_without_weight():
    assert share_out([5.4, 3.5, 1.1], 10).tolist() == [5, 4, 1]
    assert share_out([0, 0, 0], 7).tolist() == [3, 2, 2]


@pytest.mark.parametrize("seed", range(6))
def test_two_way_keeps_both_margins_and_follows_the_weights(seed):
    random = np.random.default_rng(seed)
    table = random.poisson(random.gamma(1.0, 30.0, size=(4, 9, 6)))
    weights = table * random.lognormal(0, 0.05, table.shape)
    made = two_way(weights, table.sum(axis=2), table.sum(axis=1))
    assert np.array_equal(made.sum(axis=2), table.sum(axis=2))
    assert np.array_equal(made.sum(axis=1), table.sum(axis=1))
    assert made.min() >= 0
    assert np.abs(made - table).sum() / table.sum() < 0.1


def test_two_way_returns_a_table_that_fits_already_and_leaves_zeros_empty():
    table = np.array([[[3, 0, 4], [0, 5, 1], [2, 2, 0]]])
    assert np.array_equal(two_way(table, table.sum(axis=2), table.sum(axis=1)), table)


def test_two_way_refuses_margins_that_differ():
    with pytest.raises(ValueError, match="differ"):
        two_way(np.ones((1, 2, 2)), [[3, 3]], [[3, 4]])


def test_capped_share_out_moves_the_excess_elsewhere():
    made = capped_share_out(np.array([8.0, 1.0, 1.0, 0.0]), np.array([5, 9, 9, 9]), 20)
    assert made.sum() == 20
    assert made[0] == 5
    assert (made <= [5, 9, 9, 9]).all()
    with pytest.raises(ValueError, match="do not fit"):
        capped_share_out(np.ones(2), np.array([1, 1]), 3)


def test_deal_gives_the_first_label_to_the_lowest_scores_of_each_group():
    group = np.array([0, 0, 0, 1, 1, 1, 1])
    score = np.array([0.9, 0.1, 0.5, 0.7, 0.2, 0.3, 0.6])
    assert deal(group, score, np.array([[1, 2], [3, 1]])).tolist() == [1, 0, 1, 1, 0, 0, 0]
    with pytest.raises(ValueError, match="sizes"):
        deal(group, score, np.array([[2, 2], [3, 1]]))


def test_opened_by_age_keeps_bands_excludes_what_is_impossible_and_rises_smoothly():
    members = np.full((1, BANDS, 5), 1000)
    rising = np.linspace(0.02, 0.98, BANDS)
    counts = share_out(np.stack([rising, 1 - rising], axis=1), np.full(BANDS, 5000))[None]
    made = opened_by_age(counts, members)
    assert np.array_equal(made.sum(axis=2), counts)
    assert np.array_equal(made.sum(axis=3), members)
    by_year = made[0, :, :, 0].ravel()
    assert (np.diff(by_year[5:95]) >= -2).all()
    possible = np.ones((BANDS, 5, 2))
    possible[3, :2, 0] = 0
    assert (opened_by_age(counts, members, possible)[0, 3, :2, 0] == 0).all()
