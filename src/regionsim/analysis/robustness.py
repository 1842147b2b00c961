"""Which plan does well whatever happens: payoffs and regret over cases, a case being a world and a draw.

The regret of a plan in a case is what it falls short of the best plan of that case (Savage 1951; satisficing as in
robust decision making, Lempert et al. 2006; both recalled). Worlds have no probabilities here: a mean over cases counts
every draw of every world alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from regionsim.analysis.effects import effect_unit, measured, since_start
from regionsim.analysis.paired import difference_of
from regionsim.analysis.select import DEFAULT_QUARTERS, Horizon, horizons, plans, total
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import REFERENCE
from regionsim.state.errors import InputError, listed

TIE = 1e-9  # of the largest payoff: who is no farther from the best is as good
DIMS = ("world", "plan", "draw")


def payoffs(ds: xr.Dataset, outcome: str, quarters: int | None = None, measure_of: str | None = None) -> xr.DataArray:
    """Effects of every plan on an outcome, paired by draw, turned so that more is better: (world, plan, draw).

    Of the measure since the start ('average', of a flow 'cumulated') unless 'level' is asked, `quarters` after each
    plan's own start; the default is the longest of the usual horizons that all plans reach. 'none' comes first, with 0.
    Attributes: outcome, unit (of the effect), good, quarters, measure_of. InputError for an outcome without a good
    direction, a measure that it does not have, a horizon beyond the data, or a dataset without plans.
    """
    values = total(ds, outcome).transpose(*DIMS, "quarter")
    good, measure = _good(ds, outcome), _measure(ds, outcome, measure_of)
    moments = _moments(ds, quarters)
    none = values.sel(plan=REFERENCE, drop=True)
    found = [np.where(np.isfinite(_at(none, moment, measure)), 0.0, np.nan) for moment in list(moments.values())[:1]]
    for plan, moment in moments.items():
        own = _at(values.sel(plan=plan, drop=True), moment, measure)
        found.append(good * difference_of(own, _at(none, moment, measure)))
    return xr.DataArray(
        np.stack(found, axis=1) + 0.0,  # no -0
        dims=DIMS,
        coords={"world": values["world"].values, "plan": [REFERENCE, *moments], "draw": values["draw"].values},
        attrs={
            "outcome": outcome,
            "unit": effect_unit(str(values.attrs.get("unit", "")), measure),
            "good": good,
            "quarters": next(iter(moments.values())).quarters,
            "measure_of": measure,
        },
    )


def regret_table(payoff: xr.DataArray, threshold: float | None = None) -> pd.DataFrame:
    """One row a plan from payoffs (world, plan, draw) of which more is better, in the order of the plans.

    Columns: plan, mean (over cases), worst_world (with the lowest mean over draws), worst_world_mean, p_best (share of
    cases in which no plan is better; plans that tie share the case), expected_regret (mean over cases), largest_regret
    (highest over worlds of the mean over draws); with a threshold, in the payoff's unit, satisfied (share of cases with
    at least that) and satisfied_worst_world (its lowest over worlds). A case that is missing for one plan is left out
    for all. InputError if a dim is missing, or a world has no case left.
    """
    lacking = [f"has no dim '{dim}'; needed: {listed(DIMS)}" for dim in DIMS if dim not in payoff.dims]
    if lacking:
        raise InputError("payoff", lacking)
    values = payoff.transpose(*DIMS)
    values = values.where(values.notnull().all("plan"))
    empty = [str(world) for world in values["world"].values if not bool(values.sel(world=world).notnull().any())]
    if empty:
        raise InputError("payoff", [f"world '{world}' has no draw in which every plan has a value" for world in empty])
    best = values.max("plan")
    regret = best - values
    level = (regret <= TIE * float(abs(values).max())).where(values.notnull())
    of_worlds = values.mean("draw")
    columns: dict[str, NDArray[np.generic]] = {
        "plan": values["plan"].values.astype(str).astype(object),
        "mean": values.mean(("world", "draw")).values,
        "worst_world": values["world"].values.astype(str).astype(object)[of_worlds.argmin("world").values],
        "worst_world_mean": of_worlds.min("world").values,
        "p_best": (level / level.sum("plan")).mean(("world", "draw")).values,
        "expected_regret": regret.mean(("world", "draw")).values,
        "largest_regret": regret.mean("draw").max("world").values,
    }
    if threshold is not None:
        enough = (values >= threshold).where(values.notnull())
        columns["satisfied"] = enough.mean(("world", "draw")).values
        columns["satisfied_worst_world"] = enough.mean("draw").min("world").values
    return pd.DataFrame(columns)


def _at(values: xr.DataArray, moment: Horizon, measure: str) -> NDArray[np.float64]:
    """The measure of (world, draw, quarter) at a horizon: (world, draw)."""
    return np.asarray(measured(values, moment)[measure].values, dtype=np.float64)


def _good(ds: xr.Dataset, outcome: str) -> int:
    good = OUTCOMES[outcome].good if outcome in OUTCOMES else 0
    if good == 0:
        allowed = [name for name, known in OUTCOMES.items() if known.good and name in ds.data_vars]
        raise InputError(f"outcome '{outcome}'", f"neither more nor less of it is better; allowed: {listed(allowed)}")
    return good


def _measure(ds: xr.Dataset, outcome: str, measure_of: str | None) -> str:
    allowed = (since_start(ds, outcome), "level")
    if measure_of is not None and measure_of not in allowed:
        raise InputError(f"outcome '{outcome}'", f"its effect has {listed(allowed)}, not '{measure_of}'")
    return measure_of or allowed[0]


def _moments(ds: xr.Dataset, quarters: int | None) -> dict[str, Horizon]:
    """The horizon of each plan: `quarters` after its start, or the longest usual one that all plans reach."""
    if not plans(ds):
        raise InputError("plans", f"the dataset holds '{REFERENCE}' alone")
    usual = {plan: horizons(ds, plan, DEFAULT_QUARTERS)[-1].quarters for plan in plans(ds)}
    wanted = min(usual.values()) if quarters is None else quarters
    found = {plan: horizons(ds, plan, [wanted])[0] for plan in usual}
    faults = [
        f"{wanted} after the start of '{plan}' lies beyond {moment.label}, the last quarter"
        for plan, moment in found.items()
        if moment.quarters != wanted
    ]
    if faults:
        raise InputError("quarters", faults)
    return found
