"""Institutions and funds: who they are, and what changes of them in a run."""

from __future__ import annotations

import copy
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Kind of institution -> what it serves, the unit of its use and capacity; "" where it has no places.
SERVES = {
    "development_agency": "",
    "province": "",
    "municipality": "",
    "tourism_board": "result areas",
    "secondary_education": "pupils",
    "higher_education": "students",
    "employment_service": "job-seekers",
    "adult_education": "adults in the labour force",
    "research_site": "firms of its sectors in its arrondissement",
    "port": "jobs of port sectors in its municipality",
    "terminal": "jobs of port sectors in its municipality",
    "incubator": "young firms in its municipality",
    "participation_fund": "",
    "coalition": "",
}
KINDS = tuple(SERVES)
FUNDED_BY_RESIDENTS = ("development_agency", "province", "municipality", "tourism_board")
FUNDED_BY_PLACES = tuple(kind for kind in KINDS if SERVES[kind] and kind not in FUNDED_BY_RESIDENTS)
SERVES_ITS_PLACE = ("research_site", "port", "terminal", "incubator")
LEVELS = ("municipality", "province", "community", "country", "europe")
DOMAINS = (
    "transport", "knowledge", "digital", "business_parks", "retail", "human_capital", "technical_education", "starters",
    "tourism",
)  # fmt: skip


INSTRUMENTS = (  # of coordination, with where they come from in the founding documents
    "stakeholder_analysis", "steering_group", "working_groups", "resident_participation", "co_creation", "covenant",
    "leadership_group", "benefit_groups", "conference", "market_plan", "early_consultation", "networks",
    "data_alliance", "advice_body", "strong_municipalities", "social_dialogue",
)  # fmt: skip
CATEGORIES_OF_ACTION = ("informs", "shares_cost", "takes_a_stake", "builds_and_runs")  # POM's 1 to 4


@dataclass(frozen=True)
class Roster:
    """What institutions and funds are, from the region's tables; B institutions, S sectors, F funds."""

    code: tuple[str, ...]  # (B,) those of institutions.csv, then the municipalities
    kind: NDArray[np.int8]  # (B,) index in KINDS
    municipality: NDArray[np.int16]  # (B,) where it stands, -1 nowhere in particular
    weight: Array  # (B,) part of what its kind serves, 1 where it serves its own place
    places: Array  # (B,) places at scale 1 where they are stated, NaN where they follow from use in the first quarter
    sectors: NDArray[np.bool_]  # (B, S) sectors it works for
    domains: tuple[frozenset[str], ...]  # (B,) of DOMAINS, what it may act in
    fund: tuple[str, ...]  # (F,)

    def of_kind(self, kind: str) -> NDArray[np.int64]:
        """Rows of the institutions of a kind."""
        return np.flatnonzero(self.kind == KINDS.index(kind))


@dataclass
class Bodies:
    """State of the institutions and funds, at the scale of the run; money in EUR of 2011."""

    budget_eur: Array  # (B,) for this quarter
    spent_eur: Array  # (B,) in this quarter, measures of the plan apart
    capacity: Array  # (B,) places, in what the kind serves; 0 without places
    used: Array  # (B,) of them in use
    knowledge_eur: Array  # (B,) stock of what was spent on applied research, less depreciation
    nav_eur: Array  # (B,) net asset value of a participation fund: stakes and cash
    willing: NDArray[np.bool_]  # (B,) takes part in what coalitions do
    committed_eur: Array  # (F,) promised by a fund in this calendar year

    @classmethod
    def empty(cls, roster: Roster) -> Bodies:
        """Before the first quarter: nothing spent, everyone willing."""
        rows, funds = len(roster.code), len(roster.fund)
        zeros = {f.name: np.zeros(rows) for f in fields(cls) if f.name != "willing"}
        return cls(**{**zeros, "committed_eur": np.zeros(funds)}, willing=np.ones(rows, np.bool_))

    def copy(self) -> Bodies:
        """An independent copy."""
        twin = copy.copy(self)
        for f in fields(self):
            setattr(twin, f.name, getattr(self, f.name).copy())
        return twin
