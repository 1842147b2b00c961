"""Sample paths of several series at once: BVAR and pool as margins, made joint by the Schaake shuffle.

The rule, fixed before any backtest was seen: a series of a block of several gets half of its sample from the Minnesota
BVAR of the block and half from the equal-weight pool of its own four models; a series alone gets the pool. The models
of single series are backtested to MEMBER_STEPS periods; beyond, their paths go on with changes of the BVAR's paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from regionsim.drivers.joint import shuffled, templates
from regionsim.drivers.models.bvar import LAGS, fit_bvar, simulate_changes
from regionsim.drivers.models.members import MEMBERS
from regionsim.drivers.models.pool import member_paths, pooled
from regionsim.drivers.series import Series, Standardised, standardised
from regionsim.state.draws import code

Array = NDArray[np.float64]

MEMBER_STEPS = 12
FEWEST_COMPLETE = 24  # periods with all series observed that a BVAR needs


@dataclass(frozen=True)
class Paths:
    """Sample paths on one calendar; every array (draws, steps, n), from the period after the first series ends.

    margins: by model, on the unit-free scale, NaN where the series was observed; default: the joint sample.
    """

    series: tuple[Standardised, ...]
    first: int
    margins: dict[str, Array]
    default: Array

    def values(self, sample: Array) -> Array:
        """A sample in the units of the series."""
        return np.stack([s.back(sample[:, :, i]) for i, s in enumerate(self.series)], axis=2)

    def whole(self, i: int) -> Array:
        """Series i in its own unit: exactly as observed, then the joint sample; (draws, periods from its first)."""
        s, (draws, steps, _) = self.series[i], self.default.shape
        out = np.empty((draws, self.first - s.series.first + steps))
        out[:, -steps:] = s.back(self.default[:, :, i])
        out[:, : len(s.series.values)] = s.series.values
        return out


def generator(seed: int, *words: str | int) -> np.random.Generator:
    """A generator of its own for a purpose, so that no model's draws depend on another's."""
    return np.random.default_rng([seed, *(int(code(str(word))) for word in words)])


def forecast(series: Sequence[Series], until: int, draws: int, seed: int, key: str | int = "") -> Paths:
    """Paths of all series to the period `until`; the same for the same arguments.

    All series have the same number of periods a year; where one was observed for longer than another, its observations
    stand in every path.
    """
    with threadpool_limits(1):  # small matrices: more threads are slower, and may add up in another order
        return _forecast(tuple(standardised(s) for s in series), until, draws, seed, key)


def _forecast(scaled: tuple[Standardised, ...], until: int, draws: int, seed: int, key: str | int) -> Paths:
    first = min(s.series.last for s in scaled) + 1
    steps = until - first + 1
    system = _bvar_paths(scaled, first, steps, draws, generator(seed, "bvar", key)) if len(scaled) > 1 else None
    members = [
        _members(
            s, first, steps, draws, None if system is None else system[:, :, i], generator(seed, s.series.name, key)
        )
        for i, s in enumerate(scaled)
    ]
    margins = {name: np.stack([m[name] for m in members], axis=2) for name in members[0]}
    sample = margins["pool"]
    if system is not None:
        margins["bvar"] = system
        half = sample[::2]  # half of each member's paths, which stand one member after the other
        sample = np.concatenate([system[: draws - len(half)], half])
    template = _template(scaled, first, steps, draws, generator(seed, "template", key)) if len(scaled) > 1 else None
    if template is not None:
        sample = shuffled(sample, template)
    else:
        sample = sample[generator(seed, "order", key).permutation(draws)]
    return Paths(scaled, first, margins, _observed_kept(sample, scaled, first))


def _members(
    s: Standardised, first: int, steps: int, draws: int, system: Array | None, rng: np.random.Generator
) -> dict[str, Array]:
    """Paths of every member and of the pool on the common calendar, (draws, steps) each; the observed part is NaN.

    system: the BVAR's paths of this series, whose changes the paths follow beyond MEMBER_STEPS; None: none.
    """
    ahead = steps - (s.series.last + 1 - first)
    if ahead == 0:
        return {name: np.full((draws, steps), np.nan) for name in (*MEMBERS, "pool")}
    near = min(ahead, MEMBER_STEPS) if system is not None else ahead
    paths = member_paths(s, near, draws, rng)
    paths["pool"] = pooled(list(paths.values()), draws)
    out = {}
    for name, near_path in paths.items():
        whole = np.full((draws, steps), np.nan)
        start = steps - ahead
        whole[:, start : start + near] = near_path
        if system is not None and ahead > near:
            far = system[:, start + near :] - system[:, start + near - 1][:, None]
            whole[:, start + near :] = near_path[:, -1:] + far
        out[name] = whole
    return out


def _calendar(scaled: Sequence[Standardised], first: int, last: int) -> tuple[Array, Array]:
    """Changes (periods, n) from `first` to `last`, NaN where unknown or no guide, and the season taken out of them."""
    periods = last - first + 1
    changes, season = np.full((periods, len(scaled)), np.nan), np.zeros((periods, len(scaled)))
    for i, s in enumerate(scaled):
        mine = s.changes
        season[:, i] = _seasonal_changes(s)[(first + np.arange(periods)) % s.series.periods]
        for t, change in enumerate(mine, s.series.first):
            if first <= t <= last:
                changes[t - first, i] = change
    return changes - season, season


def _seasonal_changes(s: Standardised) -> Array:
    """Mean change of each period of the year less the mean of all; zero for a series without a season."""
    m = s.series.periods
    if s.series.season == 1:
        return np.zeros(m)
    mine = s.changes
    of_year = (s.series.first + np.arange(len(mine))) % m
    means = np.array([np.nanmean(mine[of_year == k]) for k in range(m)])
    return np.asarray(means - means.mean())


def _bvar_paths(
    scaled: Sequence[Standardised], first: int, steps: int, draws: int, rng: np.random.Generator
) -> Array | None:
    """Levels (draws, steps, n) on the unit-free scale, NaN where observed; None if the common history is too short."""
    start, last = max(s.series.first for s in scaled) + 1, max(s.series.last for s in scaled)
    if start >= first:
        return None
    changes, season = _calendar(scaled, start, max(last, first + steps - 1))
    complete = changes[: first - start]
    if np.all(~np.isnan(complete), axis=1).sum() < FEWEST_COMPLETE + LAGS:
        return None
    known = changes[first - start : last - start + 1]
    paths = simulate_changes(fit_bvar(complete), known, steps, draws, rng)
    levels = np.cumsum(paths + season[first - start : first - start + steps], axis=1)
    for i, s in enumerate(scaled):
        observed = s.series.last + 1 - first
        if observed:
            levels[:, :, i] -= levels[:, observed - 1, i][:, None]
            levels[:, :observed, i] = np.nan
    return levels


def _template(
    scaled: Sequence[Standardised], first: int, steps: int, draws: int, rng: np.random.Generator
) -> Array | None:
    start = max(s.series.first for s in scaled) + 1
    if start >= first:
        return None
    changes, _ = _calendar(scaled, start, first - 1)
    template = templates(changes, steps, draws, rng)
    if template is None:
        return None
    for i, s in enumerate(scaled):  # a path starts where its series ends
        observed = s.series.last + 1 - first
        if observed:
            template[:, :, i] -= template[:, observed - 1, i][:, None]
    return template


def _observed_kept(sample: Array, scaled: Sequence[Standardised], first: int) -> Array:
    """The sample with what was observed in place of what was not forecast."""
    for i, s in enumerate(scaled):
        observed = s.series.last + 1 - first
        if observed:
            sample[:, :observed, i] = s.z[-observed:]
    return sample
