"""Levers are neutral at the start of every quarter and combine by one declared rule."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.state.errors import InputError
from regionsim.state.levers import LEVERS, Levers


@pytest.fixture
def levers() -> Levers:
    return Levers.neutral(3, 5)


def test_every_lever_says_what_it_is() -> None:
    for lever in LEVERS.values():
        assert lever.over in ("region", "arrondissement", "sector", "origin", "firm", "person")
        assert (lever.combine, lever.neutral) in (("add", 0.0), ("multiply", 1.0), ("highest", 0.0))
        assert lever.unit and lever.meaning


def test_neutral_levers_do_nothing(levers: Levers) -> None:
    for name, lever in LEVERS.items():
        values = levers.over_rows(name, 7) if lever.over in ("firm", "person") else levers.dense[name]
        assert (values == lever.neutral).all()
    assert levers.dense["dual_places"].shape == levers.dense["tourism_promotion"].shape == (3,)
    assert levers.dense["sector_demand"].shape == (5,)
    assert levers.region("graduate_pull") == 0


def test_levers_add(levers: Levers) -> None:
    levers.move("dual_places", np.array([1.0, 2.0, 3.0]))
    levers.move("dual_places", 10.0)
    assert levers.dense["dual_places"].tolist() == [11, 12, 13]
    levers.move("graduate_pull", 0.25)
    levers.move("graduate_pull", -0.5)
    assert levers.region("graduate_pull") == -0.25


def test_levers_over_rows_add_or_multiply_also_when_a_row_is_met_twice(levers: Levers) -> None:
    levers.move("digital_support", np.array([0.1, 0.2]), np.array([4, 1]))
    levers.move("digital_support", 0.5, np.array([4, 4]))
    assert levers.over_rows("digital_support", 6).tolist() == [0, 0.2, 0, 0, 1.1, 0]
    levers.move("early_closing_ratio", 0.5, np.array([2, 3]))
    levers.move("early_closing_ratio", np.array([0.5]), np.array([3]))
    assert levers.over_rows("early_closing_ratio", 5).tolist() == [1, 1, 0.5, 0.25, 1]


def test_the_order_of_measures_does_not_matter() -> None:
    moves = [(0.9, np.array([0, 2])), (0.8, np.array([2])), (1.1, np.array([1, 2]))]
    one, other = Levers.neutral(1, 1), Levers.neutral(1, 1)
    for value, rows in moves:
        one.move("early_closing_ratio", value, rows)
    for value, rows in reversed(moves):
        other.move("early_closing_ratio", value, rows)
    assert np.allclose(one.over_rows("early_closing_ratio", 3), other.over_rows("early_closing_ratio", 3), rtol=1e-15)


def test_moving_no_rows_moves_nothing(levers: Levers) -> None:
    levers.move("digital_support", np.empty(0), np.empty(0, np.int64))
    assert not levers.over_rows("digital_support", 4).any()


def test_a_lever_that_nobody_moved_is_nothing_where_that_is_asked_for(levers: Levers) -> None:
    assert levers.over_rows("search_ratio", 4, or_nothing=True).shape == (0,)
    levers.move("search_ratio", 2.0, np.array([1]))
    assert levers.over_rows("search_ratio", 4, or_nothing=True).tolist() == [1, 2, 1, 1]


def test_an_unknown_lever_is_refused_with_those_there_are(levers: Levers) -> None:
    with pytest.raises(InputError) as caught:
        levers.move("employment", 5.0)
    assert "employment" in str(caught.value)
    assert all(name in str(caught.value) for name in LEVERS)


def test_levers_of_one_quarter_are_not_those_of_another() -> None:
    first = Levers.neutral(2, 2)
    first.move("dual_places", 5.0)
    first.move("digital_support", 1.0, np.array([0]))
    second = Levers.neutral(2, 2)
    assert not second.dense["dual_places"].any()
    assert not second.over_rows("digital_support", 2).any()
