"""Statistics of paired effects against numbers worked out by hand and by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionsim.analysis.paired import direction_uncertain, draws_enough, paired


def test_statistics_of_a_small_case_by_hand() -> None:
    none = np.array([100.0, 200.0, 300.0, 400.0, 500.0])
    plan = none + np.array([-10.0, 0.0, 10.0, 20.0, 30.0])
    found = paired(plan, none)
    assert found.mean == 10
    assert found.p10 == pytest.approx(-6)
    assert found.p90 == pytest.approx(26)
    assert found.p_positive == 0.6  # a difference of 0 is not above 0
    assert found.mean_none == 300
    assert found.percent_of_none == pytest.approx(100 * 10 / 300)
    assert found.draws == 5
    assert found.paired_sd == pytest.approx(np.sqrt(250))
    assert found.variance_ratio == pytest.approx((plan.var(ddof=1) + none.var(ddof=1)) / 250)
    assert not found.no_effect


def test_pairing_matters() -> None:
    none = np.array([1.0, 2.0, 3.0, 4.0])
    same_luck, other_luck = paired(none + 1, none), paired((none + 1)[::-1], none)
    assert same_luck.mean == other_luck.mean == 1
    assert same_luck.paired_sd == 0
    assert other_luck.paired_sd is not None and other_luck.paired_sd > 1


@settings(deadline=None)
@given(st.floats(0.1, 1000), st.floats(0.001, 240))  # within a billion draws, where a number is given
def test_draws_enough_is_the_smallest_number_that_is_enough(mean: float, sd: float) -> None:
    def is_enough(n: int) -> bool:
        return 1.2816 * sd / np.sqrt(n) <= 0.1 * mean * (1 + 1e-9)

    found = draws_enough(-mean, sd)
    assert found is not None
    if found < 20_000:
        assert found == next(n for n in range(1, 20_001) if is_enough(n))
    else:
        assert is_enough(found) and not is_enough(int(found * 0.999))


def test_enough_draws_do_know_the_mean() -> None:
    """Brute force: of many samples of that size, four in five have a mean within 10 %."""
    n = draws_enough(5.0, 2.0)
    assert n == 27
    samples = np.random.default_rng(1).normal(5.0, 2.0, (20_000, n))
    within = (np.abs(samples.mean(axis=1) - 5.0) <= 0.5).mean()
    assert within == pytest.approx(0.8, abs=0.02)


def test_no_effect_is_said_and_is_not_nan() -> None:
    none = np.array([3.0, 4.0, 5.0])
    found = paired(none.copy(), none)
    assert found.no_effect
    assert (found.mean, found.p10, found.p90, found.p_positive, found.percent_of_none) == (0, 0, 0, 0, 0)
    assert found.draws_enough is None
    assert found.variance_ratio is None


def test_sums_that_differ_by_rounding_alone_are_the_same() -> None:
    values = np.full((3, 10), 0.1)
    sums = values.sum(axis=1)
    in_order = np.cumsum(values, axis=1)[:, -1]  # one after the other, where sum() adds pairs
    assert (sums != in_order).all()  # or this test tests nothing
    found = paired(sums, in_order)
    assert found.no_effect and found.p_positive == 0
    assert not paired(sums * (1 + 1e-9), in_order).no_effect


@pytest.mark.parametrize(
    ("p", "uncertain"), [(0, False), (0.09, False), (0.1, True), (0.5, True), (0.9, True), (0.92, False)]
)
def test_a_direction_is_known_where_nine_in_ten_draws_agree(p: float, uncertain: bool) -> None:
    assert direction_uncertain(p) is uncertain


def test_effects_that_cancel_are_not_no_effect() -> None:
    found = paired(np.array([1.0, -1.0]), np.zeros(2))
    assert found.mean == 0 and not found.no_effect
    assert found.draws_enough is None


def test_the_same_effect_in_every_draw_has_no_spread_despite_rounding() -> None:
    none = np.random.default_rng(3).normal(1000, 50, 40)
    found = paired(none + 0.1, none)
    assert found.paired_sd == 0
    assert found.variance_ratio is None
    assert found.draws_enough == 1


def test_percent_has_the_sign_of_the_effect_when_the_base_is_below_zero() -> None:
    found = paired(np.array([-80.0, -80.0]), np.array([-100.0, -100.0]))
    assert found.percent_of_none == 20


def test_a_base_of_zero_has_no_percent() -> None:
    assert paired(np.array([1.0, 2.0]), np.zeros(2)).percent_of_none is None


def test_a_single_draw_has_a_mean_and_no_spread() -> None:
    found = paired(np.array([5.0]), np.array([3.0]))
    assert (found.mean, found.draws) == (2, 1)
    assert (found.paired_sd, found.draws_enough, found.variance_ratio) == (None, None, None)


def test_differences_that_cancel_out_up_to_rounding_have_no_number_of_draws_that_is_enough() -> None:
    found = paired(np.array([0.1, 0.2, -0.3]), np.zeros(3))
    assert found.mean != 0 and found.draws_enough is None


def test_a_pair_with_a_missing_value_is_left_out_as_a_pair() -> None:
    found = paired(np.array([1.0, np.nan, 7.0]), np.array([0.0, 50.0, np.nan]))
    assert (found.mean, found.mean_none, found.draws) == (1, 0, 1)


def test_nothing_but_missing_values() -> None:
    found = paired(np.array([np.nan]), np.array([1.0]))
    assert found.draws == 0 and found.mean is None and not found.no_effect


def test_arrays_of_different_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes"):
        paired(np.zeros(3), np.zeros(4))
