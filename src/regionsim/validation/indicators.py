"""The plan's table of the pandemic: changes on the quarter before, not seasonally adjusted, beside the model's.

A row is scored in a band of `HALF_WIDTH` points around the region's figure: the root mean square distance, over the
rows of the table, between the region and the region around it. A model inside it is nearer to the region than a
typical neighbour was. A row the model has nothing for says so and is not scored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.validation.evidence import Evidence, NoCounterpart
from regionsim.validation.firm_measures import output_excess_2020q2
from regionsim.validation.table import Band, read_table, region_figure

Array = NDArray[np.float64]
HALF_WIDTH = 3.1  # points
SIGN_ONLY = "firms_net_growth"
NO_FIGURE = "the region's tables have no such figure"


@dataclass(frozen=True)
class Indicator:
    """One row: what the plan says, what the model says, and whether they agree; None where it is not scored."""

    row: int
    name: str
    title: str
    tag: str
    target: float | None
    value: float | None
    band: Band | None
    passed: bool | None
    reason: str
    note: str


def judge_indicators(evidence: Evidence) -> list[Indicator]:
    """Every row of the table with the values of this model."""
    return [_judge(row, evidence) for row in read_table("covid_indicators.csv")]


def _judge(row: dict[str, str], e: Evidence) -> Indicator:
    target = _target(row, e)
    told = (int(row["row"]), row["name"], row["title"], row["tag"], target)
    if row["no_counterpart"]:
        return Indicator(*told, None, None, None, f"no model counterpart: {row['no_counterpart']}", row["note"])
    try:
        value = CHANGES[row["measure"]](e, _quarter(row["name"]))
    except NoCounterpart as missing:
        return Indicator(*told, None, None, None, f"no model counterpart: {missing}", row["note"])
    if target is None or not math.isfinite(value):
        reason = NO_FIGURE if target is None else "these runs have no such quarter, or none to compare it with"
        return Indicator(*told, value if math.isfinite(value) else None, None, None, reason, row["note"])
    band = band_around(target, row["measure"] == SIGN_ONLY)
    return Indicator(*told, value, band, band.holds(value), "", row["note"])


def band_around(target: float, sign_only: bool) -> Band:
    """The band of a row: `HALF_WIDTH` points to both sides, or everything of the target's sign."""
    if sign_only:
        return Band(f"{target:g}", -math.inf if target < 0 else 0.0, 0.0 if target < 0 else math.inf)
    return Band(f"{target:g}", target - HALF_WIDTH, target + HALF_WIDTH)


def _target(row: dict[str, str], e: Evidence) -> float | None:
    figure = region_figure(row["region_fact"], e.tables)
    if row["measure"] != "output_excess" or figure is None:
        return figure
    name, _, year = row["region_fact"].partition("@")
    normal = region_figure(f"{name}@{int(year) + 1}", e.tables)
    return None if normal is None else 100.0 * ((1 + figure / 100.0) / (1 + normal / 100.0) - 1.0)


def _quarter(name: str) -> str:
    """'seekers_2020q3' -> '2020Q3'."""
    return name.rpartition("_")[2].upper()


def _seekers(ages: slice) -> Callable[[Evidence, str], float]:
    def change(e: Evidence, quarter: str) -> float:
        return e.mean(lambda run: e.change(run.quarterly["registered"][:, ages].sum(axis=1), quarter))

    return change


def _vacancies(e: Evidence, quarter: str) -> float:
    return e.mean(lambda run: e.change(e.total(run, "vacancies_posted"), quarter))


def _firms_net_growth(e: Evidence, quarter: str) -> float:
    """Change of (founded less closed), in % of its size in the quarter before; all draws together."""
    net = np.mean([e.total(run, "firms_founded") - e.total(run, "firms_closed") for run in e.runs], axis=0)
    where = list(e.quarters).index(quarter) if quarter in e.quarters else 0
    if not where or not net[where - 1]:  # nothing to compare with
        return float("nan")
    return 100.0 * float((net[where] - net[where - 1]) / abs(net[where - 1]))


def _turnover(e: Evidence, quarter: str) -> float:
    return e.mean(lambda run: e.change(run.quarterly["production"].sum(axis=1), quarter))


def _retail(e: Evidence, quarter: str) -> float:
    tagged = e.tables.labels.sectors_with("retail")
    return e.mean(lambda run: e.change(run.quarterly["production"][:, tagged].sum(axis=1), quarter))


def _investment(e: Evidence, quarter: str) -> float:
    return e.mean(lambda run: e.change(run.quarterly["investment"], quarter))


CHANGES: dict[str, Callable[[Evidence, str], float]] = {
    "seekers_all": _seekers(slice(0, 3)),
    "seekers_under_25": _seekers(slice(0, 1)),
    "seekers_over_50": _seekers(slice(2, 3)),
    "vacancies": _vacancies,
    "firms_net_growth": _firms_net_growth,
    "turnover": _turnover,
    "retail_turnover": _retail,
    "investment": _investment,
    "output_excess": lambda e, quarter: output_excess_2020q2(e),
}


def scored(indicators: Sequence[Indicator]) -> tuple[int, int]:
    """How many rows pass, and how many are scored."""
    judged = [row.passed for row in indicators if row.passed is not None]
    return sum(judged), len(judged)
