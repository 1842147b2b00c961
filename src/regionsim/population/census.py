"""The census table of residents with its unknowns filled in: sex x age x education x activity x section."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import share_out, two_way
from regionsim.population.published import NO_SECTION, NONE_YET, SECTIONS, UNKNOWN_LEVEL, UNKNOWN_SECTION

Ints = NDArray[np.int64]

LOW_LEVEL, MIDDLE_LEVEL, TERTIARY_LEVEL = 0, 1, 2  # of the filled table; children are low


def without_unknowns(census: Ints) -> Ints:
    """Residents by sex, band, level (low, middle, tertiary), activity and section (21 and none); same total.

    Unknown education follows the known by sex, band and activity, unknown sections the known by sex and education.
    Both keep every count that the census does know; all persons stay in their sex, band and activity.
    """
    return _with_sections(_with_levels(census))


def _with_levels(census: Ints) -> Ints:
    known = census[:, :, NONE_YET + 1 : UNKNOWN_LEVEL].copy()
    known[:, :, LOW_LEVEL] += census[:, :, NONE_YET]
    unknown = census[:, :, UNKNOWN_LEVEL]  # (2, BANDS, activities, sections)
    weights = known.sum(axis=4).transpose(0, 1, 3, 2).astype(np.float64)  # (2, BANDS, activities, levels)
    elsewhere = weights.sum(axis=2, keepdims=True)
    weights = np.where(weights.sum(axis=3, keepdims=True) > 0, weights, elsewhere)
    groups, sections = int(np.prod(unknown.shape[:3])), unknown.shape[3]
    rows = unknown.reshape(groups, sections)
    w = weights.reshape(groups, 3)
    found = two_way(np.broadcast_to(w[:, None, :], (groups, sections, 3)), rows, share_out(w, rows.sum(axis=1)))
    return known + found.reshape(*unknown.shape, 3).transpose(0, 1, 4, 2, 3)


def _with_sections(table: Ints) -> Ints:
    """table (2, BANDS, 3, activities, 23) with unknown sections; returns (2, BANDS, 3, activities, 22)."""
    sexes, bands, levels, activities, _ = table.shape
    unknown = table[..., UNKNOWN_SECTION].transpose(0, 2, 1, 3).reshape(sexes * levels, bands * activities)
    known = table[..., : len(SECTIONS)].sum(axis=(1, 3)).reshape(sexes * levels, len(SECTIONS))
    shape = (sexes * levels, bands * activities, len(SECTIONS))
    cols = share_out(known, unknown.sum(axis=1))
    found = two_way(np.broadcast_to(known[:, None, :], shape), unknown, cols)
    filled = table[..., : NO_SECTION + 1].copy()
    filled[..., : len(SECTIONS)] += found.reshape(sexes, levels, bands, activities, -1).transpose(0, 2, 1, 3, 4)
    return filled
