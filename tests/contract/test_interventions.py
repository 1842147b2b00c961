"""What holds for every measure of configs/intervention, whatever it is: found by itself, run in two regions."""

from __future__ import annotations

from collections.abc import Iterator
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
START, BEFORE, QUARTERS = "2012Q1", 4, 8
SLOTS = [name for name in NAMES if models.measure(name, 1.0).mechanism == "open_slot"]
SMALL = 0.02  # doses are for a region a hundred times as large
every_measure = pytest.mark.parametrize("name", NAMES)
pytestmark = pytest.mark.xdist_group("interventions")


@dataclass
class Seen:
    """What a run of a measure did: the model, and how far each lever was moved in each quarter, by unit."""

    model: RegionModel
    moved: dict[str, list[float]]


@pytest.fixture(scope="module")
def fictland(population_cache: None) -> RegionModel:
    """Fictland after its first year, without a plan. Branch it, never step it."""
    return RegionModel(prepare(models.settings(horizon="2016Q4")), 0).run(BEFORE)


@pytest.fixture(scope="module")
def west_flanders(population_cache: None) -> RegionModel:
    """A hundredth of West Flanders after its first year."""
    settings = compose_settings(["plan=none", "ensemble.scale=0.01", "ensemble.horizon=2014Q4"])
    return RegionModel(prepare(settings), 0).run(BEFORE)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[float]]]:
    """Every move of a lever: how far from neutral, summed over units."""
    moves: dict[str, list[float]] = {}
    original = Levers.move

    def noted(self: Levers, name: str, values: object, rows: object = None) -> None:
        change = np.asarray(values, np.float64) - (LEVERS[name].neutral if LEVERS[name].combine == "multiply" else 0.0)
        if np.any(change):
            moves.setdefault(name, []).append(float(np.sum(change)))
        original(self, name, values, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(Levers, "move", noted)
    yield moves


def sized(name: str, factor: float = 1.0) -> Measure:
    """A measure with a dose for Fictland."""
    made = models.measure(name, 1.0)
    raw = compose_measure(name)
    return replace(made, dose=raw.dose * SMALL * factor)


def compose_measure(name: str) -> Measure:
    """A measure as its file says."""
    settings = compose_settings(["plan=none", "plan.name=alone", f"+intervention@plan.measures.{name}={name}"])
    return settings.plans[1].measures[0]


def fixed(measure: Measure, value: float) -> Measure:
    """The measure with every parameter of its effects at a value."""
    block = dict(measure.parameters.blocks[measure.name])
    of_effects = {*measure.effects.values(), *MECHANISMS[measure.mechanism].needs}
    of_effects -= {"half_distance_km", "worth_growth_year"}
    for parameter in of_effects:
        block[parameter] = replace(block[parameter], value=value, distribution=None)
    return replace(measure, parameters=Parameters({measure.name: block}))


def run(model: RegionModel, measure: Measure, rules: Governance = IDEAL, quarters: int = QUARTERS) -> RegionModel:
    """The measure alone, from the end of the shared year on."""
    return model.branch(Plan("alone", START, (measure,), governance=rules)).run(quarters)


def same_but_books(one: RegionModel, other: RegionModel, *apart: str) -> list[str]:
    """In what two states differ beside the books of the plan."""
    return [d for d in models.differences(one.state, other.state) if d.split(".")[0] != "ledger" and d not in apart]


@every_measure
def test_a_measure_moves_its_whitelisted_levers_and_no_other(
    name: str, fictland: RegionModel, watched: dict[str, list[float]]
) -> None:
    measure = sized(name)
    run(fictland, measure)
    assert set(watched) <= levers_of(measure.mechanism, measure.effects)
    assert set(watched) <= allowed_levers(measure.covers)


@pytest.fixture(scope="module")
def without(fictland: RegionModel) -> RegionModel:
    """Fictland without a plan, as many quarters later."""
    return fictland.branch(NO_PLAN).run(QUARTERS)


@every_measure
def test_zero_dose_is_no_plan_bit_for_bit(name: str, fictland: RegionModel, without: RegionModel) -> None:
    model = run(fictland, replace(sized(name), dose=0.0))
    assert same_but_books(model, without) == []
    assert model.state.ledger.accounts[name].total_eur == 0.0


@every_measure
def test_null_effect_is_no_plan_bit_for_bit(name: str, fictland: RegionModel, without: RegionModel) -> None:
    """Money that reaches firms, and places that learners take, are the dose and not the effect."""
    measure = fixed(sized(name), 0.0)
    apart = ["bodies.committed_eur", "bodies.nav_eur"]
    if measure.mechanism in ("grant", "equity"):
        measure = replace(measure, unit_cost_eur=0.0)
    if measure.mechanism.startswith("dual"):
        pytest.skip("a place that is taken is the effect itself: without places there is nothing left to switch off")
    assert same_but_books(run(fictland, measure), without, *apart) == []


@every_measure
def test_a_higher_dose_never_moves_a_lever_less(
    name: str, fictland: RegionModel, watched: dict[str, list[float]]
) -> None:
    found = []
    for factor in (1.0, 2.0):
        watched.clear()
        run(fictland, sized(name, factor))
        found.append({lever: np.abs(moves).sum() for lever, moves in watched.items()})
    low, high = found
    assert set(low) <= set(high)
    assert all(high[lever] >= low[lever] * (1.0 - 1e-9) for lever in low)


@every_measure
def test_cost_is_units_times_unit_cost_and_overhead(name: str, fictland: RegionModel) -> None:
    model, measure = run(fictland, sized(name)), sized(name)
    account = model.state.ledger.accounts[name]
    assert account.total_eur == pytest.approx(account.delivered * measure.unit_cost_eur * 1.08, rel=1e-9)
    assert account.delivered <= account.planned + 1.0


@every_measure
def test_a_measure_runs_in_west_flanders_and_delivers_somewhere(
    name: str, fictland: RegionModel, west_flanders: RegionModel
) -> None:
    there = run(west_flanders, compose_measure(name))
    here = run(fictland, sized(name, 10.0))
    assert name in SLOTS or there.state.ledger.accounts[name].delivered + here.state.ledger.accounts[name].delivered > 0


COOPERATIVE = [name for name in NAMES if models.measure(name, 1.0).cooperative]


@pytest.mark.parametrize("name", COOPERATIVE)
def test_with_one_willing_partner_nothing_is_spent_with_two_something_is(name: str, west_flanders: RegionModel) -> None:
    measure = replace(compose_measure(name), dose=compose_measure(name).dose * 10)
    one = run(west_flanders, measure, replace(IDEAL, partners=1)).state.ledger.accounts[name]
    two = run(west_flanders, measure, replace(IDEAL, partners=2)).state.ledger.accounts[name]
    assert (one.total_eur, one.delivered, one.obstacle, one.partners) == (0.0, 0.0, PARTNERS, 1)
    assert two.total_eur > 0.0 and two.partners == 2
