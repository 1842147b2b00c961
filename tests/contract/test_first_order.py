"""Wiring: each measure's effect on its own first quantity lies in the range of its evidence, computed on the treated.

This checks that a measure is connected to the right thing with the right size, and nothing more: it is no validation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from regionsim.cli.configs import compose_settings
from regionsim.interventions.treat import Treat
from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Measure, Plan, Target
from regionsim.model.setup import prepare
from regionsim.processes.firms.firms_do_research import chance_of_research, firms_do_research
from regionsim.processes.firms.firms_raise_productivity import full_digital_gain
from regionsim.processes.firms.firms_train import next_trained, usual_training
from regionsim.processes.labour.search import quit_ratio
from regionsim.processes.tourism.visitors_come import visits_ratio
from regionsim.processes.trade.ports_handle_freight import ports_handle_freight
from regionsim.state.levers import LEVERS, Levers
from regionsim.state.people import EMPLOYED, JOB_SEEKER, RESIDENT, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now
from tests.contract.test_interventions import MEASURES
from tests.fixtures import models
from tests.fixtures.models import IDEAL, until

START, BEFORE = "2012Q1", 4
Quantity = Callable[[Now, Measure], float]


@dataclass
class Row:
    """Quantity, range of the evidence, and which evidence."""

    quantity: Quantity
    low: float
    high: float
    evidence: str


@pytest.fixture(scope="module")
def fictland(population_cache: None) -> RegionModel:
    return RegionModel(prepare(models.settings(horizon="2020Q4")), 0).run(BEFORE)


def at_work(fictland: RegionModel, measure: Measure) -> Now:
    """A quarter in which the measure is at work, right after the agency delivered; places stand in for those of the
    real region, time to build and deadweight are left out."""
    target = measure.target
    swapped = {"terminal": "port"} if "terminal" in target.at else {}
    codes = tuple(swapped.get(code, code if code in ("port", "incubator") else "research_site") for code in target.at)
    target = replace(target, at=codes, subregion="uplands" if target.subregion else "")
    target = replace(target, tags=tuple({"food": "primary", "energy": "industry"}.get(tag, tag) for tag in target.tags))
    settings, dose = dict(measure.settings), measure.dose
    if "full_units" in settings:
        settings["build_q"], dose = 0, float(settings["full_units"])
    measure = replace(measure, target=target, settings=settings, dose=dose, unit_cost_eur=1.0, quarters=1)
    plan = Plan("alone", START, (measure,), governance=IDEAL)
    lag = int(settings.get("lag_q", 0))
    return until(fictland.branch(plan).run(lag), "births")


def values(now: Now, lever: str) -> np.ndarray:
    """What the lever holds for those it reaches."""
    if lever in now.levers.sparse:
        return now.levers.over_rows(lever, now.levers.sparse[lever][0].max() + 1)[now.levers.sparse[lever][0]]
    dense = now.levers.dense[lever]
    return dense[dense != LEVERS[lever].neutral]


def lever(name: str) -> Quantity:
    """Mean distance of a lever from neutral over those with any effect."""

    def quantity(now: Now, measure: Measure) -> float:
        moved = values(now, name) - LEVERS[name].neutral
        return float(moved[moved != 0.0].mean()) if (moved != 0.0).any() else 0.0

    return quantity


def innovates_more(now: Now, measure: Measure) -> float:
    """Chance to do research with and without the measure, mean over the treated."""
    p, f = now.parameters.research, now.state.firms.a
    rows, access = now.levers.sparse["research_access"]
    chance = [
        [chance_of_research(p.active_smallest, p.active_slope, float(f.expected[j]), a) for a in (gain, 0.0)]
        for j, gain in zip(rows, access, strict=True)
    ]
    return float(np.mean(np.diff(np.array(chance)[:, ::-1], axis=1)))


def research_per_euro(now: Now, measure: Measure) -> float:
    """Research spending added per euro of grant."""
    rows, grant = now.levers.sparse["research_grant"]
    small = now.state.firms.a.real_jobs[rows] < 50
    now.levers.sparse["research_grant"] = (rows[small], np.full(int(small.sum()), 1000.0))
    firms_do_research(now)
    spent = now.flows["research_spending"].sum()
    now.levers.sparse["research_grant"] = (rows[:0], grant[:0])
    firms_do_research(now)
    return float((spent - now.flows["research_spending"].sum()) * 1e6 / (1000.0 * small.sum()))


def enters_in_three_years(now: Now, measure: Measure) -> float:
    """Chance to enter a market beyond the union within twelve quarters, with and without, for who enters seldom."""
    gain, usual = float(values(now, "market_entry").mean()), 0.005
    return (1.0 - usual) ** 12 - (1.0 - usual - gain) ** 12


def gain_of_all_tools(now: Now, measure: Measure) -> float:
    """Productivity of the whole of the digital index."""
    assert values(now, "digital_support").max() > 0.0
    p, economy = now.parameters.firms, now.state.economy
    return float(np.expm1(full_digital_gain(economy.short, economy.digital_skill, p)).mean())


def leaving(now: Now, measure: Measure) -> float:
    """Leaving of the workers of treated firms relative to before."""
    p, f = now.parameters.labour, now.state.firms.a
    rows, step = now.levers.sparse["workability"]
    before, after = f.workability[rows], np.minimum(f.workability[rows] + step, 1.0)
    ratio = [quit_ratio(b, 0.0, p.quits_workable, 0.0) / quit_ratio(a, 0.0, p.quits_workable, 0.0)
             for b, a in zip(after, before, strict=True)]  # fmt: skip
    return float(np.mean(ratio))


def trained_workers(now: Now, measure: Measure) -> float:
    """Gain of a trained worker; some are trained."""
    p, support = now.parameters.training, float(values(now, "training_support").mean())
    usual = stock = usual_training(p.trained_smallest, p.trained_size_slope, 10.0)
    for _ in range(12):
        stock = next_trained(stock, p.fades_q, usual, 1.0, support)
    assert 0.02 < stock - usual < 0.2
    return float(p.gain)


def survival(now: Now, measure: Measure) -> float:
    """Five-year survival gained by the treated employers, the hazards of the table as they are."""
    ratio = values(now, "early_closing_ratio")
    table = now.reference.closing_year[:5]
    usual = float(np.prod(1.0 - table))
    return float(usual ** ratio.max() - usual)


def elasticity_of_promotion(now: Now, measure: Measure) -> float:
    """Visits over promotion budget, in logs."""
    budget = now.levers.dense["tourism_promotion"]
    visits = visits_ratio(now)
    now.levers.dense["tourism_promotion"] = np.ones_like(budget)
    found = np.log(visits / visits_ratio(now))[budget > 1.0] / np.log(budget[budget > 1.0])
    return float(found.mean())


def food_turned(now: Now, measure: Measure) -> float:
    """Share of what is spent on food (.49 of what is bought elsewhere) that turns to here."""
    return float(now.levers.dense["local_purchases"].sum() / 0.49)


def port_jobs(now: Now, measure: Measure) -> float:
    """Direct port jobs over throughput, in logs."""
    found = []
    for levers in (now.levers, Levers.neutral(now.reference.arrondissements, now.base.gva.size)):
        now.levers = levers
        ports_handle_freight(now)
        found.append((now.flows["port_jobs"], now.state.places.throughput.sum()))
    (jobs, tonnes), (before, base) = found
    return float(math.log(jobs / before) / math.log(tonnes / base))


def takes_a_course(now: Now, measure: Measure) -> float:
    """Share of the people reached who take a course."""
    reached = now.state.ledger.treatments[measure.name].intensity
    return float((reached > 0.0).mean())


SMALL = 1e-9
ROWS: dict[str, Row] = {
    "ports_and_airports": Row(port_jobs, 0.1, 0.8, "M7"),
    "rail_plan": Row(lever("public_capital"), 0.0, 0.006, "M8"),
    "waterways_plan": Row(lever("public_capital"), 0.0, 0.006, "M8"),
    "inland_terminals": Row(lever("public_capital"), 0.0, 0.006, "M8"),
    "westhoek_mobility": Row(lever("public_capital"), 0.0, 0.006, "M8"),
    "fifth_generation_networks": Row(lever("digital_ceiling"), 0.0, 0.1, "M5d"),
    "logistics_digitalisation": Row(gain_of_all_tools, 0.01, 0.15, "M5a"),
    "sme_digitalisation": Row(gain_of_all_tools, 0.01, 0.15, "M5a"),
    "digital_retail": Row(gain_of_all_tools, 0.01, 0.15, "M5a"),
    "tourism_innovation_track": Row(gain_of_all_tools, 0.01, 0.15, "M5a"),
    "export_diversification": Row(enters_in_three_years, 0.0, 0.08, "M6a"),
    "foreign_investment": Row(lever("demand_ratio"), 0.0, 0.18, "M9a"),
    "park_investment": Row(lever("demand_ratio"), 0.0, 0.18, "M9a"),
    "westhoek_spearheads": Row(lever("demand_ratio"), 0.0, 0.18, "M9a"),
    "blue_economy": Row(research_per_euro, 0.6, 1.5, "M1"),
    "research_participation": Row(research_per_euro, 0.6, 1.5, "M1"),
    "technology_matchmaking": Row(innovates_more, 0.0, 0.05, "M4a"),
    "cross_border_knowledge": Row(innovates_more, 0.0, 0.03, "M4b"),
    "innovation_communities": Row(innovates_more, 0.046, 0.057, "M4a"),
    "everyone_digital": Row(takes_a_course, 0.003, 0.06, "M5c"),
    "park_energy": Row(lever("energy_saving"), 0.0, 0.1, "M9c"),
    "circularity": Row(lever("energy_saving"), 0.0, 0.1, "M9c"),
    "retail_concentration": Row(lever("core_refill"), 0.0, 0.04, "M10b"),
    "core_strengthening": Row(lever("core_refill"), 0.0, 0.04, "M10b"),
    "short_chain": Row(food_turned, 0.0, 0.03, "M10c"),
    "worker_skills": Row(trained_workers, 0.02, 0.2, "M13"),
    "inclusive_participation": Row(lever("ladder_odds"), 0.0, 0.6, "M15"),
    "techni_clubs": Row(lever("technical_track"), 0.0, 0.03, "M17"),
    "student_entrepreneurs": Row(lever("founding_ratio"), 0.0, 0.6, "M18"),
    "starters_guidance": Row(survival, 0.0, 0.08, "M19"),
    "business_centres": Row(survival, 0.0, 0.08, "M19"),
    "scale_up_track": Row(lever("productivity"), -0.06, 0.0, "M21"),
    "promotion_at_home": Row(elasticity_of_promotion, 0.0, 0.2, "M11"),
    "promotion_neighbours": Row(elasticity_of_promotion, 0.0, 0.2, "M11"),
    "joint_municipal_marketing": Row(elasticity_of_promotion, 0.0, 0.2, "M11"),
}
ROWS |= {name: Row(innovates_more, 0.0, 0.057, "M4a, M4c") for name in MEASURES if name.startswith("spearhead_")}
WORK = ("digital_workplace", "park_services", "workability_charter", "work_life_balance", "modern_conditions")
ROWS |= {name: Row(leaving, 0.67, 1.0, "M14") for name in WORK}
NO_EVIDENCE = {  # part E of the review: no estimate found; the lever moves within its own prior, and that is all
    "low_carbon_transport", "border_crossing", "park_space", "park_mobility", "park_management", "water_retention",
    "retail_innovation", "trader_participation", "opportunity_recruitment", "technicum", "starters_network",
    "tourism_quality_track", "visitor_products", "business_tourism", "events", "tourism_research", "recreation_network",
    "westhoek_job_matching", "westhoek_strong_municipalities", "westhoek_business_district", "westhoek_marketing",
    "visitor_spreading", "data_alliance", "destination_coordination",
}  # fmt: skip
ELSEWHERE = {  # tested by runs below, or empty
    "park_landscape", "hiring_incentive", "adult_education", "retraining", "westhoek_employment_policy",
    "westhoek_campus", "dual_learning", "dual_higher_education", "provincial_schools", "third_youth_package",
}  # fmt: skip


def test_every_measure_has_its_row() -> None:
    assert {*ROWS, *NO_EVIDENCE, *ELSEWHERE} == set(MEASURES)
    assert not set(ROWS) & NO_EVIDENCE and not (set(ROWS) | NO_EVIDENCE) & ELSEWHERE


@pytest.mark.parametrize("name", ROWS)
def test_the_effect_on_the_treated_lies_in_the_range_of_the_evidence(name: str, fictland: RegionModel) -> None:
    row, measure = ROWS[name], MEASURES[name]
    found = row.quantity(at_work(fictland, measure), measure)
    assert row.low - SMALL <= found <= row.high + SMALL, f"{found} is not in {row.evidence}"
    assert found != 0.0


@pytest.mark.parametrize("name", sorted(NO_EVIDENCE))
def test_without_evidence_a_lever_moves_within_its_own_prior(name: str, fictland: RegionModel) -> None:
    measure = MEASURES[name]
    now = at_work(fictland, measure)
    for moved, parameter in measure.effects.items():
        kind, numbers = measure.parameters.blocks[name][parameter].distribution
        found = lever(moved)(now, measure)
        assert numbers[0] - SMALL <= found <= numbers[-1] + SMALL and found != 0.0


# Effects that only a run shows ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def west_flanders(population_cache: None) -> RegionModel:
    """A fifth of West Flanders after its first year."""
    settings = compose_settings(["plan=none", "ensemble.scale=0.2", "ensemble.horizon=2016Q4"])
    return RegionModel(prepare(settings), 0).run(BEFORE)


def in_work(model: RegionModel) -> dict[int, bool]:
    """Whether each resident is in work, by id."""
    p = model.people.a
    here = p.place == RESIDENT
    works = (p.activity[here] >= EMPLOYED) & (p.activity[here] <= TEMPORARILY_UNEMPLOYED)
    return dict(zip(p.id[here].tolist(), works.tolist(), strict=True))


def gained(ids: set[int], model: RegionModel, without: RegionModel) -> float:
    """Share of these people who work with the measure less the share without it."""
    a, b = in_work(model), in_work(without)
    return float(np.mean([a[i] - b[i] for i in ids if i in a and i in b]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["adult_education", "retraining", "westhoek_employment_policy", "westhoek_campus"])
def test_a_course_locks_in_first_and_helps_later(name: str, west_flanders: RegionModel) -> None:
    """M12a: about nothing in the first year, 5 and 6 points more in work later, standard deviation 2.5 each."""
    what = replace(MEASURES[name], dose=1500.0, quarters=2, unit_cost_eur=1.0, target=Target(unit="place"))
    model = west_flanders.branch(Plan("alone", START, (what,), governance=IDEAL))
    without = west_flanders.branch(models.NO_PLAN)
    started: dict[int, set[int]] = {}

    def look(now: Now) -> None:
        p = now.state.people.a
        rows = np.flatnonzero((p.place == RESIDENT) & (p.training_q > 0) & (p.activity == JOB_SEEKER))
        started[now.quarter] = set(p.id[rows].tolist())

    ids: set[int] = set()
    gains = []
    with models.processes_of_the_quarter(models.after("job_seekers_train", look)):
        for quarter in range(12):
            model.run(1)
            with_course = started[BEFORE + quarter]
            without.run(1)
            ids |= with_course - started[BEFORE + quarter] if quarter < 2 else set()
            gains.append(gained(ids, model, without))
    assert gains[1] < 0.0
    assert -0.025 < np.mean(gains[6:10]) - 0.05 < 0.05 and len(ids) > 400


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dual_learning", "provincial_schools", "dual_higher_education"])
def test_dual_learners_gain_at_first_and_not_for_long(name: str, west_flanders: RegionModel) -> None:
    """M16a: 0 to 14 points more in work in the first two quarters, nothing after two years."""
    what = replace(MEASURES[name], dose=3000.0, unit_cost_eur=1.0)
    model = west_flanders.branch(Plan("alone", START, (what,), governance=IDEAL)).run(8)
    without = west_flanders.branch(models.NO_PLAN).run(8)
    ledger = model.state.ledger.treatments[name]
    ids = set(ledger.ids[ledger.start_q == BEFORE + 2].tolist())  # they left in the third quarter of the second year
    first = gained(ids, model, without)
    later = gained(ids, model.run(8), without.run(8))
    assert -0.01 <= first <= 0.14 and len(ids) > 50
    assert abs(later) < 0.05


# Where evidence says that little or nothing works, the model says so -----------------------------------------------


def paired(fictland: RegionModel, name: str, quarters: int, **changes: object) -> tuple[RegionModel, RegionModel]:
    """Runs with the measure, at a dose for Fictland, and without."""
    measure = MEASURES[name]
    measure = replace(measure, dose=measure.dose * 0.05, **changes)
    return fictland.branch(Plan("alone", START, (measure,), governance=IDEAL)).run(quarters), fictland.branch(
        models.NO_PLAN
    ).run(quarters)


def test_networks_alone_change_nothing(fictland: RegionModel) -> None:
    model, without = paired(fictland, "fifth_generation_networks", 12)
    assert [d for d in models.differences(model.state, without.state) if not d.startswith("ledger")] == []


def test_renewal_of_parks_moves_no_jobs_of_firms_on_them(fictland: RegionModel) -> None:
    """M9b: -1 to 2 %; what it does to amenity reaches nobody's job within three years."""
    model, without = paired(fictland, "park_landscape", 12)
    jobs = [m.firms.a.jobs[(m.firms.a.kind == 0) & (m.firms.a.on_park == 1)].sum() for m in (model, without)]
    assert -0.01 <= jobs[0] / jobs[1] - 1.0 <= 0.02


