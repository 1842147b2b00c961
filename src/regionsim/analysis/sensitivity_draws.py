"""Which parameters matter, from runs whose parameters were drawn at random: rank correlations, rankings that flip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from regionsim.analysis.paired import Z_80, difference_of
from regionsim.state.errors import InputError

FEWEST = 9  # draws: three in each third, two parameters kept of many
SPARE = 5  # draws beyond the number of parameters for which all are kept
WELL_CONDITIONED = 1e8  # an inverted matrix keeps half of its digits
NOTHING_LEFT = 1e-9  # relative size of what other ranks leave unexplained, from which it is rounding

Array = NDArray[np.float64]


def prcc(x: pd.DataFrame, y: Array) -> pd.DataFrame:
    """Partial rank correlation of each parameter of x (draw, parameter) with y (draw,), the strongest first.

    The correlation of the ranks of a parameter and of y after the ranks of all other parameters have been taken out of
    both by least squares (Marino et al. 2008; status: recalled). Columns: parameter, prcc (-1 to 1), low and high (80 %
    range, Fisher's z), p (of no relation, two-sided t test), screened. Parameters that do not vary are left out, and
    draws in which y is missing. NaN where a parameter's ranks are a combination of the others'; 0 where the others
    leave nothing of y to explain.

    With fewer draws than parameters + 5, only the draws // 4 parameters with the largest absolute rank correlation are
    kept, and `screened` is True. Beware: they are chosen and tested on the same draws, so p values are then too small
    and correlations too large, and parameters left out may well matter.
    InputError for draws that do not match, fewer than 9 of them, or missing parameter values.
    """
    _check(x, y.shape[0])
    there = np.isfinite(y)
    if there.sum() < FEWEST:
        raise InputError("sensitivity", f"{int(there.sum())} draws with a value; allowed: {FEWEST} or more")
    names = [str(name) for name in x.columns]
    ranks = stats.rankdata(x.to_numpy(dtype=np.float64)[there], axis=0)
    target = stats.rankdata(y[there])
    kept = np.flatnonzero(np.ptp(ranks, axis=0) > 0)
    screened = bool(target.size < kept.size + SPARE)
    if screened:
        strength = np.abs(_centred(ranks[:, kept]).T @ _centred(target)) / np.linalg.norm(
            _centred(ranks[:, kept]), axis=0
        )
        kept = kept[np.sort(np.argsort(-strength, kind="stable")[: target.size // 4])]
    correlations = _partials(ranks[:, kept], target)
    rows = [
        (names[column], *_tested(float(r), target.size, kept.size), screened)
        for column, r in zip(kept, correlations, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["parameter", "prcc", "low", "high", "p", "screened"])
    return frame.sort_values("prcc", key=np.abs, ascending=False, kind="stable").reset_index(drop=True)


def flips(x: pd.DataFrame, payoff: pd.DataFrame) -> pd.DataFrame:
    """Which rankings of plans depend on a parameter: x (draw, parameter), payoff (draw, plan), the more the better.

    Plans are ranked by their mean payoff; of every two neighbours in the ranking (the two best among them) the mean
    paired difference is taken in the third of the draws with the lowest and in that with the highest values of each
    parameter. One row where these have different signs. Columns: parameter, better (the plan that is better overall),
    other, difference (overall mean, better - other, in the unit of the payoff), in_low_third, in_high_third, low_known,
    high_known (the 80 % t interval of the mean in that third excludes 0), flips (both known). Real flips come first,
    then by how far the two thirds are apart. A draw in which a payoff is missing and a parameter that does not vary are
    left out.

    By chance alone, both ends are known and of different sign in about 2 of 100 comparisons.
    InputError for draws that do not match, fewer than 9 of them, or missing parameter values.
    """
    _check(x, len(payoff))
    values = payoff.to_numpy(dtype=np.float64)
    there = np.isfinite(values).all(axis=1)
    if there.sum() < FEWEST:
        raise InputError("sensitivity", f"{int(there.sum())} draws with all payoffs; allowed: {FEWEST} or more")
    values, drawn = values[there], x.to_numpy(dtype=np.float64)[there]
    order = np.argsort(-values.mean(axis=0), kind="stable")
    parameters, plans = [str(name) for name in x.columns], [str(name) for name in payoff.columns]
    rows = []
    for better, other in zip(order[:-1], order[1:], strict=True):
        difference = difference_of(values[:, better], values[:, other])
        for j in np.flatnonzero(np.ptp(drawn, axis=0) > 0):
            by = np.argsort(drawn[:, j], kind="stable")
            low, low_known = _mean(difference[by[: by.size // 3]])
            high, high_known = _mean(difference[by[-(by.size // 3) :]])
            if low * high < 0:
                pair = (parameters[j], plans[better], plans[other])
                means = (float(difference.mean()), low, high)
                rows.append((*pair, *means, low_known, high_known, low_known and high_known))
    return _flip_table(rows)


def _flip_table(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    texts, numbers = ["parameter", "better", "other"], ["difference", "in_low_third", "in_high_third"]
    known = ["low_known", "high_known", "flips"]
    frame = pd.DataFrame(rows, columns=[*texts, *numbers, *known])
    frame = frame.astype({**dict.fromkeys(numbers, "float64"), **dict.fromkeys(known, "bool")})
    apart = (frame["in_high_third"] - frame["in_low_third"]).abs()
    order = np.lexsort((-apart.to_numpy(), ~frame["flips"].to_numpy()))
    return frame.iloc[order].reset_index(drop=True)


def _mean(difference: Array) -> tuple[float, bool]:
    """Mean, and whether its 80 % t interval excludes 0."""
    mean, error = float(difference.mean()), float(difference.std(ddof=1)) / np.sqrt(difference.size)
    return mean, bool(abs(mean) > stats.t.ppf(0.9, difference.size - 1) * error)


def _partials(x: Array, y: Array) -> Array:
    """Partial correlation of y (draw,) with each column of x (draw, parameter): (parameter,).

    From the inverted correlation matrix; column by column where there is none worth inverting.
    """
    both = _centred(np.column_stack([x, y]))
    size = np.linalg.norm(both, axis=0)
    if x.shape[1] and size.min() > 0:
        correlation = (both / size).T @ (both / size)
        if np.linalg.cond(correlation) < WELL_CONDITIONED:
            inverse = np.linalg.inv(correlation)
            found: Array = -inverse[:-1, -1] / np.sqrt(np.diag(inverse)[:-1] * inverse[-1, -1])
            return np.clip(found, -1, 1)
    return np.array([_partial(x[:, j], y, np.delete(x, j, axis=1)) for j in range(x.shape[1])])


def _partial(x: Array, y: Array, others: Array) -> float:
    """Correlation of what the columns of `others` (draw, parameter) leave unexplained of x and y, both (draw,)."""
    explain = np.column_stack([np.ones(x.size), others])
    both = np.column_stack([x, y])
    left = both - explain @ np.linalg.lstsq(explain, both, rcond=None)[0]
    size = np.linalg.norm(left, axis=0)
    nothing = size <= NOTHING_LEFT * np.linalg.norm(both, axis=0)
    if nothing.any():
        return float("nan") if nothing[0] else 0.0
    return float(np.clip(left[:, 0] @ left[:, 1] / (size[0] * size[1]), -1, 1))


def _tested(r: float, draws: int, parameters: int) -> tuple[float, float, float, float]:
    """Correlation, 80 % range and p value of a partial correlation given the other parameters."""
    freedom = draws - parameters - 1
    inside = float(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    half = Z_80 / np.sqrt(freedom - 1)
    p = 2 * stats.t.sf(abs(inside) * np.sqrt(freedom / (1 - inside**2)), freedom)
    return r, float(np.tanh(np.arctanh(inside) - half)), float(np.tanh(np.arctanh(inside) + half)), float(p)


def _centred(values: Array) -> Array:
    centred: Array = values - values.mean(axis=0)
    return centred


def _check(x: pd.DataFrame, draws: int) -> None:
    faults = []
    if len(x) != draws:
        faults.append(f"{len(x)} draws of parameters and {draws} of results; allowed: the same draws in the same order")
    missing = x.columns[~np.isfinite(x.to_numpy(dtype=np.float64)).all(axis=0)]
    faults += [f"'{name}' is missing in some draws; allowed: a number in every draw" for name in missing]
    if faults:
        raise InputError("sensitivity", faults)
