"""Points of a design made from a scenario's priors."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.cli.configs import compose_settings
from regionsim.ensemble.designs import MEASURES, at_points, design_of, uncertain
from regionsim.model.settings import Settings
from regionsim.state.errors import InputError
from tests.fixtures.fake_model import FICTLAND

OVERRIDES = [f"region.tables={FICTLAND}", "region.name=fictland", "ensemble=smoke", "plan=technical_education"]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return compose_settings(OVERRIDES)


def test_every_uncertain_parameter_moves_and_measures_are_one_factor(settings: Settings) -> None:
    made = at_points(settings, "morris", 3, 2, "block")
    assert made.design is not None and set(made.design.names) == set(uncertain(settings))
    factors = set(made.design.groups)
    assert MEASURES in factors and "labour" in factors
    assert made.draws == 3 * (len(factors) + 1) * 2
    assert any(name.startswith("dual_learning.") for name in made.design.names)


def test_the_design_comes_back_from_the_settings(settings: Settings) -> None:
    made = at_points(settings, "sobol", 4, 1, "block", ["labour", "education"])
    assert made.design is not None
    back = design_of(made.design, made.seed)
    assert back.method == "sobol" and set(back.factors) == {"labour", "education"}
    assert np.array_equal(back.quantiles, np.array(made.design.rows))


def test_single_parameters_can_be_chosen(settings: Settings) -> None:
    names = [name for name in uncertain(settings) if name.startswith("education.")][:2]
    made = at_points(settings, "random", 5, 1, "parameter", names)
    assert made.design is not None and made.design.names == tuple(names) and made.draws == 5


def test_what_has_no_prior_is_told(settings: Settings) -> None:
    with pytest.raises(InputError) as error:
        at_points(settings, "morris", 2, 1, "block", ["labor", "nothing.at_all"])
    assert "'labor' is no uncertain parameter (did you mean 'labour'?)" in str(error.value)
    assert "'nothing.at_all'" in str(error.value) and "blocks:" in str(error.value)