def test_hiring_premiums_lose_their_effect_where_work_is_plentiful(fictland: RegionModel) -> None:
    """M12c: deadweight by tightness, by hand, and complete from .85 vacancies for each job-seeker on."""
    measure = MEASURES["hiring_incentive"]
    (mechanism,) = fictland.branch(Plan("alone", START, (measure,), governance=IDEAL)).agency.measures
    assert isinstance(mechanism, Treat)
    now = fictland.branch(models.NO_PLAN).now()
    seekers = int(((now.state.people.a.place == 0) & (now.state.people.a.activity == 7)).sum())
    for ratio, expected in ((0.05, 0.3), (0.25, 0.4), (0.5, 0.65), (0.85, 1.0), (2.0, 1.0)):
        now.state.economy.vacancies = np.array([ratio * seekers, 0.0])
        assert mechanism.deadweight(now) == pytest.approx(expected)


def test_public_stakes_alone_bring_no_growth_and_cost_productivity() -> None:
    block = MEASURES["scale_up_track"].parameters.blocks["scale_up_track"]
    assert block["growth_premium"].value == 0.0 and block["efficiency_effect"].value < 0.0


def test_export_coaching_does_not_raise_what_exporters_sell_where_they_are() -> None:
    assert set(MEASURES["export_diversification"].effects) == {"market_entry"}
