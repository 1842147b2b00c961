"""Effects on the synthetic dataset, whose true effects are known draw by draw."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.effects import effect, effect_by, effect_table, effect_unit, since_start, total_effect
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
    assert table["quarters"].tolist() == [4, 4, 28, 28]
    assert table["quarter"].tolist() == ["2021Q4", "2021Q4", "2027Q4", "2027Q4"]
    table = table[table["measure_of"] == "level"]
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


def test_the_average_is_taken_per_draw_over_all_quarters_since_the_start(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[12, 28], outcomes=["employed_residents"])
    averages = table[table["measure_of"] == "average"]
    for row, quarters in zip(averages.to_dict("records"), (12, 28), strict=True):
        truth = np.array([np.mean([jobs_added(draw, q) for q in range(quarters)]) for draw in range(12)])
        assert row["mean"] == pytest.approx(truth.mean())
        assert row["p10"] == pytest.approx(np.quantile(truth, 0.1), abs=1e-6)
        assert row["p90"] == pytest.approx(np.quantile(truth, 0.9), abs=1e-6)
        assert row["paired_sd"] == pytest.approx(truth.std(ddof=1))
        first = start_index(ds, "growth")
        base = total(ds, "employed_residents").sel(plan="none").isel(world=0, quarter=slice(first, first + quarters))
        assert row["mean_none"] == pytest.approx(float(base.mean()))
        assert row["unit"] == "persons"


def test_the_average_is_known_from_fewer_draws_than_a_single_quarter(ds: xr.Dataset) -> None:
    """An effect that is the same in every quarter, seen through noise of each quarter's own."""
    noisy = ds.copy(deep=True)
    noise = np.random.default_rng(5).normal(0, 100, (12, 28))
    first = start_index(ds, "growth")
    plan = noisy["young_graduates"].sel(plan="none").isel(world=0).transpose("draw", "quarter").values.copy()
    plan[:, first : first + 28] += 50 + noise
    noisy["young_graduates"].loc[{"plan": "growth"}] = xr.DataArray(plan, dims=("draw", "quarter"))
    table = effect_table(noisy, "growth", at=[28], outcomes=["young_graduates"]).set_index("measure_of")
    sd = table["paired_sd"]
    assert sd["average"] == pytest.approx(noise.mean(axis=1).std(ddof=1))
    assert sd["average"] < sd["level"] / 3
    assert table.loc["average", "draws_enough"] < table.loc["level", "draws_enough"]


def test_a_ratio_has_an_average_in_percentage_points(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[4], outcomes=["unemployment_rate"])
    assert table["measure_of"].tolist() == ["level", "average"]
    assert set(table["unit"]) == {"percentage points"}
    rates = ds["unemployment_rate"].isel(world=0, quarter=slice(40, 44))
    gap = rates.sel(plan="growth").mean("quarter") - rates.sel(plan="none").mean("quarter")
    assert table["mean"].tolist()[1] == pytest.approx(float(gap.mean()))


def test_an_average_with_a_missing_quarter_is_missing_in_that_draw(ds: xr.Dataset) -> None:
    holes = ds.copy(deep=True)
    holes["mean_wage"].loc[{"plan": "none", "draw": 3, "quarter": "2021Q2"}] = np.nan
    table = effect_table(holes, "growth", at=[4], outcomes=["mean_wage"]).set_index("measure_of")
    assert table["draws"].to_dict() == {"level": 12, "average": 11}


def test_a_flow_has_a_level_and_a_sum_since_the_start(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[12], outcomes=["public_cost", "young_graduates"])
    cost = table[table["outcome"] == "public_cost"].set_index("measure_of")
    assert cost.loc["level", "mean"] == pytest.approx(0.9)
    assert cost.loc["cumulated", "mean"] == pytest.approx(12 * 0.9)
    assert cost.loc["level", "unit"] == "million EUR per quarter"
    assert cost.loc["cumulated", "unit"] == "million EUR"
    assert table[table["outcome"] == "young_graduates"]["measure_of"].tolist() == ["level", "average"]


def test_what_uses_all_quarters_is_a_sum_of_flows_and_an_average_of_the_rest(ds: xr.Dataset) -> None:
    named = ("public_cost", "gva", "young_graduates", "unemployment_rate")
    assert [since_start(ds, name) for name in named] == ["cumulated", "cumulated", "average", "average"]


