"""What holds for every measure of configs/intervention, whatever it is: found by itself, run in two regions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from regionsim.cli.configs import compose_settings, options
from regionsim.interventions import MECHANISMS, levers_of
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import NO_PLAN, Governance, Measure, Plan
from regionsim.model.setup import prepare
from regionsim.state.ledger import PARTNERS
from regionsim.state.levers import LEVERS, Levers
from regionsim.state.parameters import Parameters
from tests.contract.lever_matrix import allowed_levers
from tests.fixtures import models
from tests.fixtures.models import IDEAL

NAMES = sorted(options("intervention"))
ALL = compose_settings(
    ["plan=none", "plan.name=all", *(f"+intervention@plan.measures.{name}={name}" for name in NAMES)]
).plans[1]
MEASURES = {measure.name: measure for measure in ALL.measures}
START, BEFORE, QUARTERS = "2012Q1", 4, 8
FICTLAND = 0.02  # doses are for a region a hundred times as large
NOT_EFFECTS = {"half_distance_km", "worth_growth_year"}
COOPERATIVE = [name for name in NAMES if MEASURES[name].cooperative]
every_measure = pytest.mark.parametrize("name", NAMES)


@dataclass
class Run:
    """A model under one measure, and how far every lever was moved from neutral, in absolute sums over units."""

    model: RegionModel
    moved: dict[str, float]


class Regions:
    """Fictland and a hundredth of West Flanders after a year; runs of a measure from there, each made once."""

    def __init__(self) -> None:
        self.fictland = RegionModel(prepare(models.settings(horizon="2016Q4")), 0).run(BEFORE)
        settings = compose_settings(["plan=none", "ensemble.scale=0.01", "ensemble.horizon=2014Q4"])
        self.west_flanders = RegionModel(prepare(settings), 0).run(BEFORE)
        self.without = self.fictland.branch(NO_PLAN).run(QUARTERS)
        self.made: dict[tuple[str, float], Run] = {}

    def run(self, name: str, factor: float) -> Run:
        """The measure in Fictland at a multiple of a dose for its size."""
        if (name, factor) not in self.made:
            moved: dict[str, float] = {}
            with watched(moved):
                measure = MEASURES[name]
                model = branched(self.fictland, replace(measure, dose=measure.dose * FICTLAND * factor))
            self.made[name, factor] = Run(model, moved)
        return self.made[name, factor]


@pytest.fixture(scope="module")
def regions(population_cache: None) -> Regions:
    return Regions()


class watched:
    """While it lasts, every move of a lever is added up by its distance from neutral."""

    def __init__(self, moved: dict[str, float]) -> None:
        self.moved, self.patch = moved, pytest.MonkeyPatch()

    def __enter__(self) -> None:
        original = Levers.move

        def noted(levers: Levers, name: str, values: object, rows: object = None) -> None:
            neutral = LEVERS[name].neutral if LEVERS[name].combine == "multiply" else 0.0
            distance = float(np.abs(np.asarray(values, np.float64) - neutral).sum())
            if distance:
                self.moved[name] = self.moved.get(name, 0.0) + distance
            original(levers, name, values, rows)  # type: ignore[arg-type]

        self.patch.setattr(Levers, "move", noted)

    def __exit__(self, *_: object) -> None:
        self.patch.undo()


def branched(model: RegionModel, measure: Measure, rules: Governance = IDEAL) -> RegionModel:
    """The measure alone, from the end of the shared year on."""
    return model.branch(Plan("alone", START, (measure,), governance=rules)).run(QUARTERS)


def without_effect(measure: Measure) -> Measure:
    """The measure with every parameter of its effects at its null value."""
    block = dict(measure.parameters.blocks[measure.name])
    for parameter in {*measure.effects.values(), *MECHANISMS[measure.mechanism].needs} - NOT_EFFECTS:
        block[parameter] = replace(block[parameter], value=0.0, distribution=None)
    return replace(measure, parameters=Parameters({measure.name: block}))


def same_but_books(one: RegionModel, other: RegionModel, *apart: str) -> list[str]:
    """In what two states differ beside the books of the plan."""
    return [d for d in models.differences(one.state, other.state) if d.split(".")[0] != "ledger" and d not in apart]


@every_measure
def test_a_measure_moves_its_whitelisted_levers_and_no_other(name: str, regions: Regions) -> None:
    measure, moved = MEASURES[name], set(regions.run(name, 1.0).moved)
    assert moved <= levers_of(measure.mechanism, measure.effects) <= allowed_levers(measure.covers)


@every_measure
def test_zero_dose_is_no_plan_bit_for_bit(name: str, regions: Regions) -> None:
    model = regions.run(name, 0.0).model
    assert same_but_books(model, regions.without) == []
    assert model.state.ledger.accounts[name].total_eur == 0.0


@every_measure
def test_null_effect_is_no_plan_bit_for_bit(name: str, regions: Regions) -> None:
    """Money that reaches firms is the dose and not the effect."""
    measure = without_effect(replace(MEASURES[name], dose=MEASURES[name].dose * FICTLAND))
    if measure.mechanism.startswith("dual"):
        pytest.skip("a place that is taken is the effect itself: without places there is nothing left to switch off")
    if measure.mechanism in ("grant", "equity"):
        measure = replace(measure, unit_cost_eur=0.0)
    model = branched(regions.fictland, measure)
    assert same_but_books(model, regions.without, "bodies.committed_eur", "bodies.nav_eur") == []


@every_measure
def test_a_higher_dose_never_moves_a_lever_less(name: str, regions: Regions) -> None:
    low, high = regions.run(name, 1.0).moved, regions.run(name, 2.0).moved
    assert set(low) <= set(high)
    assert all(high[lever] >= low[lever] * (1.0 - 1e-9) for lever in low)


@every_measure
def test_cost_is_units_times_unit_cost_and_overhead(name: str, regions: Regions) -> None:
    measure = MEASURES[name]
    for factor in (1.0, 2.0):
        account = regions.run(name, factor).model.state.ledger.accounts[name]
        assert account.total_eur == pytest.approx(account.delivered * measure.unit_cost_eur * 1.08, rel=1e-9)
        assert account.delivered <= account.planned + 1.0


@every_measure
def test_a_measure_runs_in_west_flanders_and_delivers_somewhere(name: str, regions: Regions) -> None:
    delivered = branched(regions.west_flanders, MEASURES[name]).state.ledger.accounts[name].delivered
    if not delivered:
        delivered = regions.run(name, 10.0).model.state.ledger.accounts[name].delivered
    assert delivered > 0 or MEASURES[name].mechanism == "open_slot"


@pytest.mark.parametrize("name", COOPERATIVE)
def test_with_one_willing_partner_nothing_is_spent_with_two_something_is(name: str, regions: Regions) -> None:
    measure = replace(MEASURES[name], dose=MEASURES[name].dose * 10)
    one, two = (
        branched(regions.west_flanders, measure, replace(IDEAL, partners=partners)).state.ledger.accounts[name]
        for partners in (1, 2)
    )
    assert (one.total_eur, one.delivered, one.obstacle, one.partners) == (0.0, 0.0, PARTNERS, 1)
    assert two.total_eur > 0.0 and two.partners == 2
