"""Boxes that are known are found, and none is where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionsim.analysis.discovery import find_box
from regionsim.state.errors import InputError

CASES = 2000


def uniform(seed: int, cases: int = CASES) -> pd.DataFrame:
    """Six features between 0 and 1."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(random.uniform(size=(cases, 6)), columns=[f"x{i}" for i in range(1, 7)])


def flipped(flags: np.ndarray, share: float, seed: int) -> np.ndarray:
    """As `flags`, a share of them turned round."""
    return np.asarray(flags ^ (np.random.default_rng(seed).uniform(size=len(flags)) < share))


@pytest.mark.parametrize("seed", range(5))
def test_a_known_box_in_two_of_six_features_is_found(seed: int) -> None:
    x = uniform(seed)
    inside = ((x["x2"] >= 0.55) & (x["x5"].between(0.2, 0.7))).to_numpy()
    found = find_box(x, flipped(inside, 0.02, seed + 100), peel=0.05)
    box = found.chosen
    assert set(box.limits) == {"x2", "x5"} and not box.kept
    low, high = box.limits["x2"]
    assert low == pytest.approx(0.55, abs=0.05) and high == np.inf
    assert box.limits["x5"] == pytest.approx((0.2, 0.7), abs=0.05)
    assert box.coverage > 0.8 and box.density > 0.8
    assert all(side.p_value < 0.001 for side in box.restrictions)


def test_shares_are_those_of_the_cases_inside_the_limits() -> None:
    x = uniform(1)
    flags = ((x["x1"] < 0.4) & (x["x3"] > 0.5)).to_numpy()
    box = find_box(x, flags).chosen
    inside = np.ones(CASES, dtype=bool)
    for name, (low, high) in box.limits.items():
        inside &= x[name].between(low, high).to_numpy()
    assert box.mass == pytest.approx(inside.mean())
    assert box.density == pytest.approx(flags[inside].mean())
    assert box.coverage == pytest.approx(flags[inside].sum() / flags.sum())


def test_the_trajectory_starts_whole_and_peels_to_the_least_mass() -> None:
    x = uniform(2)
    steps = find_box(x, flipped((x["x1"] < 0.4).to_numpy(), 0.1, 1), least_mass=0.2).trajectory
    assert steps.loc[0, ["coverage", "mass", "restricted"]].tolist() == [1, 1, 0]
    assert (steps["mass"].diff().dropna() < 0).all() and 0.2 <= steps["mass"].iloc[-1] < 0.25
    assert steps.loc[1, "restriction"].startswith("x1 <= ")


@pytest.mark.parametrize("cases", [300, CASES])
def test_noise_gives_no_restriction_that_looks_sure(cases: int) -> None:
    """With 300 cases some boxes have restrictions, with 2000 none has."""
    boxes = []
    for seed in range(20):
        flags = np.random.default_rng(seed + 50).uniform(size=cases) < 0.3
        boxes.append(find_box(uniform(seed, cases), flags).chosen)
    assert all(side.p_value > 0.05 for box in boxes for side in box.restrictions)
    assert any(box.restrictions for box in boxes) == (cases == 300)


def test_categories_are_removed_one_by_one() -> None:
    x = uniform(3)
    worlds = np.random.default_rng(9).choice(["calm", "mild", "storm", "flood"], CASES)
    x["world"] = worlds
    flags = np.isin(worlds, ["storm", "flood"]) & (x["x4"] > 0.3).to_numpy()
    box = find_box(x, flags).chosen
    assert box.kept == {"world": ("flood", "storm")}
    assert set(box.limits) == {"x4"}
    assert {side.text for side in box.restrictions if side.side == "without"} <= {
        "world without calm, mild",
        "world without mild, calm",
    }
    assert box.coverage > 0.9 and box.density > 0.9
    half = pd.DataFrame({"on": worlds == "calm"})  # true and false are categories
    assert find_box(half, worlds == "calm").chosen.kept == {"on": ("True",)}


def test_values_that_are_alike_are_peeled_together() -> None:
    steps = pd.DataFrame({"level": np.repeat([1, 2, 3, 4], 25), "same": np.ones(100)})
    box = find_box(steps, (steps["level"] >= 3).to_numpy()).chosen
    assert box.limits == {"level": (3, np.inf)}
    assert (box.coverage, box.density, box.mass) == (1, 1, 0.5)


def test_all_or_none_of_interest_gives_a_box_without_restrictions() -> None:
    x = uniform(4, 50)
    every, none = (find_box(x, np.full(50, flag)) for flag in (True, False))
    assert every.chosen.restrictions == none.chosen.restrictions == ()
    assert (every.chosen.coverage, every.chosen.density, every.chosen.mass) == (1, 1, 1)
    assert np.isnan(none.chosen.coverage) and none.chosen.density == 0
    assert len(every.trajectory) == len(none.trajectory) == 1


def test_the_quasi_p_value_is_binomial() -> None:
    x = pd.DataFrame({"a": np.arange(10.0)})
    side = find_box(x, np.arange(10) >= 7).chosen.restrictions
    assert [one.text for one in side] == ["a >= 7"]
    assert side[0].p_value == pytest.approx(0.3**3)  # 3 of 3, where 3 of 10 are usual


def test_every_fault_is_told() -> None:
    x = uniform(5, 20)
    x.loc[3, "x2"] = np.nan
    with pytest.raises(InputError) as error:
        find_box(x, np.ones(19, dtype=bool), peel=0, least_mass=1.5)
    assert len(error.value.faults) == 4
