"""Regret of payoffs made by hand, and payoffs of the synthetic dataset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.effects import total_effect
from regionsim.analysis.robustness import payoffs, regret_table
from regionsim.results.store import as_text
from regionsim.state.errors import InputError
from tests.fixtures.results import synthetic

BY_HAND = xr.DataArray(
    [
        [[0.0, 0.0], [4.0, 6.0], [4.0, 2.0]],  # calm: none, bold, careful in two draws
        [[0.0, 0.0], [-6.0, 0.0], [1.0, 1.0]],  # storm
    ],
    dims=("world", "plan", "draw"),
    coords={"world": ["calm", "storm"], "plan": ["none", "bold", "careful"], "draw": [0, 1]},
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Four draws of two worlds; the second plan does twice what the first does."""
    folder: Path = tmp_path_factory.mktemp("robust")
    return synthetic(folder, 4, plans=("none", "growth", "double"), worlds=("calm", "storm"), first="2020Q1")


def test_regret_of_payoffs_made_by_hand() -> None:
    table = regret_table(BY_HAND).set_index("plan")
    assert table.index.tolist() == ["none", "bold", "careful"]
    assert table["mean"].tolist() == [0, 1, 2]
    assert table["worst_world"].tolist() == ["calm", "storm", "storm"]
    assert table["worst_world_mean"].tolist() == [0, -3, 1]
    assert table["p_best"].tolist() == [0, 0.375, 0.625]  # the first case is shared
    assert table["expected_regret"].tolist() == [3, 2, 1]  # best: 4, 6, 1, 1
    assert table["largest_regret"].tolist() == [5, 4, 2]
    assert "satisfied" not in table


def test_satisfied_is_the_share_of_cases_at_the_threshold_or_above() -> None:
    table = regret_table(BY_HAND, threshold=1).set_index("plan")
    assert table["satisfied"].tolist() == [0, 0.5, 1]
    assert table["satisfied_worst_world"].tolist() == [0, 0, 1]


def test_a_case_that_is_missing_for_one_plan_is_left_out_for_all() -> None:
    some = BY_HAND.copy()
    some.loc[{"world": "storm", "plan": "bold", "draw": 0}] = np.nan
    table = regret_table(some, threshold=1).set_index("plan")
    assert table.loc["careful", "mean"] == pytest.approx(7 / 3)
    assert table["p_best"].sum() == pytest.approx(1)
    assert table.loc["bold", "satisfied"] == pytest.approx(2 / 3)
    with pytest.raises(InputError, match="world 'storm' has no draw"):
        regret_table(BY_HAND.where(BY_HAND["world"] == "calm"))
    with pytest.raises(InputError, match="has no dim 'draw'"):
        regret_table(BY_HAND.mean("draw"))


def test_plans_that_differ_by_rounding_tie() -> None:
    """In three cases two of them, in the last all three."""
    alike = BY_HAND.copy()
    alike.loc[{"plan": "careful"}] = BY_HAND.sel(plan="bold") * (1 + 1e-14)
    assert regret_table(alike).set_index("plan")["p_best"].tolist() == pytest.approx([1 / 3] * 3)


def test_payoffs_are_paired_effects_and_more_is_better(two: xr.Dataset) -> None:
    jobs, seekers = payoffs(two, "employed_residents"), payoffs(two, "unemployment_rate")
    assert jobs.dims == ("world", "plan", "draw") and jobs["plan"].values.tolist() == ["none", "growth", "double"]
    assert jobs.attrs["quarters"] == 28 and jobs.attrs["measure_of"] == "average"  # 60 lie beyond the data
    assert (jobs.sel(plan="none") == 0).all() and (jobs.sel(plan="double") > jobs.sel(plan="growth")).all()
    assert (seekers.sel(plan="growth") > 0).all()  # fewer of them
    assert seekers.attrs["good"] == -1 and seekers.attrs["unit"] == "percentage points"
    truth = total_effect(two, "employed_residents", "double").isel(quarter=slice(4, 32)).mean("quarter")
    np.testing.assert_allclose(jobs.sel(plan="double"), truth, atol=1e-7)
    assert regret_table(jobs)["p_best"].tolist() == [0, 0, 1]


def test_a_horizon_and_a_measure_can_be_asked(two: xr.Dataset) -> None:
    level = payoffs(two, "employed_residents", quarters=4, measure_of="level")
    truth = total_effect(two, "employed_residents", "growth").isel(quarter=7)
    np.testing.assert_allclose(level.sel(plan="growth"), truth, atol=1e-7)
    flow = payoffs(two, "net_graduate_migration", quarters=4)
    assert flow.attrs["measure_of"] == "cumulated" and not flow.attrs["unit"].endswith("per quarter")


def test_the_default_horizon_is_one_that_all_plans_reach(two: xr.Dataset) -> None:
    late = two.assign_attrs(plan_start=as_text({"growth": "2021Q1", "double": "2029Q1"}))
    assert payoffs(late, "employed_residents").attrs["quarters"] == 12


def test_what_cannot_be_asked_is_told_with_what_can(two: xr.Dataset) -> None:
    with pytest.raises(InputError, match="public_cost.*neither more nor less.*allowed:.*employed_residents"):
        payoffs(two, "public_cost")
    with pytest.raises(InputError, match="level, not 'cumulated'"):
        payoffs(two, "employed_residents", measure_of="cumulated")
    with pytest.raises(InputError, match="unknown"):
        payoffs(two, "happiness")
    with pytest.raises(InputError, match="99 after the start of 'growth' lies beyond"):
        payoffs(two, "employed_residents", quarters=99)
    with pytest.raises(InputError, match="'none' alone"):
        payoffs(two.sel(plan=["none"]), "employed_residents")
