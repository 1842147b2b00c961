"""Drivers of a world without the pandemic: its quarters on a straight line of logarithms, everything else as it was."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.drivers.pandemic import without_pandemic
from regionsim.state.calendar import ordinal

FIRST = ordinal("2019Q1")
PANDEMIC = slice(4, 12)  # 2020Q1 to 2021Q4 of a path from 2019Q1
NAMES = frozenset({"gdp_country"})


def path(quarters: int = 16) -> np.ndarray:
    """2019Q1 on: 1.0 to 2019Q4, a fall and a rise, 1.0 x e^.09 from 2022Q1."""
    values = np.ones(quarters)
    values[PANDEMIC] = np.array([0.95, 0.8, 0.9, 0.92, 0.95, 1.0, 1.02, 1.04])[: max(quarters - 4, 0)]
    values[12:] = np.exp(0.09)
    return values


def test_the_pandemic_is_bridged_in_equal_steps_of_the_logarithm() -> None:
    """From 0 in 2019Q4 to .09 in 2022Q1 are nine steps: .01, .02, ..., .08 in between."""
    bridged = without_pandemic({"gdp_country": path()}, NAMES, FIRST)["gdp_country"]
    assert np.allclose(np.log(bridged[PANDEMIC]), 0.01 * np.arange(1, 9))


def test_other_quarters_and_other_drivers_stay_to_the_bit() -> None:
    given = {"gdp_country": path(), "fertility/1": path()}
    bridged = without_pandemic(given, NAMES, FIRST)
    outside = np.r_[0:4, 12:16]
    assert np.array_equal(bridged["gdp_country"][outside], path()[outside])
    assert np.array_equal(bridged["fertility/1"], path())
    assert np.array_equal(given["gdp_country"], path())  # what came in is left alone


@pytest.mark.parametrize("quarters", [5, 9, 12])
def test_a_path_that_ends_in_the_pandemic_stays_at_the_value_before_it(quarters: int) -> None:
    bridged = without_pandemic({"gdp_country": path(quarters)}, NAMES, FIRST)["gdp_country"]
    assert bridged.size == quarters
    assert np.allclose(bridged, 1.0)


def test_one_quarter_after_the_pandemic_is_enough_for_the_line() -> None:
    bridged = without_pandemic({"gdp_country": path(13)}, NAMES, FIRST)["gdp_country"]
    assert np.allclose(np.log(bridged[PANDEMIC]), 0.01 * np.arange(1, 9))


@pytest.mark.parametrize(("quarters", "first"), [(4, "2019Q1"), (3, "2019Q1"), (16, "2020Q1"), (16, "2023Q1")])
def test_paths_that_hold_no_quarter_before_and_in_the_pandemic_stay(quarters: int, first: str) -> None:
    """They end before it, or begin in or after it, so that there is no value to start the line from."""
    values = np.linspace(1.0, 2.0, quarters)
    assert np.array_equal(without_pandemic({"gdp_country": values}, NAMES, ordinal(first))["gdp_country"], values)
