"""The catalogue: every outcome is complete, and its dims are dims of results."""

from __future__ import annotations

import pytest

from regionsim.results.outcomes import DIMS, FIXED_COORDS, HEADLINES, OUTCOMES, Outcome


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_an_outcome_is_complete(outcome: Outcome) -> None:
    assert OUTCOMES[outcome.name] is outcome
    assert outcome.name.isidentifier()
    assert set(outcome.dims) <= set(DIMS)
    assert outcome.kind in ("stock", "flow", "ratio")
    assert (outcome.kind == "ratio") == (outcome.scaling == "intensive")
    assert outcome.good in (-1, 0, 1)
    assert min(map(len, (outcome.unit, outcome.definition, outcome.title_en, outcome.title_nl))) > 0
    assert ("per quarter" in outcome.unit) == (outcome.kind == "flow") or outcome.name == "mean_wage"


def test_headlines_need_no_dim_to_be_a_single_figure() -> None:
    assert len(HEADLINES) >= 8
    for name in HEADLINES:
        assert OUTCOMES[name].kind != "ratio" or OUTCOMES[name].dims == ()


def test_titles_differ_so_that_a_reader_can_tell_outcomes_apart() -> None:
    for title in ("title_en", "title_nl"):
        titles = [getattr(outcome, title) for outcome in OUTCOMES.values()]
        assert len(set(titles)) == len(titles)


def test_labels_of_fixed_dims() -> None:
    assert FIXED_COORDS["age_group"] == ("0-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-79", "80+")
    assert FIXED_COORDS["education"] == ("low", "middle", "bachelor", "master")
    assert FIXED_COORDS["market"] == ("rest_of_country", "uk", "eu", "rest_of_world")
