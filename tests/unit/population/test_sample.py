"""Samples of the region: nested, with every large firm, and jobs that are people."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.population.build import build_population
from regionsim.state.firms import EMPLOYER, LARGE_FIRM_JOBS, OUTSIDE, OWN_ACCOUNT
from regionsim.state.people import COMMUTER, EMPLOYED, SELF_EMPLOYED

SCALES = (0.5, 0.2, 0.05, 0.01)


@pytest.fixture(scope="module")
def samples(fictland, parameters, whole):
    made = {scale: build_population(fictland, parameters, scale, seed=1) for scale in SCALES}
    return {1.0: whole, **made}


@pytest.mark.parametrize("scale", SCALES)
def test_people_of_a_sample_are_people_of_the_larger_one_with_the_same_attributes(samples, scale):
    larger = max(s for s in samples if s > scale), min(s for s in samples if s > scale)
    small = samples[scale].people
    n = len(small)
    for s in set(larger):
        big = samples[s].people
        row_of = {i: row for row, i in enumerate(big.a.id[: len(big)].tolist())}
        rows = np.array([row_of[i] for i in small.a.id[:n].tolist()])
        for column in small.declared:
            if column.name != "employer":
                mine, theirs = small.column(column.name)[:n], big.column(column.name)[rows]
                at_home = small.a.place[:n] != COMMUTER if column.name == "municipality" else slice(None)
                assert np.array_equal(mine[at_home], theirs[at_home]), column.name


@pytest.mark.parametrize("scale", SCALES)
def test_a_sample_has_its_share_of_people(samples, scale):
    all_people = len(samples[1.0].people)
    sd = np.sqrt(all_people * scale * (1 - scale))
    assert abs(len(samples[scale].people) - scale * all_people) < 4 * sd


@pytest.mark.parametrize("scale", SCALES)
def test_nobody_loses_work_and_jobs_are_people(samples, scale):
    p, f = samples[scale].people.a, samples[scale].firms.a
    n, m = len(samples[scale].people), len(samples[scale].firms)
    working = np.isin(p.activity[:n], [EMPLOYED, SELF_EMPLOYED])
    assert np.array_equal(p.employer[:n] >= 0, working)
    named = np.bincount(p.employer[:n][working], minlength=m)
    assert np.array_equal(named, f.jobs[:m])
    assert np.array_equal(f.desired[:m], f.jobs[:m])
    small = (f.kind[:m] == EMPLOYER) & (f.real_jobs[:m] < LARGE_FIRM_JOBS)
    assert (f.jobs[:m][small] >= 1).all()
    assert (f.jobs[:m][f.kind[:m] == OWN_ACCOUNT] == 1).all()


@pytest.mark.parametrize("scale", SCALES)
def test_workers_stay_in_their_sector_and_place(fictland, samples, scale):
    of = fictland.labels.arrondissement_of
    cells = {}
    for s in (1.0, scale):
        p, f, n = samples[s].people.a, samples[s].firms.a, len(samples[s].people)
        e = p.employer[:n]
        cell = np.where(e >= 0, (of[f.municipality[e]] * 100 + f.sector[e]) * 3 + f.kind[e], -1)
        cells[s] = dict(zip(p.id[:n].tolist(), cell.tolist(), strict=True))
    assert all(cells[1.0][i] == cell for i, cell in cells[scale].items())


@pytest.mark.parametrize("scale", SCALES)
def test_large_and_outside_firms_all_stay_and_keep_their_real_size(samples, scale):
    whole, sample = samples[1.0].firms, samples[scale].firms
    m, k = len(whole), len(sample)
    f, g = whole.a, sample.a
    large = set(f.id[:m][(f.real_jobs[:m] >= LARGE_FIRM_JOBS) | (f.kind[:m] == OUTSIDE)].tolist())
    assert large <= set(g.id[:k].tolist())
    real = dict(zip(f.id[:m].tolist(), f.real_jobs[:m].tolist(), strict=True))
    assert [real[i] for i in g.id[:k].tolist()] == g.real_jobs[:k].tolist()


def test_jobs_of_large_firms_scale(samples):
    f, g = samples[1.0].firms, samples[0.2].firms
    shares = []
    for columns in (f, g):
        a, rows = columns.a, columns.rows()
        large = (a.kind[rows] == EMPLOYER) & (a.real_jobs[rows] >= LARGE_FIRM_JOBS)
        shares.append(a.jobs[rows][large].sum())
    assert abs(shares[1] / shares[0] - 0.2) < 0.04


@pytest.mark.parametrize("scale", (1.0, *SCALES))
def test_size_weights_of_a_sector_add_to_its_jobs(samples, scale):
    f = samples[scale].firms.a
    here = f.kind == EMPLOYER
    jobs = np.bincount(f.sector[here], weights=f.jobs[here])
    weights = np.bincount(f.sector[here], weights=f.size_weight[here])
    assert np.allclose(jobs, weights)
    outside = f.kind == OUTSIDE
    assert np.array_equal(f.size_weight[outside], f.jobs[outside])
