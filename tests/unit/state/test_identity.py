"""Ids: from origin alone, never twice, and a sample of a scale is part of every larger one."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from scipy import stats

from regionsim.state.identity import (
    ARRIVED,
    BORN,
    CENSUS,
    COMMUTER,
    FIRM_CENSUS,
    FOUNDED,
    ids_of,
    in_sample,
    offspring,
    sample_position,
)


@njit(cache=True)
def offspring_of(origin, parents, quarter, ordinal):
    out = np.empty(parents.size, np.uint64)
    for i in range(parents.size):
        out[i] = offspring(origin, parents[i], np.uint64(quarter), np.uint64(ordinal))
    return out


def test_ids_of_all_origins_never_collide() -> None:
    """5.3 million: a census, its firms and commuters, forty years of children, twins, starters, arrivals by cell."""
    census, firms, commuters = (
        ids_of(CENSUS, 1_200_000),
        ids_of(FIRM_CENSUS, 120_000),
        ids_of(COMMUTER, 80_000),
    )
    mothers, founders, cells = census[:9_000], census[9_000:12_000], np.arange(8 * 2 * 21, dtype=np.uint64)
    born = [offspring_of(BORN, mothers, q, twin) for q in range(136) for twin in (0, 1)]
    founded = [offspring_of(FOUNDED, founders, q, 0) for q in range(136)]
    arrived = [offspring_of(ARRIVED, cells, q, k) for q in range(136) for k in range(20)]
    renewed = [offspring_of(COMMUTER, commuters[:1000], q, 0) for q in range(136)]
    grandchildren = offspring_of(BORN, born[0], 100, 0)
    every = np.concatenate([census, firms, commuters, *born, *founded, *arrived, *renewed, grandchildren])
    assert every.size > 5_000_000
    assert np.unique(every).size == every.size
    assert (every != 0).all()  # 0 is the id of a free row


def test_twins_differ_and_every_part_of_the_origin_counts() -> None:
    mother, other = ids_of(CENSUS, 2)
    first = offspring(BORN, mother, np.uint64(5), np.uint64(0))
    assert len({
        int(first),
        int(offspring(BORN, mother, np.uint64(5), np.uint64(1))),
        int(offspring(BORN, mother, np.uint64(6), np.uint64(0))),
        int(offspring(BORN, other, np.uint64(5), np.uint64(0))),
        int(offspring(FOUNDED, mother, np.uint64(5), np.uint64(0))),
    }) == 5  # fmt: skip
    assert int(offspring(BORN, mother, np.uint64(5), np.uint64(0))) == int(first)


def test_more_agents_of_an_origin_change_no_earlier_id() -> None:
    assert np.array_equal(ids_of(CENSUS, 1000)[:10], ids_of(CENSUS, 10))


def test_samples_nest() -> None:
    ids = np.concatenate([ids_of(CENSUS, 100_000), offspring_of(BORN, ids_of(CENSUS, 100_000), 3, 0)])
    smaller = np.zeros(ids.size, bool)
    for scale in (0.001, 0.01, 0.02, 0.1, 0.5, 0.999, 1.0):
        kept = in_sample(ids, scale)
        assert (kept | ~smaller).all(), scale
        smaller = kept
    assert smaller.all()


@pytest.mark.parametrize("scale", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("origin", [CENSUS, FIRM_CENSUS, COMMUTER])
def test_a_sample_holds_its_share(origin: np.uint64, scale: float) -> None:
    kept = in_sample(ids_of(origin, 200_000), scale).sum()
    assert stats.binomtest(int(kept), 200_000, scale).pvalue > 1e-4


def test_being_in_the_sample_of_the_mother_says_nothing_about_the_child() -> None:
    mothers = ids_of(CENSUS, 200_000)
    both = in_sample(mothers, 0.3) & in_sample(offspring_of(BORN, mothers, 9, 0), 0.3)
    assert stats.binomtest(int(both.sum()), mothers.size, 0.09).pvalue > 1e-4


def test_sampling_is_independent_of_what_agents_draw() -> None:
    from regionsim.state.draws import Draws

    ids = ids_of(CENSUS, 200_000)
    inside = Draws(1).uniform("deaths", 8044, ids)[in_sample(ids, 0.1)]
    assert stats.kstest(inside, "uniform").pvalue > 1e-4


def test_sample_position_is_what_in_sample_compares() -> None:
    ids = ids_of(CENSUS, 1000)
    positions = np.array([sample_position(i) for i in ids])
    assert ((positions >= 0) & (positions < 1)).all()
    assert np.array_equal(in_sample(ids, 0.25), positions < 0.25)
