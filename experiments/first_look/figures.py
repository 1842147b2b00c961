"""Make the table of figures in this folder's README again, from a folder of results:

python experiments/first_look/figures.py outputs/west_flanders_masterplan
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import xarray as xr

from regionsim.analysis.effects import effect_table, records, since_start
from regionsim.analysis.rounding import rounded
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import read_results

README = Path(__file__).with_name("README.md")
MARKS = "<!-- figures: written by figures.py -->", "<!-- end of figures -->"
SHOWN = ("gva", "exports", "jobs", "employed_residents", "unemployment_rate", "net_graduate_migration", "public_cost")
AT = (12, 28, 60)  # quarters after the start


def table(ds: xr.Dataset, plan: str = "masterplan") -> str:
    """One line an outcome, one column a horizon: mean, 80 % range and P(effect > 0), since the plan's start."""
    outcomes = [name for name in SHOWN if name in ds]
    measure = {name: since_start(ds, name) for name in outcomes}
    found = records(effect_table(ds, plan, AT, outcomes))
    rows = [row for row in found if row["measure_of"] == measure[row["outcome"]]]
    ends = list(dict.fromkeys(str(row["quarter"]) for row in rows))
    lines = [f"| effect of the plan, {ds.sizes['draw']} draws | {' | '.join(f'to {end}' for end in ends)} |"]
    lines.append("|---" * (1 + len(ends)) + "|")
    for name in outcomes:
        own = [row for row in rows if row["outcome"] == name]
        how = "sum" if measure[name] == "cumulated" else "average"
        head = f"{OUTCOMES[name].title_en}, {how} ({own[0]['unit']})"
        lines.append(f"| {head} | {' | '.join(cell(row) for row in own)} |")
    return "\n".join(lines)


def cell(row: dict[str, object]) -> str:
    """'+190 (+59 to +280), P 1.00'."""
    unit = str(row["unit"])
    mean, low, high = rounded(*(float(str(row[key])) for key in ("mean", "p10", "p90")), unit=unit)
    if mean == low == high:
        return mean
    return f"{mean} ({low} to {high}), P {float(str(row['p_positive'])):.2f}"


def rewritten(page: str, figures: str) -> str:
    """The page with what stands between the marks replaced."""
    between = re.compile(f"{re.escape(MARKS[0])}.*?{re.escape(MARKS[1])}", flags=re.DOTALL)
    return between.sub(lambda _: f"{MARKS[0]}\n\n{figures}\n\n{MARKS[1]}", page)


if __name__ == "__main__":
    made = table(read_results(sys.argv[1]))
    README.write_text(rewritten(README.read_text(encoding="utf-8"), made), encoding="utf-8")
    print(made)
