"""A measure in plain words: what it is, who acts, whom it reaches, what it moves, costs and rests on.

One text for `regionsim explain`, the report and the documentation.
"""

from __future__ import annotations

from inspect import cleandoc

from regionsim.interventions import MECHANISMS, levers_of
from regionsim.model.budget import planned_cost_eur
from regionsim.model.settings import Measure, Target
from regionsim.state.errors import listed
from regionsim.state.levers import LEVERS

STEERS = {"finance": "money", "regulation": "rules", "coordination": "coordination", "data": "data"}


def story(measure: Measure, overhead: float) -> dict[str, str]:
    """Heading -> words, in the order in which they are read."""
    return {
        "What": f"{measure.title_en} / {measure.title_nl} ({measure.pillar})",
        "Covers": listed(measure.covers) or "nothing of the founding documents",
        "Who acts": who(measure),
        "Role of the agency": role(measure),
        "Mechanism": f"{measure.mechanism}. {mechanism(measure.mechanism)}",
        "Whom it reaches": whom(measure.target),
        "Moves": listed(
            f"{lever} ({LEVERS[lever].meaning})" for lever in sorted(levers_of(measure.mechanism, measure.effects))
        )
        or "nothing",
        "Dose": dose(measure, overhead),
        "Expected size": measure.expected,
        "Evidence": measure.evidence,
        "Assumptions": assumed(measure),
    }


def mechanism(name: str) -> str:
    """What a mechanism does, from its class."""
    kind = MECHANISMS.get(name)
    return " ".join(cleandoc(kind.__doc__ or "").split()) if kind else "does not exist"


def who(measure: Measure) -> str:
    """Actor, its way of steering, partners and the gate."""
    words = f"{measure.actor.replace('_', ' ')}, by {STEERS[measure.steering]}, in the domain {measure.domain}"
    if measure.coalition:
        words += f"; partners are the members of {measure.coalition}, where the region has it"
    if measure.cooperative:
        words += "; needs willing destinations, at least two unless the rules of the plan ask for more"
    if measure.cross_border:
        words += "; with a partner across the border"
    return words


def role(measure: Measure) -> str:
    """The agency's categories with their shares."""
    parts = sorted(measure.categories.items(), key=lambda item: -item[1])
    shares = {c: f" ({share:.0%})" if share < 1 else "" for c, share in parts if share}
    return listed(c.replace("_", " ") + share for c, share in shares.items())


def whom(target: Target) -> str:
    """The conditions of a target in words."""
    if target.unit in ("place", "region"):
        words = ["the region" if target.unit == "region" else "places"]
    elif target.unit == "person":
        of = f" ({listed(target.activities).replace('_', ' ')})" if target.activities else ""
        words = [f"residents{of}"]
    else:
        kinds = {"employer": "firms with staff", "own_account": "own-account firms"}
        words = [listed(kinds[kind] for kind in target.kinds)]
    words += [f"sectors tagged {listed(target.tags)}"] if target.tags else []
    words += [f"sectors {listed(target.sectors)}"] if target.sectors else []
    words += [f"from {target.least_jobs:g} jobs"] if target.least_jobs else []
    words += [f"fewer than {target.below_jobs:g} jobs"] if target.below_jobs is not None else []
    words += [f"at most {target.max_age_q} quarters old"] if target.max_age_q is not None else []
    words += ["on business parks"] if target.on_park else []
    words += [f"aged {target.from_age} or more"] if target.from_age else []
    words += [f"under {target.until_age}"] if target.until_age is not None else []
    words += [f"in search for {target.seeks_from_q} quarters or more"] if target.seeks_from_q else []
    words += ["technical or vocational track"] if target.technical else []
    words += [f"in {target.subregion}"] if target.subregion else []
    words += ["on the coast"] if target.coast else []
    words += [f"where these stand: {listed(target.at)}"] if target.at else []
    return "; ".join(words)


def dose(measure: Measure, overhead: float) -> str:
    """Units, cost and total."""
    total = planned_cost_eur(measure, overhead) * 1e-6
    words = f"{measure.dose:g} {measure.unit} a {measure.period} for {measure.quarters} quarters"
    words += f"; {measure.unit_cost_eur:,.0f} EUR each, {total:,.1f} million EUR in all with {overhead:.0%} overhead"
    if measure.own_funds_eur:
        words += f"; the treated pay {measure.own_funds_eur:,.0f} EUR each"
    if measure.project_eur:
        words += f"; cannot be had for less than {measure.project_eur * 1e-6:,.0f} million EUR"
    return words


def assumed(measure: Measure) -> str:
    """Names of the numbers that have no source."""
    weak = [p.name.partition(".")[2] for p in measure.parameters if p.status == "assumption"]
    return listed([*weak, "dose", "unit cost", "start"])
