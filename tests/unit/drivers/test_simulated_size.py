"""The size of the Diebold-Mariano test is simulated with the test that is used."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.drivers.backtest.significance import _statistics, diebold_mariano, simulated_size


@pytest.mark.parametrize("horizon", [1, 4, 12])
def test_many_statistics_at_once_are_those_of_the_library(horizon: int) -> None:
    rng = np.random.default_rng(horizon)
    difference = np.cumsum(rng.normal(0.1, 1, (20, 50)), axis=1) * 0.1 + rng.normal(size=(20, 50))
    one_by_one = [diebold_mariano(row, np.zeros(50), horizon)[0] for row in difference]
    np.testing.assert_allclose(_statistics(difference, horizon), one_by_one, rtol=1e-9)


def test_the_size_is_near_its_nominal_value_without_overlap_and_above_it_with_few_origins() -> None:
    assert simulated_size(200, 1, 0.05) == pytest.approx(0.05, abs=0.015)
    assert simulated_size(30, 8, 0.05) > 0.07
    assert np.isnan(simulated_size(10, 8, 0.05))