def test_an_outcome_that_the_plan_leaves_alone_has_no_effect(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth", at=[4], outcomes=["residents", "employed_residents"])
    assert table["verdict"].tolist() == ["no effect", "no effect", "", ""]
    assert table["mean"].tolist()[0] == 0


def test_the_default_table_has_all_headlines_at_all_horizons_within_the_data(ds: xr.Dataset) -> None:
    table = effect_table(ds, "growth")
    assert set(table["quarters"]) == {4, 12, 28}  # 60 quarters after 2021Q1 lie beyond 2032Q4
    assert {"employed_residents", "unemployment_rate", "gva", "public_cost"} <= set(table["outcome"])
    assert "births" not in set(table["outcome"])
    assert not table["mean"].isna().any()


def test_effects_by_group_add_up_to_the_total(ds: xr.Dataset) -> None:
    by_sector = effect_by(ds, "jobs", "growth", "sector", 12).set_index("sector")
    whole = effect_table(ds, "growth", at=[12], outcomes=["jobs"]).set_index("measure_of")["mean"]
    averages = effect_by(ds, "jobs", "growth", "sector", 12, "average")
    assert averages["mean"].sum() == pytest.approx(whole["average"])
    whole = whole["level"]
    assert by_sector["mean"].sum() == pytest.approx(whole)
    np.testing.assert_allclose(by_sector["mean"] / whole, SHARES["sector"], atol=1e-9)
    assert by_sector.index.tolist() == ["crafts", "farms", "shops", "care"]


def test_cost_by_measure_is_summed_since_the_start(ds: xr.Dataset) -> None:
    cost = effect_by(ds, "public_cost", "growth", "measure", 4, "cumulated").set_index("measure")["mean"]
    assert cost["apprenticeships"] == pytest.approx(4 * 0.9 * 0.6)
    assert cost["export_coaching"] == pytest.approx(4 * 0.9 * 0.4)


def test_worlds_are_kept_apart(tmp_path: Path) -> None:
    two = synthetic(tmp_path, 3, worlds=("calm", "storm"), first="2020Q1", last="2022Q4")
    storm = two.sel(world="storm")
    two["young_graduates"].loc[{"world": "storm", "plan": "growth"}] = storm["young_graduates"].sel(plan="none") - 5
    table = effect_table(two, "growth", at=[4], outcomes=["young_graduates"])
    table = table[table["measure_of"] == "level"].set_index("world")["mean"]
    assert table["storm"] == -5
    assert table["calm"] == pytest.approx(np.mean([graduates_added(draw, 3) for draw in range(3)]))


def test_missing_values_of_a_ratio_are_left_out_pairwise(ds: xr.Dataset) -> None:
    holes = ds.copy(deep=True)
    holes["mean_wage"].loc[{"plan": "none", "draw": 3}] = np.nan
    table = effect_table(holes, "growth", at=[4], outcomes=["mean_wage"])
    assert table["draws"].tolist() == [11, 11]
    assert table["mean"].tolist() == [0, 0]


def test_a_missing_part_makes_the_total_missing_rather_than_smaller(ds: xr.Dataset) -> None:
    holes = ds.copy(deep=True)
    holes["jobs"].loc[{"plan": "growth", "draw": 3, "sector": "care"}] = np.nan
    assert effect_table(holes, "growth", at=[4], outcomes=["jobs"])["draws"].tolist() == [11, 11]


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


@pytest.mark.parametrize(
    ("outcome", "dim", "measure_of", "told"),
    [
        ("jobs", "sector", "cumulated", "is a stock: its effect has level, average, not 'cumulated'"),
        ("public_cost", "measure", "average", "is a flow: its effect has level, cumulated, not 'average'"),
        ("jobs", "sector", "mean", "not 'mean'"),
    ],
)
def test_a_measure_that_an_outcome_does_not_have_is_told(
    ds: xr.Dataset, outcome: str, dim: str, measure_of: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        effect_by(ds, outcome, "growth", dim, 4, measure_of)


@pytest.mark.parametrize(("start", "told"), [({}, "no quarter"), ({"growth": "2050Q1"}, "outside 2011Q1 to 2032Q4")])
def test_a_plan_without_a_start_in_the_data_is_told(ds: xr.Dataset, start: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        effect_table(ds.assign_attrs(plan_start=json.dumps(start)), "growth")


def test_units_of_differences() -> None:
    assert effect_unit("%") == "percentage points"
    assert effect_unit("persons per quarter") == "persons per quarter"
    assert effect_unit("persons per quarter", "cumulated") == "persons"
