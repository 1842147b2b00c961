"""Make the table and the picture of an experiment's README again, from its folder of results:

python experiments/figures.py which_pillar_works outputs/west_flanders_which_pillar_works
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.attribution import attribution_table
from regionsim.analysis.effects import effect_table, since_start
from regionsim.analysis.paired import paired
from regionsim.analysis.players import players
from regionsim.analysis.rounding import rounded
from regionsim.analysis.select import horizons, over, plans, worlds
from regionsim.analysis.shocks import shocks
from regionsim.analysis.up_to import up_to
from regionsim.report.charts import by_group
from regionsim.report.forecast.pictures import write_picture
from regionsim.report.text import Texts
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import attribute, read_results

FOLDER = Path(__file__).parent
MARKS = "<!-- figures: written by experiments/figures.py -->", "<!-- end of figures -->"
HEADLINES = (
    "gva", "exports", "jobs", "employed_residents", "unemployment_rate", "net_graduate_migration", "public_cost",
)  # fmt: skip
WESTHOEK = ("Diksmuide", "Ieper", "Veurne")  # its 18 municipalities are these three arrondissements


@dataclass(frozen=True)
class Picture:
    """Rows (group, mean, p10, p90) drawn as bars with their 80 % ranges, under a title."""

    title: str
    rows: pd.DataFrame


Figures = tuple[str, Picture | None]


def first_look(ds: xr.Dataset) -> Figures:
    """One line an outcome, one column a horizon, since the plan's start."""
    outcomes = [name for name in HEADLINES if name in ds]
    table = _since_start(effect_table(ds, plans(ds)[0], (12, 28, 60), outcomes))
    ends = list(dict.fromkeys(table["quarter"]))
    lines = [_head(f"effect of the plan, {ds.sizes['draw']} draws", *(f"to {end}" for end in ends))]
    for name in outcomes:
        own = table[table["outcome"] == name]
        how = "sum" if since_start(ds, name) == "cumulated" else "average"
        cells = [_cell(row, own["unit"].iloc[0]) for row in own.to_dict("records")]
        lines.append(_line(f"{OUTCOMES[name].title_en}, {how} ({own['unit'].iloc[0]})", *cells))
    return "\n".join(lines), None


def which_pillar_works(ds: xr.Dataset) -> Figures:
    """Shapley value of each pillar, beside what it does alone."""
    parts, orders = players(ds)
    outcomes = ("jobs", "gva", "young_graduates")
    table = attribution_table(ds, parts, outcomes=outcomes, orders=orders)
    table = table[table["quarters"] == table["quarters"].max()]
    lines = [_head(f"part of the effect, to {table['quarter'].iloc[0]}, {ds.sizes['draw']} draws",
                   *(_title(ds, name) for name in outcomes), "jobs, the pillar alone")]  # fmt: skip
    for player in dict.fromkeys(table["player"]):
        own = table[table["player"] == player].set_index("outcome")
        cells = [_cell(own.loc[name].rename({"share_mean": "mean"}), own.loc[name, "unit"]) for name in outcomes]
        alone = own.loc["jobs", "alone_mean"]
        lines.append(_line(str(player), *cells, rounded(alone, unit="jobs")[0] if alone == alone else ""))
    jobs = table[table["outcome"] == "jobs"].rename(columns={"player": "group", "share_mean": "mean"})
    title = f"What each pillar contributes to jobs, average to {jobs['quarter'].iloc[0]}"
    return "\n".join(lines), Picture(title, jobs)


def cost_of_delay(ds: xr.Dataset) -> Figures:
    """What each plan has brought by the last quarter, and what waiting costs."""
    outcomes = ("jobs", "gva", "net_graduate_migration")
    brought, lost = up_to(ds, outcomes), up_to(ds, outcomes, reference=plans(ds)[0])
    first, units = plans(ds)[0], brought.drop_duplicates("outcome").set_index("outcome")["unit"]
    titles = [f"{OUTCOMES[name].title_en} ({units[name]})" for name in outcomes]
    lines = [_head(f"up to {brought['quarter'].iloc[0]}, {ds.sizes['draw']} draws", *titles)]
    lines += [_line(plan, *(_cell(_row(brought, plan, o)) for o in outcomes)) for plan in plans(ds)]
    for plan in plans(ds)[1:]:
        lines.append(_line(f"{plan} less {first}", *(_cell(_row(lost, plan, o)) for o in outcomes)))
    jobs = brought[brought["outcome"] == "jobs"].rename(columns={"plan": "group"})
    return "\n".join(lines), Picture(f"Job-years brought up to {jobs['quarter'].iloc[0]}", jobs)


