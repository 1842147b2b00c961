"""The totals that the golden file holds: how they are made, and in which range each must lie to be sane.

Refresh after a change that is meant to alter numbers: python -m tests.regression.golden
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import NO_PLAN
from regionsim.model.setup import Setup, prepare
from tests.fixtures import models

FILE = Path(__file__).with_name("golden.json")
QUARTERS = 8

# name: lowest and highest sane value after two years of a region of 12,000 residents under the plan
RANGES: dict[str, tuple[float, float]] = {
    "residents": (11_700, 12_700),
    "employed_residents": (4_600, 5_800),
    "job_seekers": (120, 700),
    "unemployment_rate": (2, 12),
    "jobs": (4_300, 5_700),
    "vacancies": (20, 420),  # a stock that is carried over: up to 8 % of the jobs
    "hires": (60, 450),
    "separations": (60, 450),
    "firms": (800, 2_000),
    "firms_founded": (2, 60),
    "firms_closed": (2, 60),
    "gva": (40, 200),
    "exports": (20, 300),
    "mean_wage": (6_000, 12_000),
    "students_here": (40, 400),
    "students_away": (40, 500),
    "graduates": (20, 250),
    "graduates_leaving": (30, 250),
    "young_graduates": (300, 1_500),
    "births": (180, 340),
    "deaths": (250, 480),
    "arrivals": (300, 1_500),
    "departures": (300, 1_500),
    "pupils_in_dual_learning": (20, 45),
    "treated": (45, 70),
    "public_cost": (0.1, 0.4),
}
SUMMED = ("graduates", "births", "deaths", "arrivals", "departures", "public_cost", "graduates_leaving")


def totals(setup: Setup) -> dict[str, float]:
    """Draw 0 under the plan from 2012Q1: the last of eight quarters, or the sum over them for rare events."""
    short = models.changed(setup, horizon="2012Q4")
    data = RegionModel(short, 0, models.plan(), record=True).run(QUARTERS).recorder.finish(1.0)
    found = {}
    for name in RANGES:
        values = data[name].sum("quarter") if name in SUMMED else data[name].isel(quarter=-1)
        found[name] = float(values.sum())
    return found


def main() -> None:
    """Write the file anew; refuses totals out of their ranges."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REGIONSIM_CACHE"] = folder
        found = totals(prepare(models.settings(plans=(NO_PLAN, models.plan()))))
    wrong = {name: value for name, value in found.items() if not RANGES[name][0] <= value <= RANGES[name][1]}
    if wrong:
        raise SystemExit(f"not written, out of range: {wrong}")
    rows = {name: {"value": value, "sane": list(RANGES[name])} for name, value in found.items()}
    FILE.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(f"written: {FILE.relative_to(models.ROOT)}")


if __name__ == "__main__":
    main()
