"""Effects on the synthetic dataset, whose true effects are known draw by draw."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.effects import effect, effect_by, effect_table, effect_unit, total_effect
from regionsim.analysis.select import horizons, quarter_labels, start_index, total
from regionsim.state.errors import InputError
from tests.fixtures.results import SHARES, graduates_added, jobs_added, synthetic


def since(ds: xr.Dataset) -> np.ndarray:
    """Quarters since the plan's start, 0 in its first."""
    return np.arange(ds.sizes["quarter"]) - start_index(ds, "growth")


def test_the_paired_effect_is_recovered_draw_by_draw(ds: xr.Dataset) -> None:
    found = total_effect(ds, "employed_residents", "growth")
    assert found.dims == ("world", "draw", "quarter")
    truth = [[jobs_added(draw, int(q)) for q in since(ds)] for draw in range(12)]
    np.testing.assert_allclose(found.values[0], truth, atol=1e-7)
    assert (found.values[0][:, since(ds) < 0] == 0).all()  # before the plan: not nearly, exactly nothing


def test_the_effect_keeps_the_outcomes_dims(ds: xr.Dataset) -> None:
    found = effect(ds, "jobs", "growth")
    assert found.dims == ("world", "draw", "quarter", "arrondissement", "sector")
    assert found.attrs["unit"] == "jobs"
    assert effect(ds, "unemployment_rate", "growth").attrs["unit"] == "percentage points"


def test_an_effect_can_be_taken_against_another_plan(tmp_path: Path) -> None:
    two = synthetic(tmp_path, 3, plans=("none", "growth", "double"), first="2020Q1", last="2023Q4")
    against = total_effect(two, "employed_residents", "double", reference="growth")
    np.testing.assert_allclose(against, total_effect(two, "employed_residents", "growth"), atol=1e-7)


def test_the_table_holds_the_mean_and_range_of_the_known_effects(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[4, 28], outcomes=["young_graduates"])
    assert table["quarters"].tolist() == [4, 28]
    assert table["quarter"].tolist() == ["2021Q4", "2027Q4"]
    for row, quarters in zip(table.to_dict("records"), (4, 28), strict=True):
        truth = np.array([graduates_added(draw, quarters - 1) for draw in range(12)])
        assert row["mean"] == pytest.approx(truth.mean())
        assert row["p10"] == pytest.approx(np.quantile(truth, 0.1), abs=1e-7)
        assert row["p90"] == pytest.approx(np.quantile(truth, 0.9), abs=1e-7)
        assert row["p_positive"] == 10 / 12
        assert row["paired_sd"] == pytest.approx(truth.std(ddof=1))
        base = (
            total(ds, "young_graduates")
            .sel(plan="none")
            .isel(world=0, quarter=start_index(ds, "growth") + quarters - 1)
        )
        assert row["percent_of_none"] == pytest.approx(100 * truth.mean() / base.mean().item())
        assert row["draws_enough"] == np.ceil((1.2816 * truth.std(ddof=1) / (0.1 * truth.mean())) ** 2)


def test_a_flow_has_a_level_and_a_sum_since_the_start(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[12], outcomes=["public_cost", "young_graduates"])
    cost = table[table["outcome"] == "public_cost"].set_index("measure_of")
    assert cost.loc["level", "mean"] == pytest.approx(0.9)
    assert cost.loc["cumulated", "mean"] == pytest.approx(12 * 0.9)
    assert cost.loc["level", "unit"] == "million EUR per quarter"
    assert cost.loc["cumulated", "unit"] == "million EUR"
    assert table[table["outcome"] == "young_graduates"]["measure_of"].tolist() == ["level"]


def test_an_outcome_that_the_plan_leaves_alone_has_no_effect(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[4], outcomes=["residents", "employed_residents"])
    assert table["verdict"].tolist() == ["no effect", ""]
    assert table["mean"].tolist()[0] == 0


