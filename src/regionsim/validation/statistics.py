"""Statistics of the facts on plain arrays: firm sizes, job flows, growth, regressions, hazards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import norm

Array = NDArray[np.float64]
SIZE_CLASSES = (5, 10, 20, 50, 100, 200, 500, 10**9)  # jobs from which a class of growth starts
FEWEST = 30  # observations a class needs


def slope(x: Array, y: Array) -> float:
    """Least-squares slope of y on x; NaN for fewer than two points or x without variation."""
    if x.size < 2 or np.ptp(x) == 0:
        return float("nan")
    return float(np.polyfit(x, y, 1)[0])


def correlation(x: Array, y: Array) -> float:
    """Pearson's correlation; NaN where one side does not vary."""
    if x.size < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def job_flows(before: Array, after: Array, weight: Array) -> tuple[float, float]:
    """Creation and destruction in % of the mean of both sums (Davis and Haltiwanger 1992, recalled)."""
    change = (after - before) * weight
    mean = 0.5 * float(((before + after) * weight).sum())
    if mean <= 0:
        return float("nan"), float("nan")
    return 100.0 * float(change[change > 0].sum()) / mean, -100.0 * float(change[change < 0].sum()) / mean


def growth_moments(before: Array, after: Array) -> Array:
    """Sums over continuing firms by size class of the mean size: n, growth, growth squared, ln size; (classes, 4)."""
    stay = (before > 0) & (after > 0)
    growth = np.log(after[stay] / before[stay])
    size = 0.5 * (before[stay] + after[stay])
    group = np.digitize(size, SIZE_CLASSES) - 1
    inside = group >= 0
    parts = (np.ones(size.size), growth, growth**2, np.log(size))
    classes = len(SIZE_CLASSES) - 1
    sums = [np.bincount(group[inside], part[inside], classes)[:classes] for part in parts]
    return np.stack(sums, axis=1).astype(np.float64)


def growth_variance_slope(moments: Array) -> float:
    """Slope of ln standard deviation of growth on ln size over the classes with enough firms."""
    kept = moments[moments[:, 0] >= FEWEST]
    if len(kept) < 3:
        return float("nan")
    mean = kept[:, 1] / kept[:, 0]
    variance = kept[:, 2] / kept[:, 0] - mean**2
    return slope(kept[:, 3] / kept[:, 0], 0.5 * np.log(np.maximum(variance, 1e-12)))


def hazard_by_age(alive: Array, bounds: Sequence[int]) -> Array:
    """Yearly hazard by age class of firms born in the run; alive: (quarter, quarter of birth) counts.

    bounds: first completed year of each class; the last class is open.
    """
    at_risk, lost = np.zeros(len(bounds)), np.zeros(len(bounds))
    quarters = alive.shape[0]
    for born in range(alive.shape[1]):
        for start in range(born, quarters - 4, 4):
            group = int(np.searchsorted(bounds, (start - born) // 4, side="right")) - 1
            at_risk[group] += alive[start, born]
            lost[group] += alive[start, born] - alive[start + 4, born]
    hazard: Array = np.divide(lost, at_risk, out=np.full(len(bounds), np.nan), where=at_risk > 0)
    return hazard


def survival(alive: Array, born: Sequence[int], years: int) -> float:
    """Share of the firms born in the quarters `born` that are alive `years` later; NaN if that is not observed."""
    seen = [b for b in born if b < alive.shape[1] and b + 4 * years < alive.shape[0]]
    started = sum(float(alive[b, b]) for b in seen)
    if len(seen) < len(born) or started <= 0:
        return float("nan")
    return sum(float(alive[b + 4 * years, b]) for b in seen) / started


def vuong_lognormal_pareto(sizes: Array, weights: Array) -> float:
    """Vuong's z of a lognormal against a Pareto, whole numbers from 1 up, both fitted by maximum likelihood.

    P(k) is the probability of (k - 1/2, k + 1/2) given more than 1/2. Above 1.96 the lognormal is the better one.
    """
    values, which = np.unique(np.maximum(np.rint(sizes), 1.0), return_inverse=True)
    count = np.bincount(which, weights)
    if values.size < 5:
        return float("nan")
    low, high, x = np.log(values - 0.5), np.log(values + 0.5), np.log(values)

    def lognormal(theta: Array) -> Array:
        mu, sigma = theta[0], np.exp(theta[1])
        inside = norm.sf((low - mu) / sigma) - norm.sf((high - mu) / sigma)
        out: Array = np.log(np.maximum(inside, 1e-300)) - norm.logsf((np.log(0.5) - mu) / sigma)
        return out

    def pareto(a: float) -> Array:
        out: Array = np.log(np.maximum(np.exp(-a * (low - np.log(0.5))) - np.exp(-a * (high - np.log(0.5))), 1e-300))
        return out

    mean = float((count * x).sum() / count.sum())
    spread = float(np.sqrt((count * (x - mean) ** 2).sum() / count.sum()))
    first = np.array([mean, np.log(max(spread, 0.1))])
    best = minimize(lambda t: -float((count * lognormal(t)).sum()), first, method="Nelder-Mead").x
    power = minimize_scalar(lambda a: -float((count * pareto(a)).sum()), bounds=(0.05, 20.0), method="bounded").x
    gain = lognormal(best) - pareto(float(power))
    total = float((count * gain).sum())
    return total / float(np.sqrt((count * (gain - total / count.sum()) ** 2).sum()))


def tail_slope(sizes: Array, weights: Array, smallest: float = 100.0) -> float:
    """Slope of ln(rank - 1/2) on ln size of firms of `smallest` jobs and more (Gabaix and Ibragimov, recalled)."""
    tail = sizes >= smallest
    order = np.argsort(-sizes[tail])
    size = sizes[tail][order]
    rank = np.cumsum(weights[tail][order])
    if size.size < 10:
        return float("nan")
    return slope(np.log(size), np.log(rank - 0.5 * weights[tail][order]))


def weighted_quantile(values: Array, weights: Array, q: float) -> float:
    """The value below which a share q of the weight lies; NaN without values."""
    if values.size == 0 or weights.sum() <= 0:
        return float("nan")
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(int(np.searchsorted(share, q)), values.size - 1)])
