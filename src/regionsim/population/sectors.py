"""From NACE sections to the sectors of the region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regionsim.data.labels import Labels
from regionsim.population.integer import deal, share_out
from regionsim.population.published import NO_SECTION, SECTIONS, Published, sections_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def sector_shares(source: Published, persons: Ints) -> Floats:
    """Share of each section that belongs to each sector, (sections, S); rows of sections with a sector add to 1.

    persons (sections,). A section named by one sector goes there whole. One named by several is split so that the
    sectors reach their share of the published group, whole sections counted.
    """
    named = _named(source)
    shares: Floats = named / np.maximum(named.sum(axis=1, keepdims=True), 1)
    whole = (named * (named.sum(axis=1, keepdims=True) == 1) * persons[:, None]).sum(axis=0)
    for section in np.flatnonzero(named.sum(axis=1) > 1):
        candidates = np.flatnonzero(named[section])
        group = sorted(_sections(source.sector_groups[candidates[0]]))
        missing = source.share_of_group[candidates] * persons[group].sum() - whole[candidates]
        weights = np.maximum(missing, 0.0)
        weights = weights if weights.any() else source.share_of_group[candidates]
        shares[section, candidates] = weights / weights.sum()
    return shares


def _named(source: Published) -> Ints:
    """Whether a sector names a section (sections, S); a section that none names goes to the sectors of its group."""
    sectors = len(source.labels.sectors)
    named = np.zeros((len(SECTIONS), sectors), np.int64)
    for s, letters in enumerate(source.labels.sector_sections):
        named[[SECTIONS.index(letter) for letter in letters], s] = 1
    for section in np.flatnonzero(named.sum(axis=1) == 0):
        named[section] = [section in _sections(groups) for groups in source.sector_groups]
    return named


def _sections(groups: tuple[str, ...]) -> set[int]:
    return set().union(*(sections_of(group) for group in groups))


def dealt_sectors(section: NDArray[np.int8], score: Floats, shares: Floats) -> NDArray[np.int8]:
    """Sector of everyone with a section (n,), -1 without: exact shares of every section."""
    sector = np.full(section.size, -1, np.int8)
    who = np.flatnonzero(section != NO_SECTION)
    table = share_out(shares, np.bincount(section[who], minlength=len(SECTIONS)))
    sector[who] = deal(section[who], score[who], table)
    return sector


def section_jobs_by_place(source: Published) -> Ints:
    """Jobs located in each arrondissement by section (sections, A): a section spreads like its published group."""
    groups = [_sections(groups) for groups in source.sector_groups]
    like = [next(s for s, members in enumerate(groups) if i in members) for i in range(len(SECTIONS))]
    return share_out(source.group_jobs[like], source.jobs)


def jobs_by_place(source: Published) -> Ints:
    """Jobs located in each arrondissement by sector (A, S).

    The census says how many jobs a section has in the region, the published groups how they spread over places.
    """
    by_sector = share_out(sector_shares(source, source.jobs), source.jobs).sum(axis=0)
    return share_out(source.group_jobs, by_sector).T


def section_lift(source: Published, jobs: Ints) -> Floats:
    """How much more frequent a section is among the workers of a place than in the region (A, sections).

    Where the residents of a place work (commuting) tells which sectors they work in, by the jobs there.
    """
    out = source.commuting.shape[0] - 1
    here = jobs / np.maximum(jobs.sum(axis=1, keepdims=True), 1)
    average = jobs.sum(axis=0) / jobs.sum()
    travel = source.commuting[:out] / np.maximum(source.commuting[:out].sum(axis=1, keepdims=True), 1)
    by_sector = travel[:, :out] @ here + travel[:, out:] * average[None, :]
    relative = by_sector / np.where(average > 0, average, 1.0)
    shares = sector_shares(source, source.jobs)
    lift: Floats = relative @ (shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)).T
    return lift


PARK_TAGS = ("industry", "construction", "port", "retail")  # order of population.on_park_share; its last is all others


def on_park_odds(labels: Labels, share: Sequence[float]) -> NDArray[np.float64]:
    """Log-odds that an employer of ten jobs stands on a business park, by the first of PARK_TAGS it has; (S,)."""
    found = [next((s for tag, s in zip(PARK_TAGS, share, strict=False) if tag in tags), share[-1])
             for tags in labels.sector_tags]  # fmt: skip
    odds: NDArray[np.float64] = np.log(np.array(found) / (1.0 - np.array(found)))
    return odds
