"""Plans at equal budget: doses that spend one envelope, whatever a unit costs."""

from __future__ import annotations

from dataclasses import replace

from regionsim.model.settings import Measure, Plan


def at_budget(plan: Plan, envelope_eur: float, quarters: int, overhead: float) -> Plan:
    """The plan with doses that spend the envelope (public cost, overhead included) in so many quarters, in equal parts.

    A capital project dearer than the envelope cannot be had for a part of it: it is marked indivisible, and left out
    (dose 0) of a plan with other measures; alone it is kept at its own cost.
    """
    divisible = [m for m in plan.measures if m.project_eur <= envelope_eur and m.unit_cost_eur > 0]
    part = envelope_eur / max(len(divisible), 1)
    alone = len(plan.measures) == 1
    measures = []
    for measure in plan.measures:
        if measure in divisible:
            measures.append(costing(measure, part, quarters, overhead))
        elif alone and measure.project_eur > 0:
            whole = costing(measure, measure.project_eur, measure.quarters, overhead)
            measures.append(replace(whole, indivisible=True))
        else:
            measures.append(replace(measure, dose=0.0, indivisible=measure.project_eur > 0))
    return replace(plan, measures=tuple(measures))


def costing(measure: Measure, eur: float, quarters: int, overhead: float) -> Measure:
    """The measure with the dose that spends so much in so many quarters."""
    periods = quarters * measure.periods_a_quarter
    dose = eur / (periods * measure.unit_cost_eur * (1.0 + overhead))
    return replace(measure, dose=dose, quarters=quarters)


def planned_cost_eur(measure: Measure, overhead: float) -> float:
    """Public cost of a measure if all of its dose is delivered, overhead included, at scale 1."""
    periods = measure.quarters * measure.periods_a_quarter
    return measure.dose * periods * measure.unit_cost_eur * (1.0 + overhead)