def test_the_default_table_has_all_headlines_at_all_horizons_within_the_data(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth")
    assert set(table["quarters"]) == {4, 12, 28}  # 60 quarters after 2021Q1 lie beyond 2032Q4
    assert {"employed_residents", "unemployment_rate", "gva", "public_cost"} <= set(table["outcome"])
    assert "births" not in set(table["outcome"])
    assert not table["mean"].isna().any()


def test_effects_by_group_add_up_to_the_total(ds: xr.Dataset) -> None:
    by_sector = effect_by(ds, "jobs", "growth", "sector", 12).set_index("sector")
    whole = effect_table(ds, "growth", at=[12], outcomes=["jobs"])["mean"].item()
    assert by_sector["mean"].sum() == pytest.approx(whole)
    np.testing.assert_allclose(by_sector["mean"] / whole, SHARES["sector"], atol=1e-9)
    assert by_sector.index.tolist() == ["crafts", "farms", "shops", "care"]


def test_cost_by_measure_is_summed_since_the_start(ds: xr.Dataset) -> None:
    cost = effect_by(ds, "public_cost", "growth", "measure", 4, cumulated=True).set_index("measure")["mean"]
    assert cost["apprenticeships"] == pytest.approx(4 * 0.9 * 0.6)
    assert cost["export_coaching"] == pytest.approx(4 * 0.9 * 0.4)


def test_worlds_are_kept_apart(tmp_path: Path) -> None:
    two = synthetic(tmp_path, 3, worlds=("calm", "storm"), first="2020Q1", last="2022Q4")
    storm = two.sel(world="storm")
    two["young_graduates"].loc[{"world": "storm", "plan": "growth"}] = storm["young_graduates"].sel(plan="none") - 5
    table = effect_table(two, "growth", at=[4], outcomes=["young_graduates"]).set_index("world")["mean"]
    assert table["storm"] == -5
    assert table["calm"] == pytest.approx(np.mean([graduates_added(draw, 3) for draw in range(3)]))


def test_missing_values_of_a_ratio_are_left_out_pairwise(ds: xr.Dataset) -> None:
    holes = ds.copy(deep=True)
    holes["mean_wage"].loc[{"plan": "none", "draw": 3}] = np.nan
    table = effect_table(holes, "growth", at=[4], outcomes=["mean_wage"])
    assert table["draws"].tolist() == [11]
    assert table["mean"].tolist() == [0]


def test_a_missing_part_makes_the_total_missing_rather_than_smaller(ds: xr.Dataset) -> None:
    holes = ds.copy(deep=True)
    holes["jobs"].loc[{"plan": "growth", "draw": 3, "sector": "care"}] = np.nan
    assert effect_table(holes, "growth", at=[4], outcomes=["jobs"])["draws"].tolist() == [11]


# ------------------------------------------------------------------------------------------------------------ horizons


def test_a_horizon_is_the_end_of_so_many_quarters_of_the_plan(ds: xr.Dataset) -> None:
    first, last = horizons(ds, "growth", [1, 48])
    assert (first.label, first.first, first.last) == ("2021Q1", 40, 40)
    assert (last.label, last.last) == ("2032Q4", ds.sizes["quarter"] - 1)


def test_without_a_horizon_inside_the_data_the_last_quarter_is_taken(ds: xr.Dataset) -> None:
    (only,) = horizons(ds, "growth", [200])
    assert (only.label, only.quarters) == (quarter_labels(ds)[-1], 48)


def test_a_group_effect_beyond_the_data_is_refused(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="2032Q4"):
        effect_by(ds, "jobs", "growth", "sector", 49)


def test_a_horizon_before_the_first_quarter_is_refused(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="1 or more"):
        effect_table(ds, "growth", at=[0])


# -------------------------------------------------------------------------------------------------------------- faults


def test_unknown_names_are_told_with_the_likely_ones(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="did you mean 'young_graduates'"):
        effect(ds, "young_graduate", "growth")
    with pytest.raises(InputError, match="did you mean 'growth'"):
        effect(ds, "gva", "groth")
    with pytest.raises(InputError, match="no dim 'sector'"):
        effect_by(ds, "residents", "growth", "sector", 4)


def test_rates_do_not_add_up(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="ratio"):
        total(ds, "unemployment_rate_by_education")


def test_a_stock_has_no_cumulated_effect(ds: xr.Dataset) -> None:
    with pytest.raises(InputError, match="no flow"):
        effect_by(ds, "jobs", "growth", "sector", 4, cumulated=True)


@pytest.mark.parametrize(("start", "told"), [({}, "no quarter"), ({"growth": "2050Q1"}, "outside 2011Q1 to 2032Q4")])
def test_a_plan_without_a_start_in_the_data_is_told(ds: xr.Dataset, start: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        effect_table(ds.assign_attrs(plan_start=json.dumps(start)), "growth")


def test_units_of_differences() -> None:
    assert effect_unit("%") == "percentage points"
    assert effect_unit("persons per quarter") == "persons per quarter"
    assert effect_unit("persons per quarter", "cumulated") == "persons"
