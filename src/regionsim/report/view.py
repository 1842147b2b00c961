"""What every section looks at: the dataset, the plan and world it tells about, and the words of the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import xarray as xr

from regionsim.analysis.effects import effect_table, records, since_start
from regionsim.analysis.paired import RELIABLE_DRAWS
from regionsim.analysis.players import main_plan
from regionsim.analysis.select import Horizon, first_world, horizons, plans, quarter_labels, start_index, total, worlds
from regionsim.report.text import Texts
from regionsim.results.store import REFERENCE, attribute
from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError, did_you_mean, listed

COST = "public_cost"


@dataclass(frozen=True, eq=False)
class View:
    """A dataset as one page sees it; `plan` is None where the dataset holds no plan beside 'none'."""

    ds: xr.Dataset
    text: Texts
    plan: str | None
    world: str

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.ds.sizes["draw"])

    @property
    def few_draws(self) -> bool:
        """True if the ranges say little."""
        return self.draws < RELIABLE_DRAWS

    @cached_property
    def horizons(self) -> list[Horizon]:
        """Moments of the plan within the dataset."""
        return [] if self.plan is None else horizons(self.ds, self.plan)

    @property
    def last(self) -> Horizon:
        """The latest of the horizons."""
        return self.horizons[-1]

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Headline effects of the plan in this world, as `analysis.effects.effect_table`."""
        assert self.plan is not None
        table = effect_table(self.ds, self.plan)
        return table[table["world"] == self.world].reset_index(drop=True)

    def rows(self, outcome: str) -> list[dict[str, Any]]:
        """The effects on a headline outcome since the plan's start, average or sum, at each horizon."""
        table = self.effects
        return records(table[(table["outcome"] == outcome) & (table["measure_of"] == since_start(self.ds, outcome))])

    def row(self, outcome: str) -> dict[str, Any]:
        """The effect on a headline outcome from the plan's start to the last horizon, average or sum."""
        return self.rows(outcome)[-1]

    def effect(self, row: dict[str, Any]) -> tuple[str, str]:
        """The mean of a row of effects and its 80 % range, as texts rounded together."""
        if row["outcome"] == COST:  # a bill, no estimate: its sums must add up for the reader
            return self.text.number(row["mean"]), self.text.interval(row["p10"], row["p90"])
        return self.text.effect_and_range(row["mean"], row["p10"], row["p90"], row["unit"])

    def point(self, row: dict[str, Any], **place: str) -> dict[str, Any]:
        """A row of effects as a chart draws it: where it stands, mean, p10, p90, and the text shown when pointed at."""
        mean, span = self.effect(row)
        return {**place, **{key: row[key] for key in ("mean", "p10", "p90")}, "tip": f"{mean} ({span})"}

    def values(self, outcome: str, plan: str = REFERENCE) -> xr.DataArray:
        """An outcome's total in this world under a plan: (draw, quarter)."""
        return total(self.ds, outcome).sel(world=self.world, plan=plan, drop=True)

    def has(self, *outcomes: str) -> bool:
        """True if the dataset holds all these outcomes."""
        return all(name in self.ds.data_vars for name in outcomes)

    @property
    def region_title(self) -> str:
        """Name of the region in the page's language."""
        region = attribute(self.ds, "region", {})
        return str(region.get(f"title_{self.text.language}") or region.get("name") or self.text("the_region"))

    def plan_title(self, plan: str | None = None) -> str:
        """Title of a plan (default: the page's) in the page's language, else its name."""
        name = plan or self.plan or REFERENCE
        if name == REFERENCE:
            return self.text("no_plan")
        titles = attribute(self.ds, "plan_titles", {}).get(name, {})
        return str(titles.get(self.text.language, name.replace("_", " ")))

    def world_title(self, world: str) -> str:
        """Title of a world, else its name."""
        details = attribute(self.ds, "world", {}).get(world, {})
        named = details.get(f"title_{self.text.language}") if isinstance(details, dict) else None
        return str(named or world.replace("_", " "))

    def label(self, dim: str, code: str) -> str:
        """Title of a label of a dim: from the run's `labels`, a measure's title, the page's words, or the code."""
        if dim == "measure":
            titles = {row["measure"]: row.get(f"title_{self.text.language}") for row in self.measures}
        else:
            labels = attribute(self.ds, "labels", {}).get(dim, {})
            titles = {key: value.get(self.text.language) for key, value in labels.items()}
        return str(titles.get(code) or self.text.word(dim, code))

    @cached_property
    def measures(self) -> list[dict[str, Any]]:
        """The plan's measures as the run described them."""
        rows: list[dict[str, Any]] = attribute(self.ds, "measures", [])
        return [row for row in rows if row.get("plan", self.plan) == self.plan]

    @property
    def start_label(self) -> str:
        """First quarter of the plan."""
        assert self.plan is not None
        return quarter_labels(self.ds)[start_index(self.ds, self.plan)]

    def before_start(self, quarters: int) -> str:
        """The quarter this many quarters before the plan's first, or the dataset's first."""
        assert self.plan is not None
        return quarter_labels(self.ds)[max(0, start_index(self.ds, self.plan) - quarters)]

    def after(self, moment: Horizon) -> str:
        """'15 years' or '6 quarters': how long the plan has then run."""
        return self._duration(moment, "")

    def span(self, moment: Horizon) -> str:
        """The same with its article: 'the 15 years'."""
        return self._duration(moment, "the_")

    def _duration(self, moment: Horizon, article: str) -> str:
        years, rest = divmod(moment.quarters, 4)
        if rest:
            return self.text(f"{article}quarters", n=moment.quarters)
        return self.text(f"{article}years", n=years) if years > 1 else self.text(f"{article}one_year")


def make_view(ds: xr.Dataset, language: str, plan: str | None, world: str | None) -> View:
    """The view of a plan (default: `main_plan`) in a world (default: that asked for first); InputError if unknown."""
    known_plans, known_worlds = plans(ds), worlds(ds)
    faults = []
    if plan is not None and plan not in known_plans:
        faults.append(f"unknown plan '{plan}'{did_you_mean(plan, known_plans)}; known: {listed(known_plans)}")
    if world is not None and world not in known_worlds:
        faults.append(f"unknown world '{world}'{did_you_mean(world, known_worlds)}; known: {listed(known_worlds)}")
    if faults:
        raise InputError("report", faults)
    return View(ds, Texts(language), plan or main_plan(ds), world or first_world(ds))


def decimal_year(quarter: str) -> float:
    """Place of a quarter on the time axis: '2027Q1' is 2027.0, '2027Q2' 2027.25."""
    return ordinal(quarter) / 4