def hard_brexit_resilience(ds: xr.Dataset) -> Figures:
    """What the hard Brexit takes without a plan, and what each plan gives back of it."""
    came = next(world for world in worlds(ds) if "tca" in world)
    table = shocks(ds, came, ("jobs", "gva", "exports", "unemployment_rate"))
    lines = [_head(f"hard Brexit less the one that came, to {table['quarter'].iloc[0]}, {ds.sizes['draw']} draws",
                   "without a plan", *(f"less bad with {plan}" for plan in plans(ds)))]  # fmt: skip
    for name, own in table.groupby("outcome", sort=False):
        first = own.iloc[0]
        avoided = [_cell(_avoided(row), first["unit"]) for row in own.to_dict("records")]
        lines.append(_line(_title(ds, str(name)), _cell(first, first["unit"]), *avoided))
    jobs = table[table["outcome"] == "jobs"]
    loss = jobs.iloc[[0]].assign(group="without a plan")
    kept = [{"group": f"change by {row['plan']}", **_avoided(row)} for row in jobs.to_dict("records")]
    rows = pd.concat([loss, pd.DataFrame(kept)])
    return "\n".join(lines), Picture(f"Jobs that the hard Brexit takes, average to {jobs['quarter'].iloc[0]}", rows)


def keep_graduates(ds: xr.Dataset) -> Figures:
    """Measures alone at equal budget, by young graduates."""
    return _side_by_side(ds, ("young_graduates", "net_graduate_migration", "jobs"))


def governance_matters(ds: xr.Dataset) -> Figures:
    """The masterplan under four sets of rules."""
    return _side_by_side(ds, ("jobs", "gva", "young_graduates"))


def equal_budget_ranking(ds: xr.Dataset) -> Figures:
    """Every measure alone at equal budget, by jobs; the twelve best and the four worst."""
    text, picture = _side_by_side(ds, ("jobs", "gva", "young_graduates"))
    head, body = text.split("\n")[:2], text.split("\n")[2:]
    assert picture is not None
    kept = [*range(12), *range(len(body) - 4, len(body))] if len(body) > 16 else list(range(len(body)))
    return "\n".join([*head, *(body[i] for i in kept)]), Picture(picture.title, picture.rows.iloc[kept])


def westhoek_gap(ds: xr.Dataset) -> Figures:
    """Effect on jobs per thousand jobs in the Westhoek and in the rest of the province."""
    lines = [_head(f"jobs, average since the start, {ds.sizes['draw']} draws", "Westhoek", "rest of the province",
                   "Westhoek, per 1000 jobs", "rest, per 1000 jobs", "gap, per 1000 jobs")]  # fmt: skip
    rows = []
    for plan in plans(ds):
        added, per_mille = _by_part(ds, plan)
        gap = _described(per_mille[0] - per_mille[1])
        cells = [*(_cell(_described(a), "jobs") for a in added), *(_cell(_described(m)) for m in per_mille), _cell(gap)]
        lines.append(_line(f"{plan}, to {horizons(ds, plan)[-1].label}", *cells))
        named = zip(("Westhoek", "rest"), per_mille, strict=True)
        rows += [{"group": f"{plan}: {part}", **_described(values)} for part, values in named]
    return "\n".join(lines), Picture("Jobs added per thousand jobs, average since the start", pd.DataFrame(rows))


