"""Levers: what an intervention may move. Neutral at the start of every quarter, so nothing compounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regionsim.state.errors import InputError, listed
from regionsim.state.places import ORIGINS

COMBINED: dict[str, np.ufunc] = {"add": np.add, "multiply": np.multiply, "highest": np.maximum}


class Lever(NamedTuple):
    """One lever: what it ranges over, its neutral value and the one rule by which several measures combine."""

    over: str  # region | arrondissement | sector | origin | firm | person
    neutral: float
    combine: str  # add | multiply | highest
    unit: str
    meaning: str


LEVERS: dict[str, Lever] = {
    "digital_support": Lever(
        "firm", 0.0, "add", "index points 0-1", "digital index the firm reaches beyond its own path"
    ),
    "digital_ceiling": Lever(
        "arrondissement", 0.0, "add", "index points 0-1", "highest digital index that support can lift a firm to, added"
    ),
    "early_closing_ratio": Lever(
        "firm", 1.0, "multiply", "ratio", "hazard of closing of a treated firm relative to an untreated one"
    ),
    "start_size_ratio": Lever(
        "firm", 1.0, "multiply", "ratio", "size a treated starter aims for relative to an untreated one"
    ),
    "dual_places": Lever(
        "arrondissement", 0.0, "add", "learners in the year", "places for dual learning in small and medium firms"
    ),
    "dual_student_places": Lever(
        "arrondissement", 0.0, "add", "learners in the year", "the same for students in their last year"
    ),
    "training_firm_retention": Lever(
        "region",
        0.0,
        "highest",
        "probability",
        "chance that a dual learner is taken on by the training firm beyond the standing one",
    ),
    "demand_ratio": Lever(
        "firm", 1.0, "multiply", "ratio", "orders a treated firm attracts relative to an untreated one"
    ),
    "sector_demand": Lever("sector", 1.0, "multiply", "ratio", "final demand for a sector's output, all markets"),
    "local_purchases": Lever(
        "sector", 0.0, "add", "share", "part of what households buy outside the region that moves to the sector here"
    ),
    "market_entry": Lever(
        "firm", 0.0, "add", "probability a quarter", "chance to enter a market abroad other than the exposed one, added"
    ),
    "energy_saving": Lever("firm", 0.0, "add", "share", "part of its cost of energy and materials a firm saves"),
    "investment_support": Lever("firm", 0.0, "add", "ratio", "capital a firm aims for beyond what its orders call for"),
    "research_access": Lever(
        "firm", 0.0, "add", "probability", "chance that a firm does research, added by help or a site nearby"
    ),
    "research_grant": Lever("firm", 0.0, "add", "EUR a quarter", "grant for research"),
    "training_support": Lever(
        "firm", 0.0, "add", "share of workers", "workers trained beyond what the firm does itself"
    ),
    "public_capital": Lever(
        "arrondissement", 0.0, "add", "log points", "productivity that transport and other public capital adds"
    ),
    "productivity": Lever("firm", 0.0, "add", "log points", "productivity a treated firm moves towards, added"),
    "equity_eur": Lever("firm", 0.0, "add", "EUR of 2011 a quarter", "money put into a firm for a minority stake"),
    "credit_ratio": Lever(
        "firm", 1.0, "multiply", "ratio", "credit limit of a treated firm relative to an untreated one"
    ),
    "start_propensity": Lever("arrondissement", 1.0, "multiply", "ratio", "chance that a resident founds a firm"),
    "technical_track": Lever(
        "person", 0.0, "add", "probability", "chance that a pupil takes a technical or vocational track, added"
    ),
    "place_image": Lever(
        "region", 0.0, "add", "standard deviations", "how the region is seen by those who choose where to live"
    ),
    "course_places": Lever(
        "arrondissement", 0.0, "add", "starters in the quarter", "courses for job-seekers beyond the standing ones"
    ),
    "ladder_odds": Lever(
        "person", 1.0, "multiply", "ratio", "odds of a guided inactive person to climb the participation ladder"
    ),
    "search_ratio": Lever(
        "person", 1.0, "multiply", "ratio", "search effort of a treated job-seeker relative to an untreated one"
    ),
    "long_term_chance": Lever(
        "region", 0.0, "add", "probability", "how often those long in search are met by employers, added"
    ),
    "commute_cost": Lever(
        "arrondissement", 1.0, "multiply", "ratio", "cost of the way to work for those who live there"
    ),
    "frontier_ratio": Lever(
        "region", 1.0, "multiply", "ratio", "wanted size of the pool of commuters from abroad, relative to its driver"
    ),
    "founding_ratio": Lever(
        "person", 1.0, "multiply", "ratio", "chance that a treated person founds a firm relative to an untreated one"
    ),
    "skill_course": Lever("person", 0.0, "add", "log points", "skill that a course ending this quarter adds, once"),
    "digital_course": Lever(
        "person", 0.0, "add", "index points 0-1", "digital skill that a course ending this quarter adds, once"
    ),
    "workability": Lever("firm", 0.0, "add", "index points 0-1", "workability beyond the firm's own"),
    "graduate_pull": Lever("region", 0.0, "add", "log-odds", "shift of graduates' choice to live here"),
    "tourism_promotion": Lever(
        "origin", 1.0, "multiply", "ratio", "promotion budget relative to the present one, by origin of visitors"
    ),
    "tourism_quality": Lever("region", 1.0, "multiply", "ratio", "quality of what visitors are offered"),
    "winter_visitors": Lever("region", 0.0, "add", "share", "nights added in the first and last quarter of the year"),
    "peak_visitors": Lever(
        "region", 1.0, "multiply", "ratio", "visitors admitted in the third quarter relative to all who would come"
    ),
    "port_capacity": Lever("region", 0.0, "add", "share", "capacity added to the terminals"),
    "port_service": Lever("region", 0.0, "add", "share", "generalised cost of the gateway saved for its users"),
    "rail_cost": Lever("region", 1.0, "multiply", "ratio", "generalised cost of freight by rail"),
    "water_cost": Lever("region", 1.0, "multiply", "ratio", "generalised cost of freight by inland waterway"),
    "freight_emission": Lever("region", 1.0, "multiply", "ratio", "emissions per tonne-kilometre of freight"),
    "core_refill": Lever("arrondissement", 0.0, "add", "probability a quarter", "refilling of vacant shops, added"),
    "core_quality": Lever("arrondissement", 0.0, "add", "log points", "pull of shopping cores at equal footfall"),
    "online_pull": Lever("region", 0.0, "add", "share a year", "shift of shop spending to sellers online, added"),
    "park_space": Lever("arrondissement", 0.0, "add", "share", "hectares added to business parks"),
    "park_quality": Lever("arrondissement", 0.0, "add", "index", "landscape and services of business parks"),
    "awareness": Lever("region", 0.0, "add", "share", "those who would take part in measures if asked, added"),
    "coordination": Lever("region", 0.0, "add", "instruments", "instruments of coordination at work, added"),
    "recreation": Lever("arrondissement", 0.0, "add", "standard deviations", "recreation and green for residents"),
}


@dataclass
class Levers:
    """Values of all levers in one quarter; dense over places, sparse (rows, values) over firms and people."""

    dense: dict[str, NDArray[np.float64]]
    sparse: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]

    @classmethod
    def neutral(cls, arrondissements: int, sectors: int) -> Levers:
        """All levers at their neutral value."""
        sizes = {"region": 1, "arrondissement": arrondissements, "sector": sectors, "origin": len(ORIGINS)}
        dense = {n: np.full(sizes[lever.over], lever.neutral) for n, lever in LEVERS.items() if lever.over in sizes}
        none = (np.empty(0, np.int64), np.empty(0, np.float64))
        return cls(dense, {n: none for n, lever in LEVERS.items() if lever.over in ("firm", "person")})

    def move(self, name: str, values: NDArray[np.float64] | float, rows: NDArray[np.int64] | None = None) -> None:
        """Combine values into a lever by its declared rule; `rows` for levers over firms and people."""
        if name not in LEVERS:
            raise InputError(f"lever '{name}'", f"unknown; allowed: {listed(LEVERS)}")
        lever = LEVERS[name]
        if rows is None:
            self.dense[name] = COMBINED[lever.combine](self.dense[name], values)
            return
        old_rows, old_values = self.sparse[name]
        added = np.broadcast_to(np.asarray(values, np.float64), rows.shape)
        self.sparse[name] = (np.concatenate([old_rows, rows]), np.concatenate([old_values, added]))

    def over_rows(self, name: str, size: int, or_nothing: bool = False) -> NDArray[np.float64]:
        """A sparse lever spread over all rows of its population; float64, shape (size,).

        With `or_nothing` shape (0,) where nobody moved it, so that it costs nothing then."""
        lever = LEVERS[name]
        rows, values = self.sparse[name]
        if or_nothing and not rows.size:
            return np.empty(0, np.float64)
        spread = np.full(size, lever.neutral)
        COMBINED[lever.combine].at(spread, rows, values)
        return spread

    def region(self, name: str) -> float:
        """Value of a lever that ranges over the region."""
        return float(self.dense[name][0])
