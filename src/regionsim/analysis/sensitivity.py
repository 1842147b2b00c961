"""Which parameters matter: indices of a designed run (Morris, Sobol) and of drawn ones (`prcc`, `flips`)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regionsim.analysis.paired import ROUNDING
from regionsim.analysis.sensitivity_design import Design, problem
from regionsim.analysis.sensitivity_draws import flips, prcc
from regionsim.state.errors import InputError

__all__ = ["flips", "morris_indices", "prcc", "sobol_indices"]

LEVEL = 0.8  # of the intervals whose half widths are given
RESAMPLES = 500
SEED = 20_240_101  # of the resamples: the same results have the same intervals
LEVELS = 4  # SALib divides by the move of a grid of four levels; undone below for the move of the design

Array = NDArray[np.float64]


def morris_indices(design: Design, y: Array) -> pd.DataFrame:
    """Elementary effects of each factor on y (point,), the most important first.

    Columns: factor (the group), mu (mean effect), mu_star (mean size of the effect), mu_star_conf (half width of its
    80 % interval, from resampled trajectories), sigma (standard deviation of the effect: large beside mu_star where the
    factor interacts or bends). All in the unit of y for a move through the whole prior: an effect divided by how far
    the quantile moved. The parameters of a group move in different directions, so a group of several has no mu and no
    sigma (NaN). All 0 if y does not vary.
    InputError for a design of another method, y of another length, or missing y (how many points).
    """
    _check(design, y, "morris")
    columns = ("mu", "mu_star", "mu_star_conf", "sigma")
    if _constant(y):
        return _table(design, {name: np.zeros(len(design.factors)) for name in columns}, "mu_star")
    from SALib.analyze import morris  # slow to import

    factors = problem(design.names, design.groups)
    options = {"num_levels": LEVELS, "conf_level": LEVEL, "num_resamples": RESAMPLES, "seed": SEED}
    found = morris.analyze(factors, design.quantiles, np.asarray(y, dtype=np.float64), **options)
    scale = LEVELS / (2.0 * (LEVELS - 1)) / _move(design)
    values = {name: np.ma.filled(found[name], np.nan).astype(np.float64) * scale for name in columns}
    several = [design.groups.count(factor) > 1 for factor in design.factors]
    for name in ("mu", "sigma"):
        values[name][several] = np.nan
    return _table(design, values, "mu_star")


def sobol_indices(design: Design, y: Array) -> pd.DataFrame:
    """Shares of the variance of y (point,) that each factor causes, the largest total first.

    Columns: factor (the group), first (share of the factor alone), first_conf, total (with its interactions; these add
    up to more than 1), total_conf; conf is the half width of the 80 % interval, from resampled points. Estimates of
    small shares may be below 0. All 0 if y does not vary.
    InputError for a design of another method, y of another length, or missing y (how many points).
    """
    _check(design, y, "sobol")
    columns = {"first": "S1", "first_conf": "S1_conf", "total": "ST", "total_conf": "ST_conf"}
    if _constant(y):
        return _table(design, {name: np.zeros(len(design.factors)) for name in columns}, "total")
    from SALib.analyze import sobol  # slow to import

    options = {"calc_second_order": False, "conf_level": LEVEL, "num_resamples": RESAMPLES, "seed": SEED}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Constant values")  # of some of the points: a share of 0
        found = sobol.analyze(problem(design.names, design.groups), np.asarray(y, dtype=np.float64), **options)
    return _table(
        design, {name: np.asarray(found[theirs], dtype=np.float64) for name, theirs in columns.items()}, "total"
    )


def _check(design: Design, y: Array, method: str) -> None:
    faults = []
    if design.method != method:
        faults.append(f"the design is '{design.method}'; allowed: {method}")
    if y.shape != (design.points,):
        faults.append(f"y of shape {y.shape}; allowed: (point,), here ({design.points},)")
    elif missing := int((~np.isfinite(y)).sum()):
        faults.append(f"y is missing at {missing} of {design.points} points; allowed: none, all points must have run")
    if faults:
        raise InputError("sensitivity", faults)


def _constant(y: Array) -> bool:
    return bool(np.ptp(y) <= ROUNDING * np.abs(y).max())


def _move(design: Design) -> float:
    """Mean distance by which a quantile moves in a trajectory; the same for all moves on a grid of four levels."""
    trajectories = design.quantiles.reshape(design.trajectories_or_n, -1, len(design.names))
    steps = np.abs(np.diff(trajectories, axis=1))
    return float(steps[steps > 0].mean())


def _table(design: Design, values: dict[str, Any], importance: str) -> pd.DataFrame:
    frame = pd.DataFrame({"factor": design.factors, **values})
    return frame.sort_values(importance, ascending=False, kind="stable").reset_index(drop=True)