def _by_part(ds: xr.Dataset, plan: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Effect on jobs in the Westhoek and elsewhere, (draw,) each, and the same per thousand jobs without a plan."""
    moment = horizons(ds, plan)[-1]
    since = slice(moment.first, moment.last + 1)
    jobs = over(ds, "jobs", ("arrondissement",)).isel(world=0, quarter=since).mean("quarter")
    titles = {code: row["en"] for code, row in _labels(ds)["arrondissement"].items()}
    inside = np.array([any(name in titles[str(code)] for name in WESTHOEK) for code in jobs["arrondissement"].values])
    parts = [jobs.isel(arrondissement=where).sum("arrondissement") for where in (inside, ~inside)]
    added = [(part.sel(plan=plan) - part.sel(plan="none")).values for part in parts]
    without = [np.maximum(part.sel(plan="none").values, 1.0) for part in parts]
    return added, [1000 * a / jobs for a, jobs in zip(added, without, strict=True)]


def _side_by_side(ds: xr.Dataset, outcomes: Sequence[str]) -> Figures:
    """One line a plan, the best in the first outcome first."""
    frames = [effect_table(ds, plan, outcomes=outcomes).assign(plan=plan) for plan in plans(ds)]
    table = _since_start(pd.concat(frames))
    table = table[table["quarters"] == table["quarters"].max()]
    first = table[table["outcome"] == outcomes[0]].sort_values("mean", ascending=False)
    until = first["quarter"].iloc[0]
    lines = [_head(f"effect to {until}, {ds.sizes['draw']} draws", *(_title(ds, name) for name in outcomes))]
    for plan in first["plan"]:
        rows = [table[(table["plan"] == plan) & (table["outcome"] == name)].iloc[0] for name in outcomes]
        lines.append(_line(plan, *(_cell(row, row["unit"]) for row in rows)))
    title = f"Effect on {_title(ds, outcomes[0]).lower()}, to {until}"
    return "\n".join(lines), Picture(title, first.rename(columns={"plan": "group"}))


def _since_start(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that use all quarters since the start."""
    return table[table["measure_of"] != "level"]


def _described(values: np.ndarray) -> dict[str, float]:
    found = paired(np.asarray(values, np.float64), np.zeros(len(values)))
    return {key: float(getattr(found, key) or 0.0) for key in ("mean", "p10", "p90", "p_positive")}


def _labels(ds: xr.Dataset) -> dict[str, dict[str, dict[str, str]]]:
    labels: dict[str, dict[str, dict[str, str]]] = attribute(ds, "labels", {})
    return labels


def _row(table: pd.DataFrame, plan: str, outcome: str) -> pd.Series:  # type: ignore[type-arg]
    return table[(table["plan"] == plan) & (table["outcome"] == outcome)].iloc[0]


def _avoided(row: Mapping[Any, Any]) -> dict[str, float]:
    """What the plan changes, as the effect it is."""
    return {key: row[f"avoided_{key}"] for key in ("mean", "p10", "p90", "p_positive")}


def _title(ds: xr.Dataset, outcome: str) -> str:
    """'Value added, sum'."""
    return f"{OUTCOMES[outcome].title_en}, {'sum' if since_start(ds, outcome) == 'cumulated' else 'average'}"


def _cell(row: Mapping[str, Any] | pd.Series, unit: str = "") -> str:  # type: ignore[type-arg]
    """'+190 (+59 to +280), P 1.00'."""
    mean, low, high = rounded(*(float(row[key]) for key in ("mean", "p10", "p90")), unit=unit)
    if mean == low == high:
        return mean
    probability = f", P {float(row['p_positive']):.2f}" if "p_positive" in row else ""
    return f"{mean} ({low} to {high}){probability}"


def _head(*cells: str) -> str:
    return "\n".join([_line(*cells), "|---" * len(cells) + "|"])


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def rewritten(page: str, figures: str) -> str:
    """The page with what stands between the marks replaced."""
    between = re.compile(f"{re.escape(MARKS[0])}.*?{re.escape(MARKS[1])}", flags=re.DOTALL)
    return between.sub(lambda _: f"{MARKS[0]}\n\n{figures}\n\n{MARKS[1]}", page)


def draw(picture: Picture, file: Path) -> None:
    """Bars with their ranges as a PNG."""
    rows = picture.rows.assign(tip="")[["group", "mean", "p10", "p90", "tip"]]
    write_picture(by_group(rows, ""), picture.title, Texts("en").number_locale, file)


QUESTIONS: dict[str, Callable[[xr.Dataset], Figures]] = {
    make.__name__: make
    for make in (
        first_look, which_pillar_works, cost_of_delay, hard_brexit_resilience, keep_graduates, westhoek_gap,
        governance_matters, equal_budget_ranking,
    )
}  # fmt: skip


if __name__ == "__main__":
    question, results = sys.argv[1:]
    table, picture = QUESTIONS[question](read_results(results))
    readme = FOLDER / question / "README.md"
    readme.write_text(rewritten(readme.read_text(encoding="utf-8"), table), encoding="utf-8")
    if picture is not None:
        draw(picture, FOLDER / question / f"{question}.png")
    print(table)
