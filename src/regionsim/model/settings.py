"""What a run is told: frozen, typed, checked; configuration frameworks stop at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regionsim.state.parameters import Parameters


@dataclass(frozen=True)
class World:
    """What happens to the region whatever it does."""

    name: str = "central"
    brexit: str = "tca"  # a form of parameters block 'brexit': none | tca | hard
    covid: str = "observed"  # none | observed: the pandemic's closures, and what it did to the drivers
    ageing: str = "central"  # central | fast | slow: pace at which mortality falls


@dataclass(frozen=True)
class Measure:
    """One intervention of a plan, with its dose. `mechanism` names a class of regionsim.interventions."""

    name: str
    mechanism: str
    title_en: str
    title_nl: str
    pillar: str  # as the plan numbers it, e.g. 'I.C'
    dose: float  # units a quarter (for places: places a school year), at scale 1
    unit: str  # what one unit of dose is, e.g. 'trajectories a quarter'
    quarters: int  # how many quarters the dose is delivered
    unit_cost_eur: float  # public cost of one unit
    evidence: str
    settings: Mapping[str, Any] = field(default_factory=dict)  # rules of eligibility, named by the mechanism
    parameters: Parameters = field(default_factory=lambda: Parameters({}))  # block named after the measure


@dataclass(frozen=True)
class Plan:
    """A set of measures with doses and dates; no measures is the comparison, 'none'."""

    name: str = "none"
    start: str = "2027Q1"
    measures: tuple[Measure, ...] = ()
    title_en: str = "No plan"
    title_nl: str = "Geen plan"


NO_PLAN = Plan()


@dataclass(frozen=True)
class Settings:
    """One scenario: a world, the plan beside 'none', and how it is drawn."""

    region: str | Path
    parameters: Parameters
    world: World = World()
    plans: tuple[Plan, ...] = (NO_PLAN,)  # 'none' first
    scale: float = 0.1
    draws: int = 24
    first_draw: int = 0
    seed: int = 1
    first: str = "2011Q1"
    horizon: str = "2044Q4"
    as_of: str | None = None  # use no observation after this quarter; None: everything the tables hold
    foresight: bool = False  # drivers alone know what came after `as_of`: a replay with realised drivers
    variance_split: bool = False  # run every draw again with each source of uncertainty taken from the next draw
