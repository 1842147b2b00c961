"""Productivity by hand: smoothing of published years, and the path through them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.model.trends import smoothed
from regionsim.state.reference import BaseEconomy


def test_a_straight_line_is_its_own_trend() -> None:
    line = np.array([[0.3, 1.0], [0.32, 0.9], [0.34, 0.8], [0.36, 0.7]])
    assert np.allclose(smoothed(line), line - line[0])


def test_a_spike_is_shared_with_its_neighbours() -> None:
    """0, 0, 1, 0, 0 has no slope, so the mean of neighbours is 0, 1/4, 1/2, 1/4, 0."""
    spike = np.array([0.0, 0.0, 1.0, 0.0, 0.0])[:, None]
    assert np.allclose(smoothed(spike)[:, 0], [0.0, 0.25, 0.5, 0.25, 0.0])


def test_the_ends_count_themselves_twice_over() -> None:
    """1, 0, 0, 0, 1 has no slope; each end is 3/4 of itself and 1/4 of its neighbour, and the first row is then 0."""
    ends = np.array([1.0, 0.0, 0.0, 0.0, 1.0])[:, None]
    assert np.allclose(smoothed(ends)[:, 0], np.array([0.75, 0.25, 0.0, 0.25, 0.75]) - 0.75)


def test_smoothing_keeps_a_line_under_what_moves_around_it() -> None:
    spike = np.array([0.0, 0.0, 1.0, 0.0, 0.0])[:, None]
    line = 0.02 * np.arange(5)[:, None]
    assert np.allclose(smoothed(spike + line), smoothed(spike) + line)


def test_one_year_alone_is_the_start() -> None:
    assert np.array_equal(smoothed(np.array([[0.7, 0.2]])), [[0.0, 0.0]])


@pytest.fixture
def base(setup: Setup) -> BaseEconomy:
    """Three published years in which two kinds of sectors grew by 0, .04, -.02, and a trend of .08 a year after."""
    sectors = setup.base.gva.size
    ln = np.array([0.0, 0.04, 0.02])[:, None] * np.ones(sectors)
    return replace(setup.base, ln_productivity=ln, productivity_trend_year=np.full(sectors, 0.08))


@pytest.mark.parametrize(
    ("years", "ln"),
    [
        (0.0, 0.0),  # before the middle of the first year nothing has changed
        (0.25, 0.0),
        (0.5, 0.0),  # the middle of the first year
        (0.75, 0.01),  # a quarter of the way to the middle of the second
        (1.5, 0.04),
        (2.0, 0.03),  # half-way down to the third
        (2.5, 0.02),  # the middle of the last published year
        (2.75, 0.04),  # and the trend from there
        (12.5, 0.82),
    ],
)
def test_productivity_passes_through_published_years_and_goes_on_with_its_trend(
    base: BaseEconomy, years: float, ln: float
) -> None:
    assert np.allclose(np.log(base.trend_productivity(years)), ln)


def test_without_published_years_productivity_is_its_trend(base: BaseEconomy) -> None:
    bare = replace(base, ln_productivity=np.zeros((1, base.gva.size)))
    assert np.allclose(np.log(bare.trend_productivity(0.25)), 0.0)
    assert np.allclose(np.log(bare.trend_productivity(10.5)), 0.8)


def test_productivity_of_a_run_starts_at_one_and_has_no_jump(setup: Setup) -> None:
    """From quarter to quarter no sector moves by more than a quarter of the largest yearly step there is."""
    base = RegionModel(setup, 0).base
    path = np.log(np.stack([base.trend_productivity(q / 4) for q in range(136)]))
    assert not path[0].any()
    largest = np.abs(np.vstack([np.diff(base.ln_productivity, axis=0), base.productivity_trend_year])).max(axis=0)
    assert (np.abs(np.diff(path, axis=0)) <= largest / 4 + 1e-12).all()
    assert len(base.ln_productivity) > 1
