"""Quantiles of a prior: rising, within the limits, the same distribution that the draws come from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regionsim.state.errors import InputError
from regionsim.state.parameters import Parameter, Parameters, parse_parameters

PRIORS = {
    "uniform": {"uniform": [-2, 3]},
    "triangular": {"triangular": [0.0, 0.03, 0.08]},
    "falling": {"triangular": [1, 1, 4]},
    "rising": {"triangular": [1, 4, 4]},
    "normal": {"normal": [1, 2, -1, 2]},
    "upper_tail": {"normal": [0, 1, 1, 3]},
    "lower_tail": {"normal": [0, 1, -3, -1]},
    "lognormal": {"lognormal": [3, 0.4]},
}
EXACT = {
    "uniform": stats.uniform(-2, 5),
    "triangular": stats.triang(0.375, 0, 0.08),
    "falling": stats.triang(0, 1, 3),
    "rising": stats.triang(1, 1, 3),
    "normal": stats.truncnorm(-1, 0.5, 1, 2),
    "upper_tail": stats.truncnorm(1, 3),
    "lower_tail": stats.truncnorm(-3, -1),
    "lognormal": stats.lognorm(0.4, scale=3),
}
BEFORE = {
    "uniform": [-0.3232203607728774, -0.7048152008810589],
    "triangular": [0.028369952887324624, 0.024933686120930693],
    "normal": [0.6574437225890435, 1.869411650558591],
    "lognormal": [2.801348849601034, 4.847819719126791],
}
LEVELS = np.array([1e-6, 0.01, 0.1, 0.3, 0.375, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6])
DRAWS = 4000


def parameters(**priors: dict[str, list[float]] | None) -> Parameters:
    shared = {"value": 0.5, "unit": "share", "source": "a table", "status": "data"}
    return parse_parameters({"block": {name: {**shared, "distribution": prior} for name, prior in priors.items()}})


def prior(kind: str) -> Parameter:
    return parameters(p=PRIORS[kind]).blocks["block"]["p"]


def test_what_is_drawn_is_what_was_drawn_before_there_were_quantiles() -> None:
    assert {kind: [prior(kind).sampled(1, d) for d in range(2)] for kind in BEFORE} == BEFORE


@pytest.mark.parametrize("kind", PRIORS)
def test_a_quantile_is_the_exact_one(kind: str) -> None:
    found = [prior(kind).quantile(u) for u in LEVELS]
    assert found == pytest.approx(EXACT[kind].ppf(LEVELS).tolist(), rel=1e-8, abs=1e-9)
    assert prior(kind).quantile(0.5) == pytest.approx(EXACT[kind].median())


@pytest.mark.parametrize("kind", PRIORS)
def test_the_draws_have_the_same_quantiles(kind: str) -> None:
    """The share of draws below the quantile is its level, within four standard errors."""
    values = np.array([prior(kind).sampled(1, d) for d in range(DRAWS)])
    for u in (0.05, 0.25, 0.5, 0.75, 0.95):
        below = float((values < prior(kind).quantile(u)).mean())
        assert abs(below - u) < 4 * np.sqrt(u * (1 - u) / DRAWS)


@settings(deadline=None)
@given(st.sampled_from(list(PRIORS)), *[st.floats(0, 1, exclude_min=True, exclude_max=True)] * 2)
def test_quantiles_rise_and_stay_within_the_limits(kind: str, one: float, other: float) -> None:
    low, high = (prior(kind).quantile(u) for u in sorted((one, other)))
    assert isinstance(low, float) and isinstance(high, float)
    first, last = EXACT[kind].support()
    assert first <= low and high <= last
    assert low <= high + 1e-12


def test_a_normal_far_outside_its_limits_gives_the_nearest_limit() -> None:
    far = parameters(
        above={"normal": [100, 1, 0, 1]}, below={"normal": [-100, 1, 0, 1]}, fixed={"normal": [7, 0, 0, 9]}
    )
    sample = far.sample(1, 0, {name: 0.3 for name in ("block.above", "block.below", "block.fixed")})
    assert (sample.block.above, sample.block.below, sample.block.fixed) == (1, 0, 7)


def test_a_normal_that_begins_far_from_its_mean_keeps_its_digits() -> None:
    far = parameters(p={"normal": [0, 1, 20, 30]}).blocks["block"]["p"]
    assert far.quantile(0.5) == pytest.approx(stats.truncnorm(20, 30).median(), rel=1e-9)


@pytest.mark.parametrize("u", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_there_is_no_quantile_at_the_ends_or_beyond(u: float) -> None:
    with pytest.raises(InputError, match="above 0 and below 1"):
        prior("uniform").quantile(u)


def test_without_a_distribution_it_is_the_central_value() -> None:
    sample = parameters(p=None).sample(1, 0, {"block.p": 0.9})
    assert sample.block.p == 0.5


def test_a_sample_takes_the_quantiles_that_are_named_and_draws_the_rest() -> None:
    both = parameters(p={"uniform": [0, 10]}, q={"uniform": [0, 10]})
    plain, fixed = both.sample(1, 3).block, both.sample(1, 3, {"block.p": 0.25}).block
    assert fixed.p == 2.5 and plain.p != 2.5
    assert fixed.q == plain.q
    assert both.sample(1, 3, {}).block.p == plain.p


def test_every_unknown_name_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parameters(p=None).sample(1, 0, {"block.q": 0.5, "p": 0.5, "block.p": 0.5})
    assert len(caught.value.faults) == 2
    assert caught.value.faults[0] == "no parameter 'block.q' (did you mean 'block.p'?); allowed: block.p"
    assert caught.value.faults[1].endswith("allowed: block.*")
