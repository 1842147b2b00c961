"""What tests of mechanisms share: one measure alone in the fictional region, and what it did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Governance, Measure, Plan
from regionsim.model.setup import Setup
from regionsim.state.ledger import Account
from regionsim.state.parameters import Parameters
from regionsim.state.region_state import Now
from tests.fixtures.models import IDEAL, PLAN_START, copied, measure, until, with_parameter

START_Q = 4  # run quarter of PLAN_START
OVERHEAD = 1.08


def at(name: str, dose: float, **changes: Any) -> Measure:
    """A measure at a dose, with some of its parameters fixed and other fields replaced."""
    made = measure(name, dose)
    block = dict(made.parameters.blocks[name])
    for key in set(changes) & set(block):
        block[key] = replace(block[key], value=float(changes[key]), distribution=None)
    rest = {key: value for key, value in changes.items() if key not in block}
    return replace(made, parameters=Parameters({name: block}), **rest)


def named(what: Measure, name: str) -> Measure:
    """The same measure under another name."""
    return replace(what, name=name, parameters=Parameters({name: what.parameters.blocks[what.name]}))


def everyone_takes_part(setup: Setup) -> Setup:
    """The scenario in which whoever may be treated takes part if asked."""
    return with_parameter(setup, "institutions", take_up=1.0)


def alone(
    setup: Setup, *what: Measure, quarters: int = START_Q, rules: Governance = IDEAL, draw: int = 0
) -> RegionModel:
    """A model under these measures from PLAN_START, before its quarter number `quarters`."""
    return RegionModel(setup, draw, Plan("alone", PLAN_START, what, governance=rules)).run(quarters)


def delivered(model: RegionModel) -> Now:
    """The coming quarter right after the agency has delivered, on a copy."""
    return until(copied(model), "births")


def treated(model: RegionModel, name: str) -> set[int]:
    """Ids of the units in the ledger."""
    return set(model.state.ledger.treatments[name].ids.tolist())


def account(model: RegionModel, what: Measure) -> Account:
    """The books of a measure."""
    return model.state.ledger.accounts[what.name]


def lever(now: Now, name: str) -> np.ndarray:
    """A lever over firms, for every row."""
    return now.levers.over_rows(name, now.state.firms.capacity)
