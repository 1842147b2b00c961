"""The unit-free scale: unit, pandemic and level shift do not reach a model."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.drivers.series import Series, standardised
from regionsim.state.calendar import ordinal, text
from tests.unit.drivers.examples import walk


@pytest.mark.parametrize("factor", [1e3, 1e6, 1e-3])
@pytest.mark.parametrize("log", [True, False])
def test_the_scale_does_not_know_the_unit(factor: float, log: bool) -> None:
    one = walk(n=60, log=log)
    other = Series("walk", one.first, one.values * factor, log=log)
    assert (standardised(one).z == standardised(other).z).all()
    paths = np.array([[0.0, 1.0, -2.0]])
    assert np.allclose(standardised(other).back(paths), factor * standardised(one).back(paths), rtol=1e-12)


@pytest.mark.parametrize("log", [True, False])
def test_back_undoes_the_scale(log: bool) -> None:
    s = walk(n=60, log=log)
    scaled = standardised(s)
    assert np.allclose(scaled.back(scaled.z), s.values, rtol=1e-9)


def test_the_pandemic_is_missing_and_neither_it_nor_the_return_from_it_is_a_change() -> None:
    s = walk(n=140)  # 1990Q1 to 2024Q4
    scaled = standardised(s)
    missing = [text(s.first + t) for t in np.flatnonzero(np.isnan(scaled.masked))]
    assert missing == [f"{year}Q{q}" for year in (2020, 2021) for q in (1, 2, 3, 4)]
    without = [text(s.first + t) for t in np.flatnonzero(np.isnan(scaled.changes))]
    assert without == ["1990Q1", *missing, "2022Q1"]


def test_a_level_shift_is_taken_out_of_the_past() -> None:
    s = walk(n=120, sd=0.0)
    at = 60
    shifted = Series("s", s.first, np.where(np.arange(120) >= at, 0.8, 1.0) * s.values, shift=s.first + at)
    scaled = standardised(shifted)
    assert np.diff(scaled.z)[at - 1] == pytest.approx(100 * np.log(0.8) + 0.4, abs=1e-6)
    assert np.allclose(np.diff(scaled.masked), 0.4, atol=1e-6)
    assert np.isnan(scaled.changes[at])


def test_a_shift_that_is_not_known_yet_changes_nothing() -> None:
    s = walk(n=60)
    later = Series("walk", s.first, s.values, shift=s.last + 5)
    assert (standardised(s).masked == standardised(later).masked).all()


def test_until_forgets_what_came_later() -> None:
    s = walk(n=140)
    known = s.until(ordinal("2010Q2"))
    assert text(known.last) == "2010Q2"
    assert (known.values == s.values[: len(known.values)]).all()
    assert len(s.until(s.first - 1).values) == 0
