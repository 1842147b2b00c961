"""Annual figures become quarters that average to them and move as the indicator does (Denton)."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.drivers.history.disaggregate import denton


def test_years_average_to_their_figures_and_others_are_free() -> None:
    indicator = 100 * 1.01 ** np.arange(24)
    values = denton(indicator, 2010, {2010: 50.0, 2013: 60.0, 2015: 61.0})
    means = values.reshape(6, 4).mean(axis=1)
    assert means[[0, 3, 5]] == pytest.approx([50, 60, 61])
    assert 50 < means[1] < means[2] < 60


def test_a_multiple_of_the_indicator_is_found_again() -> None:
    indicator = np.random.default_rng(1).uniform(1, 2, 16)
    values = denton(indicator, 2000, {2000 + k: 3 * indicator[4 * k : 4 * k + 4].mean() for k in range(4)})
    assert np.allclose(values, 3 * indicator)


def test_the_ratio_to_the_indicator_is_smoother_than_steps_between_years() -> None:
    values = denton(np.ones(12), 2000, {2000: 1.0, 2001: 2.0, 2002: 3.0})
    assert np.abs(np.diff(values)).max() < 0.5


def test_figures_outside_the_indicator_are_refused() -> None:
    with pytest.raises(ValueError, match="no benchmark"):
        denton(np.ones(8), 2000, {1990: 1.0})
