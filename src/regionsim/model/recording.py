"""From a quarter's counts to the catalogue of outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regionsim.model.plan_books import plan_books
from regionsim.processes.recreation.places_please import mean_by_place
from regionsim.processes.tourism.visitors_come import direct_jobs
from regionsim.results.record import Recorder
from regionsim.state.bodies import KINDS
from regionsim.state.firms import LARGE_FIRM_JOBS, OUTSIDE
from regionsim.state.people import (
    EMPLOYED,
    INACTIVE,
    JOB_SEEKER,
    MASTER,
    PUPIL,
    RESIDENT,
    RETIRED,
    STUDENT_AWAY,
    STUDENT_HERE,
    TEMPORARILY_UNEMPLOYED,
    TRACKS,
)
from regionsim.state.reference import MARKETS, TOURISM
from regionsim.state.region_state import Now


def record_quarter(recorder: Recorder, now: Now) -> None:
    """Write every outcome that the recorder keeps for this quarter, at the scale of the run."""
    parts = (_people, _work, _firms_and_trade, _places, _education, _events, _institutions, plan_books, _accounts)
    for part in parts:
        for name, values in part(recorder, now).items():
            if name in recorder.outcomes:
                recorder.write(now.quarter, name, values)


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    nothing = np.full(np.shape(part), np.nan)
    ratio: NDArray[np.float64] = np.divide(part, whole, out=nothing, where=np.asarray(whole) > 0)
    return ratio


def _people(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    persons = now.flows["persons"]  # arrondissement, age group, education, activity
    employed, seekers = persons[..., EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum(axis=-1), persons[..., JOB_SEEKER]
    by_level, seekers_by_level = employed.sum(axis=(0, 1)), seekers.sum(axis=(0, 1))
    total = employed.sum() + seekers.sum()
    return {
        "residents": persons.sum(axis=(2, 3)),
        "employed_residents": employed.sum(axis=2),
        "employed_by_education": by_level,
        "job_seekers": seekers.sum(axis=2),
        "unemployment_rate": 100.0 * seekers.sum() / max(total, 1),
        "unemployment_rate_by_education": 100.0 * _ratio(seekers_by_level, seekers_by_level + by_level),
        "labour_force": total,
        "inactive": persons[..., INACTIVE].sum(),
        "retired": persons[..., RETIRED].sum(),
        "temporarily_unemployed": persons[..., TEMPORARILY_UNEMPLOYED].sum(),
        "young_graduates": now.flows["young_graduates"],
    }


def _work(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    economy, flows = now.state.economy, now.flows
    wages = flows["wage_sums"]
    persons = flows["persons"]
    paid = max(float(persons[..., EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum()), 1.0)
    earned = (wages["residents_here"] + wages["residents_outside"]) * 1e6 * now.scale * economy.wage_index
    open_posts = float(economy.vacancies.sum())
    here = float(paid - flows["employed_outside"] + flows["commuters_in"])  # filled jobs in the region
    registered = float(persons[..., JOB_SEEKER].sum()) + float(flows["registered_inactive"])
    return {
        "in_commuters": flows["commuters_in"],
        "out_commuters": flows["employed_outside"],
        "vacancies": economy.vacancies,
        "vacancies_posted": flows["vacancies_posted"],
        "vacancy_rate": 100.0 * open_posts / max(open_posts + here, 1.0),
        "job_seekers_per_vacancy": registered / max(open_posts, 1.0),
        "long_term_unemployed": flows["long_term_unemployed"],
        "registered_inactive": flows["registered_inactive"],
        "job_to_job": flows["job_to_job"],
        "trained": flows["trained"],
        "hires": flows["hires"],
        "separations": flows["separations"],
        "mean_wage": earned / paid,
    }


def _firms_and_trade(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    firms, economy, sectors = now.state.firms.a, now.state.economy, now.base.gva.size
    here = (firms.kind >= 0) & (firms.kind != OUTSIDE)
    where = now.reference.arrondissement_of[firms.municipality[here]].astype(np.int64)
    cell = where * sectors + firms.sector[here]
    jobs = np.bincount(cell, weights=firms.jobs[here], minlength=now.reference.arrondissements * sectors)
    visitors_buy, by_sector = economy.final_demand[TOURISM], jobs.reshape(-1, sectors)
    return {
        "jobs": by_sector,
        "tourism_jobs": direct_jobs(visitors_buy, economy.production, by_sector.sum(axis=0)),
        "firms": np.bincount(firms.sector[here], weights=firm_weights(firms, now.scale)[here], minlength=sectors),
        "firms_founded": now.flows["firms_founded"],
        "firms_closed": now.flows["firms_closed"],
        "gva": economy.gva * now.scale,
        "exports": economy.final_demand[-len(MARKETS) :].sum(axis=1) * now.scale,
    }


def _places(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    places, flows, scale = now.state.places, now.flows, now.scale
    of, arrondissements = now.reference.arrondissement_of, now.reference.arrondissements
    tonnes = float(places.throughput.sum())
    total_units = max(float(places.shop_units.sum()), 1e-12)
    hectares = max(float(places.park_hectares.sum()), 1e-12)
    return {
        "tourism_nights": flows["nights"] * scale,
        "day_trips": flows["day_trips"] * scale,
        "tourism_turnover": flows["tourism_turnover"] * scale,
        "tourism_spending": flows["tourism_spending"] * scale,
        "port_throughput": tonnes * scale,
        "port_jobs": flows["port_jobs"] * scale,
        "uk_transit_share": 100.0 * float(flows["uk_tonnes"].sum()) / tonnes if tonnes > 0 else np.nan,
        "modal_split": 100.0 * places.modal_split,
        "freight_emissions": flows["freight_kt"] * scale,
        "retail_vacancy": 100.0 * float(places.vacant_units.sum()) / total_units,
        "footfall": mean_by_place(places.footfall, places.first_residents, of, arrondissements),
        "parks_in_use": 100.0 * float(places.park_used.sum()) / hectares,
        "amenity": now.state.economy.amenity,
    }


def firm_weights(firms: Any, scale: float) -> NDArray[np.float64]:
    """What each firm counts for in a sample: a large one is in every sample and stands for itself alone."""
    return np.where(firms.real_jobs >= LARGE_FIRM_JOBS, scale, 1.0)


def _education(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    persons, flows = now.flows["persons"].sum(axis=(0, 1, 2)), now.flows
    leaving, returning = flows["young_tertiary_leaving"], flows["graduates_returning"]
    return {
        "students_here": persons[STUDENT_HERE],
        "students_away": persons[STUDENT_AWAY],
        "graduates": flows["graduates"],
        "graduates_leaving": leaving,
        "graduates_returning": returning,
        "net_graduate_migration": flows["young_tertiary_arriving"] + returning - leaving,
        **studies_by_place_and_track(now),
        **own_graduates(flows["own_graduates"]),
        "pupils_in_dual_learning": flows["pupils_in_dual_learning"],
    }


def studies_by_place_and_track(now: Now) -> dict[str, ArrayLike]:
    """Pupils by track, students by level and place of study, among those in school in the quarter."""
    p, rows = now.state.people.a, now.flows["in_school"]
    rows = rows[p.place[rows] == RESIDENT]
    pupils, student = rows[p.activity[rows] == PUPIL], (p.activity[rows] >= STUDENT_HERE)
    students = rows[student & (p.activity[rows] <= STUDENT_AWAY)]
    where = 2 * (p.study_level[students] == MASTER) + (p.activity[students] == STUDENT_AWAY)
    return {
        "pupils_by_track": np.bincount(p.track[pupils], minlength=len(TRACKS))[1:],
        "students_by_place": np.bincount(where, minlength=4),
    }


def own_graduates(counts: list[int]) -> dict[str, ArrayLike]:
    """Shares in % of graduates who grew up here: of 22-34 who live here, of 30-34 who live elsewhere; NaN for none."""
    stayed, left, stayed_30, left_30 = (float(count) for count in counts)
    return {
        "graduate_retention": 100.0 * stayed / (stayed + left) if stayed + left else np.nan,
        "graduate_loss": 100.0 * left_30 / (stayed_30 + left_30) if stayed_30 + left_30 else np.nan,
    }


def _events(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    flows = now.flows
    net = flows["arrivals_by_age"] - flows["departures_by_age"]
    residents, middle = float(flows["persons"].sum()), float(flows["residents_20_59"])
    return {
        **{name: flows[name] for name in ("births", "deaths", "arrivals", "departures")},
        "net_migration": net,
        "net_internal_migration": float(net.sum()) - flows["arrivals_from_abroad"] + flows["departures_abroad"],
        "natural_balance": float(flows["births"].sum() - flows["deaths"].sum()),
        "dependency_ratio": 100.0 * (residents - middle) / max(middle, 1.0),
    }


def _institutions(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    bodies, kind = now.state.bodies, now.reference.roster.kind
    spent, used, places = (
        np.bincount(kind, weights=values, minlength=len(KINDS))
        for values in (bodies.spent_eur, bodies.used, bodies.capacity)
    )
    return {"institution_spending": spent * 1e-6, "capacity_used": 100.0 * _ratio(used, places)}


def _accounts(recorder: Recorder, now: Now) -> dict[str, ArrayLike]:
    return {
        "residual_people": now.flows["residual_people"],
        "residual_jobs": now.flows["residual_jobs"],
        "residual_money": now.flows["residual_money"] * float(now.state.economy.gva.sum()) * now.scale,
    }
