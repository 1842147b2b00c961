"""Whole persons out of published margins: rounding that loses nobody, and dealing labels to persons."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SCORE_BITS = 44  # of a packed sort key; the other 20 bits hold the group
_MOST_ROUNDS = 300
_CLOSE = 1e-9


def share_out(weights: Any, totals: Any) -> Ints:
    """Whole numbers in proportion to `weights` that add to `totals` along the last axis (largest remainder).

    weights (..., L) not negative, totals (...); a row without weight is shared equally. Ties go to the first.
    """
    w = np.asarray(weights, np.float64)
    total = np.asarray(totals, np.int64)[..., None]
    mass = w.sum(axis=-1, keepdims=True)
    raw = np.where(mass > 0, w / np.where(mass > 0, mass, 1.0), 1.0 / w.shape[-1]) * total
    low = np.floor(raw + _CLOSE).astype(np.int64)
    rest = total - low.sum(axis=-1, keepdims=True)
    rank = np.argsort(np.argsort(low - raw, axis=-1, kind="stable"), axis=-1, kind="stable")
    out: Ints = low + (rank < rest)
    return out


def fitted(weights: Floats, rows: Ints, cols: Ints) -> Floats:
    """Iterative proportional fitting of weights (G, R, C) to rows (G, R) and cols (G, C).

    A row or column with a positive margin and no weight gets equal weights. The columns fit exactly, the rows closely.
    """
    x = np.where((weights.sum(axis=2) <= 0)[:, :, None], 1.0, weights)
    x = np.where((x.sum(axis=1) <= 0)[:, None, :], 1.0, x)
    for _ in range(_MOST_ROUNDS):
        by_row = x.sum(axis=2)
        x = x * (rows / np.where(by_row > 0, by_row, 1.0))[:, :, None]
        by_col = x.sum(axis=1)
        x = x * (cols / np.where(by_col > 0, by_col, 1.0))[:, None, :]
        if np.abs(x.sum(axis=2) - rows).max() < 1e-6:
            break
    return x


def two_way(weights: Any, rows: Any, cols: Any) -> Ints:
    """Whole tables close to `weights` with exactly these row and column totals, shape (G, R, C).

    The fitted table is rounded row by row: each row shares out its total by what the columns still need, so the last
    row takes exactly what is left. Margins must have equal totals; raises ValueError otherwise.
    """
    r, c = np.asarray(rows, np.int64), np.asarray(cols, np.int64)
    if not np.array_equal(r.sum(axis=1), c.sum(axis=1)):
        raise ValueError("the row and column totals of a two-way table differ")
    x = fitted(np.asarray(weights, np.float64), r, c)
    below = np.cumsum(x[:, ::-1], axis=1)[:, ::-1]  # each row and those after it
    out = np.zeros(x.shape, np.int64)
    left = c.copy()
    for i in range(x.shape[1]):
        need = np.where(below[:, i] > 0, left * x[:, i] / np.where(below[:, i] > 0, below[:, i], 1.0), 0.0)
        need = np.where((need.sum(axis=1) > 0)[:, None], need, left)
        row = np.minimum(share_out(need, r[:, i]), left)
        row += share_out(left - row, r[:, i] - row.sum(axis=1))
        out[:, i] = row
        left -= row
    return out


def capped_share_out(weights: Floats, caps: Ints, total: int) -> Ints:
    """Whole numbers that add to `total`, in proportion to weights and never above caps, shape (L,).

    Raises ValueError if the caps leave no room for the total.
    """
    if int(caps.sum()) < total:
        raise ValueError(f"{total} persons do not fit into {int(caps.sum())} places")
    out = np.zeros(caps.size, np.int64)
    while (missing := total - int(out.sum())) > 0:
        room = caps - out
        open_weights = np.where(room > 0, weights, 0.0)
        out += np.minimum(share_out(open_weights if open_weights.any() else room, missing), room)
    return out


def grouped_order(group: NDArray[Any], score: NDArray[Any]) -> NDArray[np.intp]:
    """Order of members by group, and by rising score within a group, shape (n,)."""
    if group.size == 0:
        return np.empty(0, np.intp)
    low = float(score.min())
    span = max(float(score.max()) - low, 1e-300)
    fine = ((score - low) / span * (2**_SCORE_BITS - 1)).astype(np.uint64)
    return np.argsort((group.astype(np.uint64) << np.uint64(_SCORE_BITS)) | fine, kind="stable")


def deal(group: NDArray[Any], score: NDArray[Any], table: Ints) -> NDArray[np.int16]:
    """A label for every member: in each group the lowest scores get label 0, and table[group, label] get each label.

    group (n,) row of `table`, score (n,), table (G, L) with the size of each group as row total. Raises ValueError if
    the table does not have exactly as many labels as the group has members.
    """
    groups, labels = table.shape
    if not np.array_equal(np.bincount(group, minlength=groups), table.sum(axis=1)):
        raise ValueError("a table of labels does not match the sizes of its groups")
    out = np.empty(group.size, np.int16)
    out[grouped_order(group, score)] = np.repeat(np.tile(np.arange(labels, dtype=np.int16), groups), table.ravel())
    return out
