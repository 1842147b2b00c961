"""The Schaake shuffle keeps every margin and gives the dependence of the template."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.drivers.joint import BLOCK, shuffled, templates


def test_margins_stay_exactly_and_ranks_are_those_of_the_template() -> None:
    rng = np.random.default_rng(1)
    sample, template = rng.exponential(size=(50, 3, 2)), rng.normal(size=(50, 3, 2))
    out = shuffled(sample, template)
    assert (np.sort(out, axis=0) == np.sort(sample, axis=0)).all()
    assert (out.argsort(axis=0) == template.argsort(axis=0)).all()


def test_templates_keep_the_correlation_between_series_and_add_up() -> None:
    rng = np.random.default_rng(2)
    changes = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], 400)
    out = templates(changes, 10, 3000, rng)
    assert out is not None and out.shape == (3000, 10, 2)
    assert np.corrcoef(out[:, 9, 0], out[:, 9, 1])[0, 1] == pytest.approx(0.7, abs=0.07)
    assert out[:, 9].var() == pytest.approx(10 * out[:, 0].var(), rel=0.25)


def test_blocks_do_not_touch_what_is_unknown() -> None:
    changes = np.arange(40, dtype=float)[:, None]
    changes[10:14] = np.nan
    out = templates(changes, BLOCK, 500, np.random.default_rng(3))
    assert out is not None and np.isfinite(out).all()
    assert templates(np.full((10, 1), np.nan), 3, 5, np.random.default_rng(3)) is None
