"""Designs: their points, what moves between them, and that a stored design is the same design."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionsim.analysis.sensitivity_design import ENDS, Design, latin_hypercube, morris_design, sobol_design
from regionsim.state.errors import InputError

NAMES = ("labour.a", "labour.b", "firms.c", "firms.d")
GROUPS = ("labour", "labour", "c", "d")


def designs(seed: int = 1) -> list[Design]:
    return [
        morris_design(NAMES, GROUPS, 5, seed),
        sobol_design(NAMES, GROUPS, 8, seed),
        latin_hypercube(NAMES, 9, seed),
    ]


def test_points_by_method() -> None:
    assert [design.points for design in designs()] == [5 * (3 + 1), 8 * (3 + 2), 9]
    assert [design.factors for design in designs()] == [("labour", "c", "d"), ("labour", "c", "d"), NAMES]


@pytest.mark.parametrize("which", range(3))
def test_the_seed_alone_decides(which: int) -> None:
    one, again, other = designs()[which], designs()[which], designs(2)[which]
    assert (one.quantiles == again.quantiles).all()
    assert (one.quantiles != other.quantiles).any()


@pytest.mark.parametrize("which", range(3))
def test_a_stored_design_is_the_same_design(which: int) -> None:
    design = designs()[which]
    back = Design.from_json(design.as_json())
    assert (back.quantiles == design.quantiles).all() and back.quantiles.dtype == np.float64
    assert (back.method, back.names, back.groups) == (design.method, design.names, design.groups)
    assert (back.seed, back.trajectories_or_n) == (design.seed, design.trajectories_or_n)
    assert back.as_json() == design.as_json()


@pytest.mark.parametrize("levels", [2, 4, 8])
def test_in_a_trajectory_one_factor_moves_at_a_time_and_each_once(levels: int) -> None:
    design = morris_design(NAMES, GROUPS, 6, 3, levels)
    steps = np.diff(design.quantiles.reshape(6, 4, 4), axis=1)
    moved = steps != 0  # (trajectory, step, name)
    assert (moved[:, :, 0] == moved[:, :, 1]).all()  # the two of a group together
    assert (moved[:, :, 1:].sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()
    assert (np.sign(steps[:, :, 0]) * np.sign(steps[:, :, 1]) < 0).any()  # but not always the same way
    assert len(np.unique(design.quantiles.round(9))) <= levels
    assert (design.quantiles.min(), design.quantiles.max()) == ENDS


def test_a_sobol_block_crosses_one_factor_at_a_time() -> None:
    block = sobol_design(NAMES, GROUPS, 8, 1).quantiles.reshape(8, 5, 4)
    first, second = block[:, 0], block[:, 4]
    for step, columns in ((1, [0, 1]), (2, [2]), (3, [3])):
        expected = first.copy()
        expected[:, columns] = second[:, columns]
        assert (block[:, step] == expected).all()


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 60), st.integers(0, 2**31))
def test_a_latin_hypercube_has_one_point_in_every_part(n: int, seed: int) -> None:
    found = np.floor(latin_hypercube(NAMES, n, seed).quantiles * n).astype(int)
    assert (np.sort(found, axis=0) == np.arange(n)[:, None]).all()


def test_a_point_is_what_parameters_take() -> None:
    design = latin_hypercube(("a.x", "a.y"), 4, 1)
    assert design.point(2) == {"a.x": design.quantiles[2, 0], "a.y": design.quantiles[2, 1]}


def test_a_single_factor_can_be_screened_but_its_share_is_known_beforehand() -> None:
    assert morris_design(("a",), ("a",), 2, 1).points == 4
    assert morris_design(("a", "b"), ("g", "g"), 2, 1).points == 4
    with pytest.raises(InputError, match="two or more"):
        sobol_design(("a", "b"), ("g", "g"), 4, 1)


def test_every_fault_of_a_request_is_told() -> None:
    with pytest.raises(InputError) as caught:
        morris_design(("a", "a"), ("g",), 1, 1, 5)
    assert [fault.split(";")[0] for fault in caught.value.faults] == [
        "'a' more than once",
        "1 groups for 2 names",
        "1 trajectories",
        "5 levels",
    ]
    with pytest.raises(InputError, match="no parameters"):
        latin_hypercube((), 4, 1)


@pytest.mark.parametrize("n", [0, 1, 3, 12, 1000, -4])
def test_n_of_sobol_is_a_power_of_two(n: int) -> None:
    with pytest.raises(InputError, match="power of two"):
        sobol_design(NAMES, GROUPS, n, 1)


def test_a_stored_design_that_is_not_whole_is_refused() -> None:
    raw = json.loads(designs()[0].as_json())
    for change, told in (
        ({"method": "moris"}, "morris, sobol, random"),
        ({"quantiles": raw["quantiles"][1:]}, "shape"),
        ({"quantiles": [[0.0] * 4] * 20}, "above 0"),
        ({"quantiles": [[0.5], [0.5, 0.5]]}, "table of numbers"),
        ({"names": 7}, "lists of names"),
    ):
        with pytest.raises(InputError, match=told):
            Design.from_json(json.dumps(raw | change))
    for text in ("{", "[]", json.dumps({"method": "morris"})):
        with pytest.raises(InputError):
            Design.from_json(text)
