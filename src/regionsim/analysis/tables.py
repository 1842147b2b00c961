"""The tables of a run: everything that is written beside its dataset, and nothing that it has nothing to say on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import xarray as xr

from regionsim.analysis.attribution import attribution_table
from regionsim.analysis.compare import comparison, ranking
from regionsim.analysis.dependence import RESPONSES, correlations, rankings_that_flip
from regionsim.analysis.effects import effect_table
from regionsim.analysis.players import players
from regionsim.analysis.robustness import payoffs, regret_table
from regionsim.analysis.select import first_world, plans, worlds
from regionsim.analysis.shocks import shocks
from regionsim.analysis.up_to import up_to
from regionsim.analysis.variance_split import stored_split
from regionsim.results.store import attribute

NAMES = (
    "effects", "variance_split", "compare", "ranking", "robustness", "up_to", "shocks", "attribution", "correlations",
    "flips",
)  # fmt: skip


def tables(
    ds: xr.Dataset, parameters: pd.DataFrame | None = None, outcome: str = "jobs", others: Sequence[str] = RESPONSES
) -> dict[str, pd.DataFrame]:
    """Tables by name, of those in NAMES: which are there depends on the plans, worlds and draws of the dataset.

    parameters: (draw, parameter) of the draws, for what depends on them; `outcome` orders the ranking; all but effects,
    the ranking and the attribution are about it and the `others`; shocks are told against the first world. What the
    columns mean is said by the function of each table.
    """
    asked = list(dict.fromkeys((outcome, *others)))
    found = {}
    if plans(ds):
        found["effects"] = pd.concat([effect_table(ds, plan).assign(plan=plan) for plan in plans(ds)])
    found["variance_split"] = stored_split(ds)
    if len(plans(ds)) > 1 or (plans(ds) and len(worlds(ds)) > 1):
        found |= comparing(ds, outcome)
        found["robustness"] = pd.concat([regret_table(payoffs(ds, name)).assign(outcome=name) for name in asked])
        if len(set(attribute(ds, "plan_start", {}).values())) > 1:
            found["up_to"] = up_to(ds, asked)
        if len(worlds(ds)) > 1:
            found["shocks"] = shocks(ds, first_world(ds), asked)
    parts, orders = players(ds)
    if parts:
        found["attribution"] = attribution_table(ds, parts, orders=orders)
    if parameters is not None:
        found["correlations"] = correlations(ds, parameters, asked)
        found["flips"] = rankings_that_flip(ds, parameters, asked)
    return {name: table for name, table in found.items() if not table.empty}


def comparing(ds: xr.Dataset, outcome: str) -> dict[str, pd.DataFrame]:
    """Tables 'compare' and 'ranking', the plan with the largest effect on the outcome first."""
    compared = comparison(ds)
    return {"compare": compared, "ranking": ranking(ds, outcome, table=compared)}
