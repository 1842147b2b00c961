"""From a design's kind to the points of the priors that a scenario is run at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regionsim.analysis.sensitivity_design import Design, latin_hypercube, morris_design, sobol_design
from regionsim.model.settings import Points, Settings
from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.parameters import Parameter

MEASURES = "measures"  # the factor of all parameters of measures


def at_points(
    settings: Settings, method: str, number: int, repeats: int, by: str, chosen: Sequence[str] = ()
) -> Settings:
    """The scenario at the points of a design instead of random draws: points x repeats draws.

    method: 'morris' (`number` trajectories), 'sobol' or 'random' (n); by: 'block' or 'parameter', what is one factor;
    chosen: blocks or 'block.parameter', none for all uncertain parameters. InputError for names that are unknown or
    have no prior, and as the designs.
    """
    of_factor = _factors(settings, by, chosen)
    names, groups = tuple(of_factor), tuple(of_factor.values())
    if method == "random":
        design = latin_hypercube(names, number, settings.seed)
    else:
        make = morris_design if method == "morris" else sobol_design
        design = make(names, groups, number, settings.seed)
    rows = tuple(tuple(map(float, row)) for row in design.quantiles)
    points = Points(names, rows, repeats, method, design.groups, number)
    return replace(settings, design=points, draws=design.points * repeats, first_draw=0)


def design_of(points: Points, seed: int) -> Design:
    """The design that points come from."""
    return Design(points.method, points.names, points.groups, np.array(points.rows), seed, points.number)


def uncertain(settings: Settings) -> dict[str, Parameter]:
    """The parameters with a prior, those of the plans' measures included, by name."""
    blocks = [settings.parameters, *(m.parameters for plan in settings.plans for m in plan.measures)]
    return {p.name: p for block in blocks for p in block if p.distribution is not None}


def _factors(settings: Settings, by: str, chosen: Sequence[str]) -> dict[str, str]:
    """The factor that each chosen parameter belongs to, by the parameter's name."""
    own = {p.name for p in settings.parameters}
    known = {name: name.partition(".")[0] if name in own else MEASURES for name in uncertain(settings)}
    words = dict.fromkeys((*known.values(), *(name.partition(".")[0] for name in known), *known))
    faults = [f"'{word}' is no uncertain parameter{did_you_mean(word, words)}" for word in chosen if word not in words]
    if faults or not known:
        blocks = listed(dict.fromkeys(known.values())) or "none here"
        raise InputError("design.parameters", [*faults, f"allowed: blocks and their parameters; blocks: {blocks}"])
    picked = {
        name: factor
        for name, factor in known.items()
        if not chosen or {name, factor, name.partition(".")[0]} & set(chosen)
    }
    return picked if by == "block" else {name: name for name in picked}
