"""Indices of designed runs against functions whose indices are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from regionsim.analysis.sensitivity import morris_indices, sobol_indices
from regionsim.analysis.sensitivity_design import Design, latin_hypercube, morris_design, sobol_design
from regionsim.state.errors import InputError

NAMES = ("a", "b", "c")
GROUPED = ("one", "two", "one")


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)  # uniform from -pi to pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(u: np.ndarray) -> np.ndarray:
    return 1000 + 3 * u[:, 0] - 2 * u[:, 1] + 1 * u[:, 2]


def by_factor(frame: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(frame["factor"], frame[column], strict=True))


# Sobol --------------------------------------------------------------------------------------------------------------


def test_sobol_of_the_ishigami_function() -> None:
    """Analytic with a = 7, b = 0.1: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225."""
    one, two, both = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
    whole = one + two + both
    design = sobol_design(NAMES, NAMES, 1024, 1)
    found = sobol_indices(design, ishigami(design.quantiles))
    assert list(found.columns) == ["factor", "first", "first_conf", "total", "total_conf"]
    assert list(found["factor"]) == ["a", "b", "c"]
    assert by_factor(found, "first") == pytest.approx({"a": one / whole, "b": two / whole, "c": 0}, abs=0.04)
    total = {"a": (one + both) / whole, "b": two / whole, "c": both / whole}
    assert by_factor(found, "total") == pytest.approx(total, abs=0.04)
    assert ((found[["first_conf", "total_conf"]] > 0) & (found[["first_conf", "total_conf"]] < 0.1)).all(axis=None)


def test_sobol_of_groups_of_a_linear_function() -> None:
    design = sobol_design(NAMES, GROUPED, 512, 1)
    found = sobol_indices(design, linear(design.quantiles))
    expected = {"one": 10 / 14, "two": 4 / 14}
    assert by_factor(found, "first") == pytest.approx(expected, abs=0.03)
    assert by_factor(found, "total") == pytest.approx(expected, abs=0.03)
    assert list(found["factor"]) == ["one", "two"]


def test_an_interval_of_80_percent_holds_the_truth_about_that_often() -> None:
    """More often, if anything: a Sobol sequence is closer than the resamples of its points say."""
    large = sobol_design(NAMES, NAMES, 2048, 99)
    truth = sobol_indices(large, linear(large.quantiles) ** 3).set_index("factor")["total"]
    inside = []
    for seed in range(40):
        design = sobol_design(NAMES, NAMES, 64, seed)
        found = sobol_indices(design, linear(design.quantiles) ** 3).set_index("factor")
        inside += ((found["total"] - truth).abs() <= found["total_conf"]).tolist()
    assert np.mean(inside) > 0.7


# Morris -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("levels", [2, 4])
def test_morris_of_a_linear_function_is_its_slopes(levels: int) -> None:
    design = morris_design(NAMES, NAMES, 8, 1, levels)
    found = morris_indices(design, linear(design.quantiles))
    assert list(found.columns) == ["factor", "mu", "mu_star", "mu_star_conf", "sigma"]
    assert list(found["factor"]) == ["a", "b", "c"]
    assert found["mu"].tolist() == pytest.approx([3, -2, 1])
    assert found["mu_star"].tolist() == pytest.approx([3, 2, 1])
    assert found[["mu_star_conf", "sigma"]].to_numpy() == pytest.approx(0, abs=1e-9)


def test_morris_puts_what_matters_first_and_what_does_nothing_at_zero() -> None:
    design = morris_design(("idle", "weak", "strong", "bent"), ("idle", "weak", "strong", "bent"), 20, 2)
    u = design.quantiles
    found = morris_indices(design, u[:, 1] + 9 * u[:, 2] + 5 * u[:, 3] * u[:, 2])
    assert list(found["factor"]) == ["strong", "bent", "weak", "idle"]
    assert by_factor(found, "mu_star")["idle"] == pytest.approx(0, abs=1e-12)
    sigma = by_factor(found, "sigma")
    assert sigma["bent"] > 1 and sigma["weak"] == pytest.approx(0, abs=1e-9)


def test_a_group_of_morris_has_a_size_and_no_direction() -> None:
    design = morris_design(NAMES, GROUPED, 200, 1)
    found = morris_indices(design, linear(design.quantiles)).set_index("factor")
    assert list(found.index) == ["one", "two"]
    assert found.loc["one", "mu_star"] == pytest.approx(3, abs=0.3)  # 3 + 1 or 3 - 1, as often the one as the other
    assert np.isnan(found.loc["one", ["mu", "sigma"]].to_numpy(dtype=float)).all()
    assert found.loc["two", "mu"] == pytest.approx(-2)
    assert found.loc["one", "mu_star_conf"] > 0


# Both ---------------------------------------------------------------------------------------------------------------

CASES: list[tuple[Callable[[Design, np.ndarray], pd.DataFrame], Design]] = [
    (morris_indices, morris_design(NAMES, GROUPED, 6, 1)),
    (sobol_indices, sobol_design(NAMES, GROUPED, 16, 1)),
]
cases = pytest.mark.parametrize(("indices", "design"), CASES)


@cases
@pytest.mark.filterwarnings("error")
def test_what_does_not_vary_has_no_sensitivity(
    indices: Callable[[Design, np.ndarray], pd.DataFrame], design: Design
) -> None:
    rounding = 1e9 + 1e-7 * np.arange(design.points) % 3
    for y in (np.zeros(design.points), np.full(design.points, 0.1), rounding):
        found = indices(design, y)
        assert len(found) == 2
        assert (found.drop(columns="factor").to_numpy() == 0).all()


@pytest.mark.filterwarnings("error")
def test_a_run_in_which_a_single_point_differs_warns_of_nothing() -> None:
    for indices, design in CASES:
        for point in range(design.points):
            assert len(indices(design, np.eye(design.points)[point])) == 2


@cases
def test_the_same_results_have_the_same_intervals(
    indices: Callable[[Design, np.ndarray], pd.DataFrame], design: Design
) -> None:
    y = ishigami(design.quantiles)
    before = y.copy()
    pd.testing.assert_frame_equal(indices(design, y), indices(design, y))
    assert (y == before).all()


@cases
def test_missing_points_are_counted_and_faults_told_together(
    indices: Callable[[Design, np.ndarray], pd.DataFrame], design: Design
) -> None:
    y = np.ones(design.points)
    y[[1, 4]] = np.nan, np.inf
    with pytest.raises(InputError, match=f"missing at 2 of {design.points} points"):
        indices(design, y)
    with pytest.raises(InputError) as caught:
        indices(latin_hypercube(NAMES, 4, 1), np.ones(5))
    assert len(caught.value.faults) == 2
