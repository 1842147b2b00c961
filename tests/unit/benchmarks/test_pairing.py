"""The benchmark's ratio and its bound on numbers whose answer is known, and its policies as measures."""

import numpy as np
import pytest
from benchmarks.pairing import HORIZONS, READINGS, figures
from benchmarks.pairing_ratio import lower_bound, pairing

from regionsim.interventions import base
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.state.firms import EMPLOYER
from tests.fixtures.models import until

SECTOR = 1


def test_ratio_is_the_sum_of_variances_over_that_of_the_difference() -> None:
    found = pairing(np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 4.0]))
    assert found["ratio"] == 5.0  # (1 + 4) / 1
    assert found["paired_sd"] == 1.0
    assert found["unpaired_sd"] == pytest.approx(5**0.5, rel=1e-3)
    assert found["mean_effect"] == 0.0


def test_what_pairing_does_not_help_has_ratio_one_and_what_it_removes_has_none() -> None:
    rng = np.random.default_rng(1)
    apart = pairing(rng.normal(size=4000), rng.normal(size=4000))
    assert apart["ratio"] == pytest.approx(1.0, abs=0.05)
    base_run = rng.normal(size=30)
    same = pairing(base_run + 2.0**-2, np.round(base_run, 3))
    assert same["ratio"] is not None and same["ratio"] > 1e5
    assert pairing(np.arange(5.0) + 1.0, np.arange(5.0))["ratio"] is None


def test_the_bound_lies_below_the_true_ratio_nine_times_in_ten() -> None:
    rng = np.random.default_rng(2)
    below = 0
    for _ in range(200):
        shared, one, other = rng.normal(0, 7, 80), rng.normal(size=80), rng.normal(size=80)
        below += lower_bound(shared + one, shared + other, resamples=400) < 50.0  # 1 + 7 ** 2
    assert 0.82 <= below / 200 <= 0.96


def test_outcomes_are_taken_at_over_and_up_to_the_horizon() -> None:
    rng = np.random.default_rng(3)
    runs = []
    for _ in range(12):
        none = rng.normal(size=(len(READINGS), max(HORIZONS)))
        runs.append({name: none + i for i, name in enumerate(("none", "small_firm_policy", "sector_demand"))})
        runs[-1]["graduate_pull"] = none + rng.normal(size=none.shape)
    found = figures(runs)
    assert found["employment.q12"]["mean_effect"] == 1.0
    assert found["sector_employment_mean.q40"]["mean_effect"] == 2.0
    added = np.array([(r["graduate_pull"] - r["none"])[READINGS.index("graduates_kept"), :20].sum() for r in runs])
    assert found["graduates_kept.q20"]["paired_sd"] == pytest.approx(added.std(ddof=1), rel=1e-3)
    assert found["graduates_kept.q20"]["bar"] == 10
    assert found["graduates_kept.q20"]["reaches_bar"] is (found["graduates_kept.q20"]["ratio"] >= 10)


def test_policies_reach_whom_they_say_and_nobody_else(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their first quarter: treated firms sell 2 % more, others of the sector the same, the sector that much more."""
    monkeypatch.setattr(base, "MECHANISMS", dict(base.MECHANISMS))
    from benchmarks import pairing_policies as policies

    for kind in (policies.SmallFirmPolicy, policies.SectorDemand, policies.GraduatePull):
        base.MECHANISMS.setdefault(f"pairing_{_snake(kind.__name__)}", kind)
    plans = policies.plans(setup.settings.first, SECTOR)
    levers = {name: until(RegionModel(setup, 0, plan), "births") for name, plan in plans.items()}
    now = levers["small_firm_policy"]
    firms = now.state.firms.a
    ratio = now.levers.over_rows("demand_ratio", firms.id.size)
    of_sector = (firms.kind == EMPLOYER) & (firms.sector == SECTOR)
    assert set(np.unique(ratio)) == {1.0, 1.0 + policies.MORE_DEMAND}
    assert (ratio[~of_sector] == 1.0).all()
    assert (ratio > 1.0).sum() == int(policies.SHARE_OF_FIRMS * of_sector.sum() + 0.5) > 0
    weight = firms.size_weight[of_sector]
    more = now.levers.dense["sector_demand"][SECTOR]
    assert more == pytest.approx((weight * ratio[of_sector]).sum() / weight.sum())
    assert (np.delete(now.levers.dense["sector_demand"], SECTOR) == 1.0).all()
    assert levers["sector_demand"].levers.dense["sector_demand"].tolist().count(1.02) == 1
    assert levers["graduate_pull"].levers.region("graduate_pull") == policies.PULL


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
