"""The recorder: what is written comes back scaled and labelled; what is wrong is refused."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from regionsim.results.outcomes import OUTCOMES
from regionsim.results.record import Recorder, finish_plans
from tests.fixtures.results import COORDS

QUARTERS = ["2011Q1", "2011Q2"]
FEW = {name: OUTCOMES[name] for name in ("residents", "unemployment_rate", "gva")}


def filled() -> Recorder:
    recorder = Recorder(COORDS, QUARTERS, FEW)
    for q in range(2):
        recorder.write(q, "residents", np.arange(24).reshape(3, 8) + 100 * q)
        recorder.write(q, "unemployment_rate", 4.3 + q)
        recorder.write(q, "gva", [1, 2, 3, 4])
    return recorder


def test_counts_are_scaled_to_the_region_and_ratios_are_not() -> None:
    done = filled().finish(scale=0.1)
    assert done["residents"].sel(quarter="2011Q2", arrondissement="hills", age_group="25-34").item() == 1100
    assert done["unemployment_rate"].values.tolist() == [4.3, 5.3]
    assert done["gva"].sum("sector").values.tolist() == [100, 100]
    assert done["residents"].dims == ("quarter", "arrondissement", "age_group")


def test_attributes_say_unit_definition_kind_and_scaling() -> None:
    attrs = filled().finish(1)["gva"].attrs
    outcome = OUTCOMES["gva"]
    assert attrs == {
        "unit": outcome.unit,
        "definition": outcome.definition,
        "kind": "flow",
        "scaling": "count",
    }


def test_a_run_takes_the_whole_catalogue_by_default() -> None:
    assert set(Recorder(COORDS, QUARTERS).outcomes) == set(OUTCOMES)


def test_a_name_outside_the_catalogue_is_refused_with_the_likely_one() -> None:
    with pytest.raises(KeyError, match="did you mean 'residents'"):
        filled().write(0, "resident", 1)


@pytest.mark.parametrize("values", [1.0, np.zeros(3), np.zeros((8, 3)), np.zeros((3, 8, 1))])
def test_another_shape_is_refused_rather_than_broadcast(values: object) -> None:
    with pytest.raises(ValueError, match=r"\(arrondissement, age_group\)"):
        filled().write(0, "residents", values)


@pytest.mark.parametrize("q", [-1, 2])
def test_a_quarter_outside_the_run_is_refused(q: int) -> None:
    with pytest.raises(IndexError):
        filled().write(q, "unemployment_rate", 1)


def test_a_copy_lives_its_own_life() -> None:
    trunk = filled()
    branch = trunk.copy()
    branch.write(1, "unemployment_rate", 9.0)
    trunk.write(0, "unemployment_rate", 7.0)
    assert trunk.finish(1)["unemployment_rate"].values.tolist() == [7.0, 5.3]
    assert branch.finish(1)["unemployment_rate"].values.tolist() == [4.3, 9.0]


def test_the_finished_dataset_does_not_change_with_later_writing() -> None:
    recorder = filled()
    done = recorder.finish(1)
    recorder.write(0, "unemployment_rate", 99)
    assert done["unemployment_rate"].values[0] == 4.3


def test_gaps_are_named_and_a_ratio_without_denominator_is_no_gap() -> None:
    recorder = Recorder(COORDS, QUARTERS, FEW)
    recorder.write(0, "unemployment_rate", np.nan)
    recorder.write(1, "unemployment_rate", np.nan)
    recorder.write(0, "gva", np.zeros(4))
    with pytest.raises(ValueError, match=r"residents \(2 quarters\), gva \(1 quarters\)"):
        recorder.finish(1)


@pytest.mark.parametrize("scale", [0, -0.1, 1.1])
def test_a_scale_outside_its_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        filled().finish(scale)


def test_dims_without_labels_and_labels_that_repeat_are_told_together() -> None:
    with pytest.raises(ValueError, match="no labels for dim 'sector'; labels of 'arrondissement' repeat"):
        Recorder({"arrondissement": ["a", "a"]}, QUARTERS, FEW)


def test_plans_of_a_draw_are_their_runs_side_by_side() -> None:
    runs = {"none": filled(), "plan": filled()}
    runs["plan"].write(1, "unemployment_rate", 3.9)
    whole = finish_plans(runs, 7, 0.1)
    assert whole["residents"].dims == ("plan", "draw", "quarter", "arrondissement", "age_group")
    for name, run in runs.items():
        xr.testing.assert_identical(whole.sel(plan=name, draw=7, drop=True), run.finish(0.1))


def test_plans_of_a_draw_are_refused_while_one_is_not_whole() -> None:
    with pytest.raises(ValueError, match="never written"):
        finish_plans({"none": filled(), "plan": Recorder(COORDS, QUARTERS, FEW)}, 0, 0.1)
