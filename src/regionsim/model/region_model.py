"""The region as a Mesa model: a clock, the institutions as agents, residents and firms as columns."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from regionsim.institutions.agents import create_institutions
from regionsim.interventions import intervention
from regionsim.model.drawn import Drawn, sampled
from regionsim.model.quarter import run_quarter
from regionsim.model.recording import record_quarter
from regionsim.model.settings import NO_PLAN, Plan
from regionsim.model.setup import Setup
from regionsim.results.outcomes import OUTCOMES, OWN_MONEY
from regionsim.results.record import Recorder
from regionsim.state import calendar
from regionsim.state.bodies import Bodies
from regionsim.state.economy import FLOWS, Economy
from regionsim.state.firms import ABROAD, Firms
from regionsim.state.ledger import Ledger
from regionsim.state.levers import Levers
from regionsim.state.people import (
    ACTIVITIES,
    EMPLOYED,
    JOB_SEEKER,
    RESIDENT,
    SELF_EMPLOYED,
    TEMPORARILY_UNEMPLOYED,
    People,
)
from regionsim.state.reference import CATEGORIES, MARKETS
from regionsim.state.region_state import Now, RegionState
from regionsim.state.sources import Sources


class RegionModel(mesa.Model):
    """One draw of a scenario. Step it quarter by quarter, look into `people` and `firms`, branch it into plans.

    setup: what `prepare` made; draw: index of driver path, parameter sample and seed; plan: measures from its start;
    record: keep the whole catalogue of outcomes; state: where to start, the census day if None; sources: other indices
    than `draw` for some of the three, to split the variance; drawn: what the draw brings, if it was made before.
    Works with mesa.DataCollector (reporters see `model.outcomes`) and mesa.batch_run (`setup`, `draw` as parameters).
    """

    def __init__(
        self,
        setup: Setup,
        draw: int = 0,
        plan: Plan = NO_PLAN,
        rng: Any = None,
        record: bool = False,
        state: RegionState | None = None,
        sources: Sources | None = None,
        drawn: Drawn | None = None,
    ) -> None:
        super().__init__(rng=draw if rng is None else rng)
        self.setup, self.draw, self.plan = setup, draw, plan
        self.drawn = Drawn.of(setup, sources or Sources.of_draw(draw)) if drawn is None else drawn
        self.sources, self.parameters, self.path = self.drawn.sources, self.drawn.parameters, self.drawn.path
        self.base, self.draws = self.drawn.base, self.drawn.draws
        self.state = _first_state(setup, plan) if state is None else state
        self.recorder = new_recorder(setup) if record else None
        self.flows: dict[str, Any] = {}
        self.timings: dict[str, float] = {}
        self.residents_by_municipality = _residents(
            self.state.people, "municipality", setup.reference.arrondissement_of.size
        )
        self.residents_by_activity = _residents(self.state.people, "activity", len(ACTIVITIES))
        self._create_institutions()
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "quarter": lambda m: m.quarter_text,
                "residents": lambda m: m.outcomes["residents"],
                "employed": lambda m: m.outcomes["employed"],
                "job_seekers": lambda m: m.outcomes["job_seekers"],
            }
        )

    def _create_institutions(self) -> None:
        first = calendar.ordinal(self.plan.start) - self.setup.first
        measures = []
        for measure in self.plan.measures:
            sample = sampled(self.setup.settings, measure.parameters, self.sources)
            measures.append(intervention(measure, sample.blocks[measure.name]))
        self.agency = create_institutions(self, measures, first)

    @property
    def people(self) -> People:
        """Residents and the outsiders who matter."""
        return self.state.people

    @property
    def firms(self) -> Firms:
        """Establishments, and employers beyond the border."""
        return self.state.firms

    @property
    def quarter_text(self) -> str:
        """The last quarter that ran, e.g. '2027Q1'; the one before the first at the start."""
        return calendar.text(self.setup.first + self.state.quarter - 1)

    @property
    def outcomes(self) -> dict[str, float]:
        """A few totals of the last quarter, at the scale of the run; `record=True` keeps the whole catalogue."""
        by_activity = self.residents_by_activity
        return {
            "residents": float(by_activity.sum()),
            "employed": float(by_activity[EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum()),
            "self_employed": float(by_activity[SELF_EMPLOYED]),
            "job_seekers": float(by_activity[JOB_SEEKER]),
        }

    def step(self) -> None:
        """One quarter. Raises IndexError after the last one of the run."""
        if self.state.quarter >= len(self.setup.quarters):
            raise IndexError(f"the run ends in {self.setup.settings.horizon}")
        now = self.now()
        run_quarter(now, self.timings)
        self.flows = now.flows
        self.residents_by_municipality = now.flows["residents"]
        self.residents_by_activity = now.flows["persons"].sum(axis=(0, 1, 2))
        if self.recorder is not None:
            record_quarter(self.recorder, now)
        self.state.quarter += 1
        self.datacollector.collect(self)
        if self.state.quarter >= len(self.setup.quarters):
            self.running = False

    def now(self) -> Now:
        """What the processes of the coming quarter see."""
        setup, q = self.setup, self.state.quarter
        return Now(
            state=self.state, reference=setup.reference, base=self.base, parameters=self.parameters,
            drivers=self.drawn.in_quarter(q),
            levers=Levers.neutral(setup.reference.arrondissements, setup.base.gva.size), draws=self.draws,
            world=setup.settings.world, scale=setup.settings.scale, first_ordinal=setup.first, agencies=(self.agency,),
            flows={
                "residents_before": self.residents_by_municipality, "separations": 0.0,
                "firms_net_before": float((self.state.firms.a.cash - self.state.firms.a.debt).sum()),
            },
        )  # fmt: skip

    def run(self, quarters: int) -> RegionModel:
        """Step so many quarters; returns the model."""
        for _ in range(quarters):
            self.step()
        return self

    def branch(self, plan: Plan) -> RegionModel:
        """An independent copy of the present state that goes on under a plan."""
        state = self.state.copy()
        if plan is not self.plan:
            state.ledger = Ledger([m.name for m in plan.measures])
        twin = RegionModel(self.setup, self.draw, plan, state=state, drawn=self.drawn)
        twin.recorder = None if self.recorder is None else self.recorder.copy()
        return twin


def _first_state(setup: Setup, plan: Plan) -> RegionState:
    population, base = setup.population, setup.base
    places, sectors = setup.reference.arrondissements, base.gva.size
    people = population.people.copy()
    here = people.a.place == RESIDENT
    activity = people.a.activity[here]
    labour = setup.settings.parameters.central().labour
    normal_short = float(labour.normal_short_share)
    employed = ((activity >= EMPLOYED) & (activity <= TEMPORARILY_UNEMPLOYED)).sum()
    rate = float((activity == JOB_SEEKER).sum() / max((activity == JOB_SEEKER).sum() + employed, 1))
    economy = Economy(
        vacancies=np.zeros(places, np.int64),
        unemployment_rate=rate, base_unemployment_rate=rate,
        wage_index=1.0, income_index=1.0, demand=np.ones(sectors), expected_jobs=base.jobs.copy(),
        productivity=np.ones(sectors),
        quality=np.ones(sectors), efficiency=np.ones(sectors), base_quality=np.ones(sectors),
        digital_skill=np.ones(sectors), base_digital_skill=np.ones(sectors),
        market_share=np.ones(sectors),
        short=np.full(sectors, normal_short), price=np.ones(sectors), reach=setup.reach,
        entry_scale=np.ones((len(ABROAD), sectors)),
        call=np.ones((1 + len(MARKETS), sectors)), margin=np.zeros(sectors), base_margin=np.zeros(sectors),
        investment=1.0, final_demand=np.zeros((len(CATEGORIES), sectors)), gva=base.gva.copy(),
        production=base.output.copy(), transactions=np.zeros((len(FLOWS), 4, 4)), base_income=0.0,
        unemployment_trend=rate, base_unemployment_trend=rate, unemployment_by_place=np.full(places, rate),
        base_unemployment_by_place=np.full(places, rate), tightness=1.0, base_tightness=1.0, prices_in_wages=1.0,
        education_share=np.full(4, 0.25), base_education_share=np.full(4, 0.25),
        ln_local_wage=np.zeros(places), ladder_speed=np.zeros(setup.reference.participation.shape),
        frontier_share=0.0, ln_commuters=np.zeros(2),
        rd_job_share=0.0, base_rd_job_share=0.0, amenity=np.zeros(places),
    )  # fmt: skip
    ledger = Ledger([measure.name for measure in plan.measures])
    rest = (economy, ledger, setup.places.copy(), Bodies.empty(setup.reference.roster))
    return RegionState(0, people, population.firms.copy(), *rest)  # type: ignore[arg-type]


def _residents(people: People, column: str, labels: int) -> NDArray[np.int64]:
    """Residents by the values of a column."""
    here = people.a.place == RESIDENT
    return np.bincount(people.column(column)[here], minlength=labels)


def new_recorder(setup: Setup) -> Recorder:
    """An empty recorder with the labels of the region and of the measures of all plans."""
    labels = setup.tables.labels
    measures = dict.fromkeys(m.name for plan in setup.settings.plans for m in plan.measures)
    coords = {
        "municipality": labels.municipalities,
        "arrondissement": labels.arrondissements,
        "sector": labels.sectors,
        "measure": tuple(measures),
        "fund": (*setup.reference.roster.fund, OWN_MONEY),
    }
    kept = setup.settings.outcomes
    chosen = {name: outcome for name, outcome in OUTCOMES.items() if not kept or name in kept}
    return Recorder(coords, setup.quarters, chosen)
