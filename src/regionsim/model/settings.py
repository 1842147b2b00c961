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
class Target:
    """Who may be treated. Every condition that is given must hold; nothing given excludes nobody."""

    unit: str = "firm"  # firm | person | place | region: what the ledger counts
    kinds: tuple[str, ...] = ("employer",)  # sorts of firm
    tags: tuple[str, ...] = ()  # sectors with any of these tags
    sectors: tuple[str, ...] = ()  # sectors by code, of one region
    least_jobs: float = 0.0  # real jobs, from
    below_jobs: float | None = None  # real jobs, fewer than
    max_age_q: int | None = None  # age of the firm
    on_park: bool = False  # on business parks only
    activities: tuple[str, ...] = ()  # of persons
    education: tuple[str, ...] = ()
    from_age: int = 0  # years
    until_age: int | None = None  # years, not included
    seeks_from_q: int = 0  # quarters of search, for job-seekers
    technical: bool = False  # of a technical or vocational track only
    subregion: str = ""  # tag of municipalities.csv
    coast: bool = False  # municipalities on the coast only
    at: tuple[str, ...] = ()  # municipalities in which an institution of these kinds, or with these codes, stands


@dataclass(frozen=True)
class Measure:
    """One intervention of a plan, with its dose. `mechanism` names a class of regionsim.interventions."""

    name: str
    mechanism: str
    title_en: str
    title_nl: str
    pillar: str  # as the plan numbers it, e.g. 'I.C'
    domain: str  # what funds and institutions act in, of state.bodies.DOMAINS
    dose: float  # units in a `period`, at scale 1
    unit: str  # what one unit of dose is, e.g. 'trajectories'
    quarters: int  # how many quarters the dose is delivered
    unit_cost_eur: float  # public cost of one unit, overhead apart
    evidence: str
    expected: str = ""  # the size that the literature lets expect, in plain words
    covers: tuple[str, ...] = ()  # what it stands for in the inventory of the plans' measures and rules
    categories: Mapping[str, float] = field(default_factory=lambda: {"shares_cost": 1.0})  # shares of its role
    actor: str = "development_agency"  # kind of institution that delivers
    steering: str = "finance"  # finance | regulation | coordination | data: which sort of body may act
    period: str = "quarter"  # quarter | year, of the dose
    own_funds_eur: float = 0.0  # what the treated pay themselves for one unit
    project_eur: float = 0.0  # a capital project that cannot be had for less; 0: any amount
    cooperative: bool = False  # needs at least two willing destinations, or as many as the rules of the plan ask
    coalition: str = ""  # code of the coalition whose members take part; '' the municipalities
    cross_border: bool = False  # with a partner across the border
    supra_local: bool = True  # serves more than one municipality
    regional: bool = True  # has to do with the region itself
    added_value: float = 0.5  # 0 to 1, beyond what others do
    indivisible: bool = False  # a project dearer than the budget it was to be had for
    effects: Mapping[str, str] = field(default_factory=dict)  # lever -> parameter that moves it
    target: Target = Target()
    settings: Mapping[str, Any] = field(default_factory=dict)  # what else the mechanism asks for
    parameters: Parameters = field(default_factory=lambda: Parameters({}))  # block named after the measure

    @property
    def periods_a_quarter(self) -> float:
        """Periods of the dose in a quarter."""
        return 0.25 if self.period == "year" else 1.0


@dataclass(frozen=True)
class Governance:
    """The rules under which a plan is carried out: who takes part, on which mandate, how well coordinated."""

    instruments: tuple[str, ...] = ("steering_group", "social_dialogue", "covenant")  # of state.bodies.INSTRUMENTS
    early: bool = False  # instruments are at work before the plan starts
    partners: int | None = None  # so many destinations are willing; None: those for whom the benefit exceeds the cost
    partners_needed: int = 2  # of a cooperative measure
    mandate: bool = True  # leaders may conclude agreements; without, each has to be ratified at home
    selective: bool = False  # only what is supra-local, regional and of enough added value
    bundled: bool = False  # one integrated investment: measures ask funds together and share partners
    quality: float | None = None  # of coordination, fixed for an experiment; None: by levels, actors, instruments
    transition: bool = False  # the region counts as one in transition, for which funds pay more
    review_q: int = 20  # quarters between reviews, at which measures that do not deliver end; 0: no review


@dataclass(frozen=True)
class Plan:
    """A set of measures with doses and dates, and the rules they go by; no measures is the comparison, 'none'."""

    name: str = "none"
    start: str = "2027Q1"
    measures: tuple[Measure, ...] = ()
    title_en: str = "No plan"
    title_nl: str = "Geen plan"
    governance: Governance = Governance()


NO_PLAN = Plan()


@dataclass(frozen=True)
class Points:
    """Points in the space of uncertain parameters: where a sensitivity analysis lets the model run.

    names: of parameters ('block.parameter'); rows: for each point, where in its prior each of them lies, as a quantile
    in (0, 1); repeats: draws (drivers, chance and all other parameters) of every point, from draw 0 on. The rest says
    what they were made for and changes no number: a method of `analysis.sensitivity_design`, the factor of each name,
    and how many trajectories or points were asked for.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    repeats: int = 1
    method: str = "random"
    groups: tuple[str, ...] = ()
    number: int = 0

    def quantiles(self, point: int | None) -> dict[str, float]:
        """Quantile by parameter of a point; none for None."""
        return {} if point is None else dict(zip(self.names, self.rows[point], strict=True))


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
    outcomes: tuple[str, ...] = ()  # kept in the results; none named: the whole catalogue
    design: Points | None = None  # parameters of the draws, instead of random ones
    variance_split: bool = False  # run every draw again with each source of uncertainty taken from the next draw
