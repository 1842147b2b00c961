"""Parameters: complete or refused, with every fault at once; sampled by name, so that additions change nothing."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

from regionsim.state.errors import InputError
from regionsim.state.parameters import STATUSES, Parameters, parse_parameters

WHOLE = {"value": 0.5, "unit": "share", "source": "a table", "status": "data"}
DRAWS = 4000


def fields(**changes: object) -> dict[str, object]:
    return {**WHOLE, **changes}


def parsed(**entries: object) -> Parameters:
    return parse_parameters({"block": entries})


def faults(**entries: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_parameters({"block": entries}, "some.yaml")
    assert caught.value.where == "some.yaml"
    return caught.value.faults


def drawn(distribution: dict[str, list[float]], name: str = "p", draws: int = DRAWS) -> np.ndarray:
    parameter = parsed(**{name: fields(distribution=distribution)}).blocks["block"][name]
    return np.array([parameter.sampled(1, d) for d in range(draws)])


# Refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", WHOLE)
@pytest.mark.parametrize("how", ["absent", "null", "empty"])
def test_a_parameter_without_a_field_does_not_load(field: str, how: str) -> None:
    entry = fields(**{field: None if how == "null" else ""})
    if how == "absent":
        del entry[field]
    assert f"'block.p' has no {field}" in faults(p=entry)


def test_every_fault_of_every_block_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_parameters({
            "one": {"a": {"value": 1}, "b": fields(), "c": 3.0},
            "two": {"d": fields(status="guess", value="much")},
            "three": 7,
        })  # fmt: skip
    told = str(caught.value)
    assert [f"'one.a' has no {field}" in told for field in ("unit", "source", "status")] == [True] * 3
    assert "'one.c' must have value, unit, source, status" in told
    assert f"'two.d' has status 'guess'; allowed: {', '.join(STATUSES)}" in told
    assert "'two.d' has value 'much'; allowed: a finite number or a list of numbers" in told
    assert "three: must hold parameters" in told
    assert "one.b" not in told
    assert len(caught.value.faults) == 7


def test_an_unknown_field_is_named_with_the_one_meant() -> None:
    (told,) = faults(p=fields(sourse="a table"))
    assert "unknown field 'sourse' (did you mean 'source'?)" in told
    assert "value, unit, source, status, distribution, note" in told


@pytest.mark.parametrize("value", [True, "0.5", float("nan"), float("inf"), [0.1, "b"], [0.1, None]])
def test_a_value_that_is_no_finite_number_is_refused(value: object) -> None:
    assert "allowed: a finite number" in faults(p=fields(value=value))[0]


@pytest.mark.parametrize(
    "distribution",
    [
        {"gamma": [1, 2]},
        {"uniform": [1, 2], "normal": [0, 1, -1, 1]},
        [1, 2],
        {"uniform": [1]},
        {"uniform": [2, 1]},
        {"uniform": [1, 1]},
        {"triangular": [1, 3, 2]},
        {"triangular": [1, 1, 1]},
        {"normal": [0, 1, 2, 1]},
        {"normal": [0, 1]},
    ],
)
def test_a_distribution_that_cannot_be_is_refused(distribution: object) -> None:
    assert len(faults(p=fields(distribution=distribution))) == 1


def test_a_name_that_does_not_exist_is_told_with_those_that_do() -> None:
    sample = parsed(p=fields()).central()
    assert sample.block.p == 0.5
    with pytest.raises(AttributeError, match=r"'block' has no 'q'.*p"):
        _ = sample.block.q
    with pytest.raises(AttributeError, match="no parameter block 'blok'.*block"):
        _ = sample.blok


# Sampled ------------------------------------------------------------------------------------------------------------


def test_sampling_depends_on_seed_name_and_draw_alone() -> None:
    one = {"p": fields(distribution={"uniform": [0, 1]})}
    more = {
        "o": fields(distribution={"uniform": [0, 1]}),
        **one,
        "q": fields(distribution={"normal": [0, 1, -2, 2]}),
    }
    alone, beside = parse_parameters({"block": one}), parse_parameters({"before": more, "block": more})
    values = [alone.sample(1, d).block.p for d in range(20)]
    assert values == [beside.sample(1, d).block.p for d in range(20)]
    assert [alone.sample(1, d).block.p for d in range(19, -1, -1)] == values[::-1]
    assert len(set(values)) == 20
    assert alone.sample(2, 0).block.p != values[0]
    assert beside.sample(1, 0).before.p != values[0]  # another block is another name


def test_another_value_or_source_changes_no_draw() -> None:
    """What is sampled comes from the distribution; the central value is for those without one."""
    one = parsed(p=fields(distribution={"uniform": [0, 1]})).sample(1, 0).block.p
    assert parsed(p=fields(value=9, source="else", distribution={"uniform": [0, 1]})).sample(1, 0).block.p == one
    assert parsed(p=fields(value=9)).sample(1, 0).block.p == 9


def test_lists_are_kept_as_they_are() -> None:
    sample = parsed(p=fields(value=[1, 2.5])).sample(1, 3)
    assert sample.block.p == (1.0, 2.5)


def test_parameters_of_a_draw_are_independent() -> None:
    names = [f"p{i}" for i in range(12)]
    parameters = parsed(**{name: fields(distribution={"uniform": [0, 1]}) for name in names})
    samples = [parameters.sample(1, d).block for d in range(2000)]
    table = np.array([[getattr(block, name) for name in names] for block in samples])
    assert np.abs(np.corrcoef(table.T) - np.eye(12)).max() < 4.5 / np.sqrt(2000)
    assert np.abs(np.corrcoef(table[:-1].T, table[1:].T)[12:, :12]).max() < 4.5 / np.sqrt(2000)


def expected_triangular(low: float, mode: float, high: float) -> stats.rv_continuous:
    return stats.triang((mode - low) / (high - low), low, high - low)


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        ({"uniform": [-2, 3]}, stats.uniform(-2, 5)),
        ({"triangular": [0.0, 0.03, 0.08]}, expected_triangular(0.0, 0.03, 0.08)),
        ({"triangular": [-0.1, -0.03, 0.0]}, expected_triangular(-0.1, -0.03, 0.0)),
        ({"triangular": [1, 1, 4]}, expected_triangular(1, 1, 4)),
        ({"triangular": [1, 4, 4]}, expected_triangular(1, 4, 4)),
        ({"normal": [1, 2, -1, 2]}, stats.truncnorm(-1, 0.5, 1, 2)),
        ({"normal": [1, 2, -99, 99]}, stats.norm(1, 2)),
        ({"lognormal": [3, 0.4]}, stats.lognorm(0.4, scale=3)),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_distribution_is_the_one_it_is_called(
    distribution: dict[str, list[float]], expected: stats.rv_frozen
) -> None:
    """Mean within four standard errors, all values inside the support, and the whole shape by Kolmogorov-Smirnov."""
    values = drawn(distribution)
    assert abs(values.mean() - expected.mean()) < 4 * expected.std() / np.sqrt(DRAWS)
    low, high = expected.support()
    assert values.min() >= low and values.max() <= high
    assert stats.kstest(values, expected.cdf).pvalue > 1e-4


def test_a_normal_far_outside_its_limits_gives_the_nearest_limit() -> None:
    assert drawn({"normal": [100, 1, 0, 1]}, draws=3).tolist() == [1, 1, 1]


def test_a_sample_travels_to_another_process() -> None:
    sample = parsed(p=fields(distribution={"uniform": [0, 1]})).sample(1, 2)
    assert pickle.loads(pickle.dumps(sample)).block.p == sample.block.p
