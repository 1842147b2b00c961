"""To the end of the horizon, whole and in very small samples: no warning of numpy, no number that is none."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import prepare
from regionsim.results.outcomes import OUTCOMES
from tests.fixtures import models

NO_CAPACITY = "capacity_used"  # of kinds of institutions that have no places, such as municipalities


@pytest.mark.parametrize(
    ("scale", "region", "last"),
    [(1.0, models.FICTLAND, "2044Q4"), (0.01, models.FICTLAND, "2044Q4"), (0.01, "west_flanders", "2024Q4")],
    ids=["whole", "0.01 of fictland", "0.01 of the real region"],
)
def test_a_run_to_the_end_warns_of_nothing_and_has_every_number(
    population_cache: None, scale: float, region: object, last: str
) -> None:
    """At .01 fictland has some thirty firms, sectors and places without any: shares of nothing are 0, not NaN."""
    settings = models.settings(scale=scale, region=region, horizon=last, plans=(models.NO_PLAN, models.plan()))
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        setup = prepare(settings)
        model = RegionModel(setup, 0, models.plan(dose=scale), record=True).run(len(setup.quarters))
    data = model.recorder.finish(scale)
    undefined = {name for name in OUTCOMES if not np.isfinite(data[name].values).all()}
    assert undefined == {NO_CAPACITY}
    some = np.isfinite(data[NO_CAPACITY]).any("quarter")
    assert bool((np.isfinite(data[NO_CAPACITY]).all("quarter") == some).all())  # a kind has places or has none
    assert float(data.gva.min()) >= 0 and float(data.gva.isel(quarter=-1).sum()) > 0
    assert 0 < float(data.unemployment_rate.isel(quarter=slice(-20, None)).mean()) < 30
