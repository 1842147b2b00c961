"""The split of the variance of outcomes and effects, from results whose shares are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from regionsim.analysis.summary import summarise
from regionsim.analysis.variance_parts import PARTS
from regionsim.analysis.variance_split import (
    COLUMNS,
    FEW_DIFFER,
    FEW_DRAWS,
    NO_VARIANCE,
    as_attribute,
    parts,
    stored_split,
    variance_split,
)
from regionsim.results.store import as_text
from tests.fixtures.results import sum_of_sources, synthetic, with_split

SHORT = {"first": "2019Q1", "last": "2024Q4"}
DRIVER_ONLY = (1.0, 0.0, 0.0)
pytestmark = pytest.mark.xdist_group("variance_split")  # the draws are made by one worker, not by each


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    return synthetic(tmp_path_factory.mktemp("many"), 30, **SHORT)


def split(ds: xr.Dataset, weights: tuple[float, ...]) -> pd.DataFrame:
    return variance_split(*sum_of_sources(ds, weights))


def rows(table: pd.DataFrame, outcome: str, of: str, quarters: int, measure_of: str) -> pd.DataFrame:
    keep = (table["outcome"] == outcome) & (table["of"] == of) & (table["quarters"] == quarters)
    return table[keep & (table["measure_of"] == measure_of)].set_index("source", drop=False)


def test_one_row_per_plan_outcome_horizon_measure_and_source(many: xr.Dataset) -> None:
    table = split(many, (0.8, 0.6, 0.3))
    assert tuple(table.columns) == COLUMNS
    assert not table.duplicated(["world", "plan", "outcome", "horizon", "measure_of", "of", "source"]).any()
    assert set(zip(table["of"], table["plan"], strict=True)) == {("effect", "growth"), ("level", "none")}
    assert set(zip(table["quarters"], table["horizon"], strict=True)) == {(4, "2021Q4"), (12, "2023Q4")}
    assert set(rows(table, "gva", "effect", 12, "cumulated")["source"]) == {"driver", "parameter", "chance"}
    assert rows(table, "jobs", "level", 12, "cumulated").empty and len(rows(table, "jobs", "level", 12, "average")) == 3


@pytest.mark.parametrize("of", ["level", "effect"])
def test_a_single_source_has_the_whole_variance(many: xr.Dataset, of: str) -> None:
    found = rows(split(many, DRIVER_ONLY), "employed_residents", of, 12, "average")
    assert found.at["driver", "first_order"] == pytest.approx(1)
    assert found.loc[["parameter", "chance"], "total"].tolist() == [0, 0]
    assert (found["note"] == "").all() and (found["draws"] == 30).all()


def test_shares_follow_the_weights(many: xr.Dataset) -> None:
    found = rows(split(many, (0.9, 0.4, 0.2)), "employed_residents", "level", 12, "average")
    assert found["total"].is_monotonic_decreasing and found["total"].sum() == pytest.approx(1, abs=0.35)
    assert (found["low"] < found["total"]).all() and (found["total"] < found["high"]).all()


def test_parts_add_up_to_one(many: xr.Dataset) -> None:
    found = parts(rows(split(many, (0.8, 0.6, 0.3)), "young_graduates", "effect", 12, "average"))
    assert found is not None
    assert tuple(found) == PARTS and sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= 0


def test_the_order_of_draws_is_irrelevant(many: xr.Dataset) -> None:
    plain, switched, other = sum_of_sources(many, (0.8, 0.6, 0.3))
    backwards = {source: runs.isel(draw=slice(None, None, -1)) for source, runs in switched.items()}
    order = np.random.default_rng(1).permutation(30)
    pd.testing.assert_frame_equal(
        variance_split(plain.isel(draw=order), backwards, other), variance_split(plain, switched, other)
    )


def test_what_does_not_vary_says_so(many: xr.Dataset) -> None:
    found = rows(split(many, DRIVER_ONLY), "public_cost", "effect", 12, "cumulated")
    assert (found["note"] == NO_VARIANCE).all() and found["total"].isna().all()
    assert parts(found) is None


def test_an_effect_in_a_few_draws_is_called_unreliable(many: xr.Dataset) -> None:
    plain, switched, other = sum_of_sources(many, (0.8, 0.6, 0.3))
    rare = plain.copy(deep=True)
    rare["jobs"].loc[{"plan": "growth"}] = plain["jobs"].sel(plan="none")
    same = {source: runs.copy(deep=True) for source, runs in switched.items()}
    for runs in same.values():
        runs["jobs"].loc[{"plan": "growth"}] = runs["jobs"].sel(plan="none")
    rare["jobs"].loc[{"plan": "growth", "draw": [3, 4]}] += 5
    found = rows(variance_split(rare, same, other), "jobs", "effect", 12, "average")
    assert (found["note"] == FEW_DIFFER).all()
    assert np.isfinite(found[["first_order", "first_low", "first_high", "total", "low", "high"]].to_numpy()).all()


def test_few_draws_are_called_few(tmp_path: Path) -> None:
    table = split(synthetic(tmp_path, 6, **SHORT), (0.8, 0.6, 0.3))
    assert set(table["note"]) == {FEW_DRAWS, NO_VARIANCE}


def test_without_a_plan_levels_of_the_last_quarter_are_split(many: xr.Dataset) -> None:
    table = split(many.sel(plan=["none"]), DRIVER_ONLY)
    assert set(table["of"]) == set(table["measure_of"]) == {"level"} and set(table["horizon"]) == {"2024Q4"}


def test_results_keep_the_table(many: xr.Dataset) -> None:
    table = split(many, (0.8, 0.6, 0.3))
    kept = stored_split(many.assign_attrs(variance_split=as_text(as_attribute(table))))
    pd.testing.assert_frame_equal(kept, table, atol=1e-4, rtol=0, check_dtype=False)
    assert stored_split(many).empty


def test_the_summary_has_the_split_only_where_the_run_made_it(many: xr.Dataset) -> None:
    assert "variance_split" not in summarise(many)
    found = pd.DataFrame(summarise(with_split(many))["variance_split"])
    assert set(found["quarters"]) == {12} and set(found["measure_of"]) == {"average", "cumulated"}
    assert set(found["of"]) == {"level", "effect"}
