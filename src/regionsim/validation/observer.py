"""What the facts need and no outcome says: an observer that looks at a running model and changes nothing.

It reads state columns only. Every quarter: firms alive by quarter of founding, registered job-seekers by age, residents
of working age by education, jobs and output by sector, investment. Every fourth quarter: sizes and growth of employers,
productivity, exporters, ages of people at work, students, graduates who left. Below scale 1 a large firm has its jobs
scaled and stands for itself alone: its size is its jobs over the scale, its weight the scale, as in
`recording.firm_weights`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regionsim.model.accounts import REGISTERED_FROM_RUNG
from regionsim.model.recording import firm_weights
from regionsim.state.firms import EMPLOYER, LARGE_FIRM_JOBS, OUTSIDE
from regionsim.state.people import (
    AGE_GROUP_FROM,
    BACHELOR,
    COMMUTER,
    EMPLOYED,
    FROM_HERE,
    INACTIVE,
    JOB_SEEKER,
    LEFT,
    MASTER,
    RESIDENT,
    SELF_EMPLOYED,
    STUDENT_AWAY,
    STUDENT_HERE,
    TEMPORARILY_UNEMPLOYED,
)
from regionsim.state.reference import INVESTMENT
from regionsim.validation.statistics import growth_moments, job_flows, weighted_quantile

if TYPE_CHECKING:
    from regionsim.model.region_model import RegionModel

Array = NDArray[np.float64]
Q4 = 3
SMALL = 10  # jobs
SIZES_YEAR = 2018  # whose sizes are kept whole


class Observer:
    """Call `look(model)` after every step; `quarterly` and `yearly` then hold arrays by name."""

    def __init__(self, model: RegionModel) -> None:
        self.first, self.quarters = model.setup.first, len(model.setup.quarters)
        self.scale = model.setup.settings.scale
        self.exports = np.array(["export" in tags for tags in model.setup.tables.labels.sector_tags])
        self.alive = np.zeros((self.quarters, self.quarters))
        names = ("registered", "sector_jobs", "production", "investment", "working_age")
        self.quarterly: dict[str, list[Any]] = {name: [] for name in names}
        self.start = residents_by_place(model.people.a, model.setup.reference.arrondissement_of) / self.scale
        self.yearly: dict[str, dict[int, Any]] = {}
        self.sizes: tuple[Array, Array] = (np.zeros(0), np.zeros(0))
        self._before: tuple[NDArray[np.uint64], Array, Array] | None = None

    def look(self, model: RegionModel) -> None:
        """Record the quarter that has just run."""
        quarter = model.state.quarter - 1
        people, firms = model.people.a, model.firms.a
        self.alive[quarter] = alive_by_birth(firms, self.scale, self.quarters)
        self.quarterly["registered"].append(registered_by_age(people) / self.scale)
        self.quarterly["sector_jobs"].append(jobs_by_sector(firms, self.exports.size) / self.scale)
        self.quarterly["production"].append(model.state.economy.production.copy())
        self.quarterly["investment"].append(float(model.state.economy.final_demand[INVESTMENT].sum()))
        self.quarterly["working_age"].append(working_age_by_education(people) / self.scale)
        if (self.first + quarter) % 4 == Q4:
            year = (self.first + quarter) // 4
            self._firms(year, firms)
            for name, value in people_of_the_year(people, firms).items():
                self.yearly.setdefault(name, {})[year] = value

    def _firms(self, year: int, firms: Any) -> None:
        rows = np.flatnonzero((firms.kind == EMPLOYER) & (firms.jobs > 0))
        weight = firm_weights(firms, self.scale)[rows]
        size = firms.jobs[rows] / np.where(firms.real_jobs[rows] >= LARGE_FIRM_JOBS, self.scale, 1.0)
        found: dict[str, Any] = {"small_share": 100.0 * float(weight[size < SMALL].sum() / max(weight.sum(), 1e-9))}
        found["tfp_spread"] = _spread(firms, rows, weight, size)
        found |= exporters(firms, rows, weight, size, self.exports)
        ids = firms.id[rows]
        if self._before is not None:
            before, after, either = matched(*self._before, ids, size, weight)
            found["job_flows"] = job_flows(before, after, either)
            found["growth"] = growth_moments(before, after)
        if year == SIZES_YEAR:
            self.sizes = (size.astype(np.float64), weight)
        self._before = (ids.copy(), size, weight)
        for name, value in found.items():
            self.yearly.setdefault(name, {})[year] = value


def alive_by_birth(firms: Any, scale: float, quarters: int) -> Array:
    """Firms founded in the run by run quarter of founding; (quarters,) at the scale of the run."""
    rows = (firms.kind >= 0) & (firms.kind != OUTSIDE) & (firms.birth_q >= 0)
    counts = np.bincount(firms.birth_q[rows], firm_weights(firms, scale)[rows], quarters)
    found: Array = counts[:quarters].astype(np.float64)
    return found


def registered_by_age(people: Any) -> Array:
    """Registered job-seekers under 25, of 25 to 49, of 50 and over."""
    declared = (people.activity == INACTIVE) & (people.ladder >= REGISTERED_FROM_RUNG)
    rows = np.flatnonzero((people.place == RESIDENT) & ((people.activity == JOB_SEEKER) | declared))
    counts: Array = np.bincount(np.digitize(people.age_q[rows], (100, 200)), minlength=3).astype(np.float64)
    return counts


def jobs_by_sector(firms: Any, sectors: int) -> Array:
    """Filled jobs located in the region by sector."""
    here = (firms.kind >= 0) & (firms.kind != OUTSIDE)
    jobs: Array = np.bincount(firms.sector[here], firms.jobs[here], sectors).astype(np.float64)
    return jobs


def working_age_by_education(people: Any) -> Array:
    """Residents of 15-64 by education, low, middle and higher: all, and those in work; (2, 3)."""
    rows = np.flatnonzero((people.place == RESIDENT) & (people.age_q >= 60) & (people.age_q < 260))
    level = np.minimum(people.education[rows], BACHELOR)
    works = (people.activity[rows] >= EMPLOYED) & (people.activity[rows] <= TEMPORARILY_UNEMPLOYED)
    return np.stack([np.bincount(level, minlength=3), np.bincount(level, works, 3)]).astype(np.float64)


def residents_by_place(people: Any, arrondissement_of: NDArray[Any]) -> Array:
    """Residents by arrondissement and age group of the catalogue."""
    rows = np.flatnonzero(people.place == RESIDENT)
    group = np.searchsorted(np.array(AGE_GROUP_FROM), people.age_q[rows] >> 2, side="right") - 1
    cell = arrondissement_of[people.municipality[rows]].astype(np.int64) * len(AGE_GROUP_FROM) + group
    places = int(arrondissement_of.max()) + 1
    counts: Array = np.bincount(cell, minlength=places * len(AGE_GROUP_FROM)).astype(np.float64)
    return counts.reshape(places, -1)


def matched(
    ids: NDArray[np.uint64], size: Array, weight: Array, ids_now: NDArray[np.uint64], now: Array, weight_now: Array
) -> tuple[Array, Array, Array]:
    """Sizes a year ago and now of all firms of either time, 0 where absent, and their weights."""
    every = np.union1d(ids, ids_now)
    before, after, either = np.zeros(every.size), np.zeros(every.size), np.zeros(every.size)
    then, today = np.searchsorted(every, ids), np.searchsorted(every, ids_now)
    before[then], after[today] = size, now
    either[then] = weight
    either[today] = weight_now
    return before, after, either


def _spread(firms: Any, rows: NDArray[np.int64], weight: Array, size: Array) -> float:
    """ln p90/p10 of productivity within sectors, weighted by their jobs."""
    total, spread = 0.0, 0.0
    for sector in np.unique(firms.sector[rows]):
        inside = firms.sector[rows] == sector
        ln_tfp = ln_productivity(firms, rows[inside])
        jobs = float((weight * size)[inside].sum())
        low, high = (weighted_quantile(ln_tfp, weight[inside], q) for q in (0.1, 0.9))
        total, spread = total + jobs, spread + jobs * (high - low)
    return spread / total if total > 0 else float("nan")


def exporters(
    firms: Any, rows: NDArray[np.int64], weight: Array, size: Array, exports: NDArray[np.bool_]
) -> dict[str, float]:
    """Exporters beside the other employers of sectors that export: size, productivity, markets."""
    inside = exports[firms.sector[rows]]
    rows, weight, size = rows[inside], weight[inside], size[inside]
    markets = _markets(firms, rows)
    who = firms.uk_share[rows] > 0 if markets is None else markets > 0
    if not who.any() or who.all():
        return {}
    ln_tfp = ln_productivity(firms, rows)
    found = {
        "exporter_size_ratio": _mean(size, weight, who) / _mean(size, weight, ~who),
        "exporter_productivity_gap": _mean(ln_tfp, weight, who) - _mean(ln_tfp, weight, ~who),
    }
    if markets is not None:
        middle = weighted_quantile(markets[who].astype(np.float64), weight[who], 0.5)
        found["exporter_market_skew"] = _mean(markets, weight, who) / max(middle, 1e-9)
    return found


def ln_productivity(firms: Any, rows: NDArray[np.int64]) -> Array:
    """Productivity of firms relative to their sector, in logs: what they gained, and what lasts where firms have it."""
    gained: Array = firms.ln_tfp[rows].astype(np.float64)
    lasting = getattr(firms, "efficiency", None)
    return gained if lasting is None else gained + np.log(lasting[rows].astype(np.float64))


def _markets(firms: Any, rows: NDArray[np.int64]) -> NDArray[Any] | None:
    """Foreign markets of each firm, where the state has a bit mask of them."""
    mask = getattr(firms, "markets", None)
    if mask is None:
        return None
    bits = mask[rows].astype(np.int64)
    return sum(((bits >> place) & 1 for place in range(16)), np.zeros(rows.size, np.int64))


def _mean(values: NDArray[Any], weight: Array, which: NDArray[np.bool_]) -> float:
    return float((values[which] * weight[which]).sum() / weight[which].sum())


def people_of_the_year(people: Any, firms: Any) -> dict[str, float]:
    """Shares and counts of residents and workers at the end of a year, at the scale of the run."""
    here = people.place == RESIDENT
    age, activity = people.age_q >> 2, people.activity
    young, old = int((here & (age < 20)).sum()), int((here & (age >= 60)).sum())
    middle = int(here.sum()) - young - old
    paid = ((activity == EMPLOYED) | (activity == TEMPORARILY_UNEMPLOYED)) & (here | (people.place == COMMUTER))
    employees = np.flatnonzero(paid)
    at_work = employees[firms.kind[people.employer[employees]] != OUTSIDE]
    own = here & (activity == SELF_EMPLOYED)
    away, at_home = here & (activity == STUDENT_AWAY), here & (activity == STUDENT_HERE)
    university = people.study_level == MASTER
    grown = (people.origin == FROM_HERE) & (people.education >= BACHELOR) & (age >= 30) & (age < 35)
    left = float((grown & (people.place == LEFT)).sum())
    return {
        "dependency": 100.0 * _share(young + old, middle),
        "employees": float(employees.size),
        "older_employees": 100.0 * _share(float((age[at_work] >= 50).sum()), at_work.size),
        "older_self_employed": 100.0 * _share(float((own & (age >= 50)).sum()), own.sum()),
        "students_away": 100.0 * _share(away.sum(), away.sum() + at_home.sum()),
        "university_away": 100.0
        * _share((away & university).sum(), (away & university).sum() + (at_home & university).sum()),
        "graduate_loss": _share(left, left + float((grown & here).sum())),
    }


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")
