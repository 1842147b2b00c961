"""What the results of a run depend on: each parameter's hold on outcomes, on effects, and on which plan is best.

Of runs whose parameters were drawn: rank correlations, rankings that flip, and the conditions under which a plan fails.
Of a run at the points of a design: its indices. The responses are, without a plan, each outcome in the last quarter
('level'), and under a plan the paired effect since its start ('average', of a flow 'cumulated') at the longest of the
usual horizons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.discovery import Discovery, find_box
from regionsim.analysis.effects import effect_unit, measured, since_start
from regionsim.analysis.paired import difference_of
from regionsim.analysis.robustness import payoffs
from regionsim.analysis.select import horizons, measures_of, plans, quarter_labels, total, worlds
from regionsim.analysis.sensitivity import morris_indices, sobol_indices
from regionsim.analysis.sensitivity_design import Array, Design
from regionsim.analysis.sensitivity_draws import FEWEST, flips, prcc
from regionsim.results.store import REFERENCE, attribute
from regionsim.state.errors import InputError

RESPONSES = ("jobs", "gva", "young_graduates")  # looked at unless others are asked for
VARIES = 1e-9  # relative: differences below are rounding
FLIPS_BY_CHANCE = 0.02  # of the comparisons (see analysis/sensitivity_draws.py)
LEAST_CASES = 300  # of a discovery: with fewer, noise passes for a finding (see analysis/discovery.py)


@dataclass(frozen=True)
class Response:
    """What is explained: (draw,) values of one outcome in one world under one plan."""

    world: str
    plan: str
    outcome: str
    quarter: str
    measure_of: str
    unit: str
    values: Array

    @property
    def place(self) -> dict[str, str]:
        """Columns that say which response a row is about."""
        return {key: value for key, value in vars(self).items() if key != "values"}


def responses(ds: xr.Dataset, outcomes: Sequence[str] = RESPONSES) -> Iterator[Response]:
    """One response a world, outcome and plan, 'none' first."""
    for name in outcomes:
        values, measure, last = total(ds, name), since_start(ds, name), quarter_labels(ds)[-1]
        unit = str(values.attrs.get("unit", ""))
        for world in worlds(ds):
            here = values.sel(world=world).transpose("plan", "draw", "quarter")
            none = here.sel(plan=REFERENCE, drop=True)
            level = np.asarray(none.isel(quarter=-1).values, dtype=np.float64)
            yield Response(world, REFERENCE, name, last, "level", unit, level)
            for plan in plans(ds):
                moment = horizons(ds, plan)[-1]
                with_plan, without = (measured(run, moment)[measure].values for run in (here.sel(plan=plan), none))
                effect = difference_of(np.asarray(with_plan, np.float64), np.asarray(without, np.float64))
                yield Response(world, plan, name, moment.label, measure, effect_unit(unit, measure), effect)


def correlations(
    ds: xr.Dataset, parameters: pd.DataFrame, outcomes: Sequence[str] = RESPONSES, strongest: int = 10
) -> pd.DataFrame:
    """The `strongest` partial rank correlations of each response with the parameters of its draws.

    parameters: (draw, parameter), as of `parameters.csv`. Columns: world, plan, outcome, quarter, measure_of, unit,
    then those of `prcc`. Parameters of measures that the plan does not have are left out. Empty with fewer than 9
    draws; a response that does not vary is left out.
    """
    x, rows = _of_draws(ds, parameters), []
    for response in responses(ds, outcomes):
        if np.isfinite(response.values).sum() >= FEWEST and _varies(response.values):
            found = prcc(_that_can_matter(ds, x, [response.plan]), response.values)
            rows.append(found.head(strongest).assign(**response.place))
    return _placed(rows)


def indices(ds: xr.Dataset, design: Design, outcomes: Sequence[str] = RESPONSES) -> pd.DataFrame:
    """The indices of each response over the points of a design; its value at a point is the mean of the point's draws.

    Columns: world, plan, outcome, quarter, measure_of, unit, then those of `morris_indices`, `sobol_indices` or, of a
    random design, `prcc`. InputError where the draws are not those of the design, or a point has no value.
    """
    repeats, left = divmod(ds.sizes["draw"], design.points)
    if left or not repeats:
        raise InputError("draws", f"{ds.sizes['draw']}; allowed: a multiple of the design's {design.points} points")
    rows = []
    for response in responses(ds, outcomes):
        y = response.values.reshape(design.points, repeats).mean(axis=1)
        if design.method == "morris":
            found = morris_indices(design, y)
        elif design.method == "sobol":
            found = sobol_indices(design, y)
        else:
            found = prcc(pd.DataFrame(design.quantiles, columns=list(design.names)), y)
        rows.append(found.assign(**response.place))
    return _placed(rows)


def rankings_that_flip(ds: xr.Dataset, parameters: pd.DataFrame, outcomes: Sequence[str] = RESPONSES) -> pd.DataFrame:
    """The parameters on which it depends which of two neighbouring plans is better: rows of `flips` that are known.

    Columns: world, outcome, unit, then those of `flips`. Empty with one plan or fewer than 9 draws. The frame's
    attribute 'by_chance' is the number of rows that chance alone would bring.
    """
    x, rows, comparisons = _of_draws(ds, parameters), list[pd.DataFrame](), 0
    for name in outcomes if len(plans(ds)) > 1 and ds.sizes["draw"] >= FEWEST else ():
        payoff = payoffs(ds, name)
        for world in worlds(ds):
            values = payoff.sel(world=world, plan=plans(ds)).transpose("draw", "plan").values
            order = np.argsort(-np.nanmean(values, axis=0), kind="stable")
            for pair in zip(order[:-1], order[1:], strict=True):
                names = [plans(ds)[i] for i in pair]
                can_matter = _that_can_matter(ds, x, names)
                found = flips(can_matter, pd.DataFrame(values[:, list(pair)], columns=names))
                rows.append(found[found["flips"]].assign(world=world, outcome=name, unit=payoff.attrs["unit"]))
                comparisons += can_matter.shape[1]
    table = _placed([frame for frame in rows if len(frame)])
    table.attrs["by_chance"] = FLIPS_BY_CHANCE * comparisons
    return table


def failures(
    ds: xr.Dataset, parameters: pd.DataFrame, outcome: str, plan: str, threshold: float = 0.0
) -> Discovery:
    """Under which conditions the plan's effect on an outcome, turned so that more is better, is at most `threshold`.

    A case is a draw in a world; its features are the parameters of the draw and, where they differ, the forms of the
    world ('brexit', 'covid', 'ageing'), else its name. InputError as `payoffs` and `find_box`.
    """
    payoff = payoffs(ds, outcome).sel(plan=plan).transpose("world", "draw")
    x, told = _that_can_matter(ds, _of_draws(ds, parameters), [plan]), attribute(ds, "world", {})
    frames = []
    for world in worlds(ds):
        forms = {f"world.{key}": text for key, text in told.get(world, {}).items() if not key.startswith("title")}
        frames.append(pd.concat([x, pd.DataFrame(forms | {"world": world}, index=x.index)], axis=1))
    features = pd.concat(frames, ignore_index=True)
    alike = [name for name in features if features[name].nunique() == 1]
    values = np.asarray(payoff.values, np.float64).ravel()
    there = np.isfinite(values)
    return find_box(features.drop(columns=alike)[there], values[there] <= threshold)


def _of_draws(ds: xr.Dataset, parameters: pd.DataFrame) -> pd.DataFrame:
    """The parameters of the dataset's draws, in its order; InputError names draws that have none."""
    draws = [int(draw) for draw in ds["draw"].values]
    missing = [str(draw) for draw in draws if draw not in parameters.index]
    if missing:
        raise InputError("parameters.csv", f"has no row for draw {', '.join(missing[:8])}")
    return parameters.loc[draws].select_dtypes("number").reset_index(drop=True)


def _varies(values: Array) -> bool:
    """Whether values differ by more than rounding."""
    return bool(np.nanmax(values) - np.nanmin(values) > VARIES * np.nanmax(np.abs(values)))


def _that_can_matter(ds: xr.Dataset, x: pd.DataFrame, of: Sequence[str]) -> pd.DataFrame:
    """The parameters without those of measures that none of the plans has."""
    measures = measures_of(ds)
    own = set[str]().union(*(mine for plan, mine in measures.items() if plan in of))
    foreign = set[str]().union(*measures.values()) - own
    return x[[name for name in x.columns if str(name).partition(".")[0] not in foreign]]


def _placed(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One frame, what it is about first."""
    if not frames:
        return pd.DataFrame()
    frame = pd.concat(frames, ignore_index=True)
    places = [name for name in ("world", "plan", "outcome", "quarter", "measure_of", "unit") if name in frame]
    return frame[places + [name for name in frame.columns if name not in places]]
