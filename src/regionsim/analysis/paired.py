"""Statistics of a paired effect: the plan's outcome minus that of no plan, draw by draw."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z_80 = 1.2816  # standard normal quantile at 90 %: half width of an 80 % range in standard errors
PRECISION = 0.1  # "enough draws": half width of the mean's 80 % range is at most this share of the mean
HOPELESS = 1e9  # draws
RELIABLE_DRAWS = 8  # with fewer draws the ends of an 80 % range are little more than the smallest and largest draw

CERTAIN = 0.9  # share of draws on one side of zero from which a direction is called known

ROUNDING = 1e-12  # relative: sums over quarters in another order differ by less


@dataclass(frozen=True)
class Paired:
    """An effect over the draws of one world, at one moment. `None` means not defined."""

    mean: float | None  # mean of the paired differences
    p10: float | None  # 80 % range over draws (linear interpolation between order statistics)
    p90: float | None
    p_positive: float | None  # share of draws in which the difference is above 0
    mean_none: float | None  # mean of the outcome without a plan
    percent_of_none: float | None  # 100 * mean / |mean_none|
    draws: int  # pairs in which both values exist
    draws_enough: int | None
    paired_sd: float | None  # standard deviation of the differences (n - 1)
    variance_ratio: float | None  # variance of an unpaired difference / variance of the paired one
    no_effect: bool  # the difference is 0 in every draw

    def as_dict(self) -> dict[str, Any]:
        """Field names and values."""
        return asdict(self)


def paired(with_plan: NDArray[np.float64], without: NDArray[np.float64]) -> Paired:
    """Statistics of `with_plan - without`, both 1-D over the same draws in the same order.

    A pair with a missing value is left out; a difference within rounding is 0. The variance ratio is
    (var(plan) + var(none)) / var(difference): what an unpaired comparison of independent draws would have, relative to
    the paired one.
    """
    if with_plan.shape != without.shape or with_plan.ndim != 1:
        raise ValueError(f"pairs of shapes {with_plan.shape} and {without.shape}: both must be (draw,)")
    exist = np.isfinite(with_plan) & np.isfinite(without)
    y, y0 = with_plan[exist], without[exist]
    n = int(exist.sum())
    if n == 0:
        return Paired(None, None, None, None, None, None, 0, None, None, None, False)
    difference = y - y0
    difference[np.abs(difference) <= ROUNDING * np.maximum(np.abs(y), np.abs(y0))] = 0
    mean, base = float(difference.mean()), float(y0.mean())
    sd = _spread(difference) if n > 1 else None
    return Paired(
        mean=mean,
        p10=float(np.quantile(difference, 0.1)),
        p90=float(np.quantile(difference, 0.9)),
        p_positive=float((difference > 0).mean()),
        mean_none=base,
        percent_of_none=100 * mean / abs(base) if base != 0 else None,
        draws=n,
        draws_enough=draws_enough(mean, sd),
        paired_sd=sd,
        variance_ratio=float((y.var(ddof=1) + y0.var(ddof=1)) / sd**2) if sd else None,
        no_effect=bool((difference == 0).all()),
    )


def direction_uncertain(p_positive: float) -> bool:
    """True if P(effect > 0) lies between 0.1 and 0.9: the draws do not agree on the sign."""
    return 1 - CERTAIN <= p_positive <= CERTAIN


def _spread(difference: NDArray[np.float64]) -> float:
    """Standard deviation (n - 1); exactly 0 where it is no more than rounding of the differences."""
    sd = float(difference.std(ddof=1))
    return sd if sd > ROUNDING * float(np.abs(difference).max()) else 0.0


def draws_enough(mean: float, sd: float | None) -> int | None:
    """Smallest number of draws whose mean effect has an 80 % confidence range of at most +-10 % of itself.

    n = ceil((1.2816 sd / (0.1 |mean|))^2), at least 1; None if the sd is unknown (a single draw), the mean is 0, or so
    near 0 that a billion draws would not do.
    """
    if sd is None or mean == 0:
        return None
    enough = (Z_80 * sd / (PRECISION * abs(mean))) ** 2
    return max(1, math.ceil(enough)) if enough <= HOPELESS else None
