"""The changing part of the economy that is neither a person nor a firm, and the matrix of who pays whom."""

from __future__ import annotations

import copy
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SECTORS_OF_ACCOUNT = ("households", "firms", "government", "rest_of_world")
HH, FIRMS, GOV, ROW = range(4)
FLOWS = (
    "consumption_local", "consumption_imported", "government_local", "government_imported", "investment_local",
    "investment_imported", "exports", "imported_inputs", "wages_residents", "wages_commuters_in", "wages_commuters_out",
    "profits", "taxes_households", "taxes_firms", "benefits", "subsidies", "transfers_to_government",
)  # fmt: skip


@dataclass
class Economy:
    """Aggregates carried from quarter to quarter. A arrondissements, S sectors."""

    vacancies: NDArray[np.int64]  # (A,) open after matching
    unfilled: Array  # (S,) share of wanted jobs still unfilled after matching
    unemployment_rate: float  # share of the labour force, end of last quarter
    base_unemployment_rate: float
    unemployment_trend: float  # mean of the last year or so, which wages and the inactive look at
    base_unemployment_trend: float  # mean of the first year
    unemployment_by_place: Array  # (A,) the same by arrondissement
    base_unemployment_by_place: Array  # (A,) mean of the first year
    tightness: float  # vacancy rate over unemployment rate, mean of the last year or so
    base_tightness: float  # mean of the first year
    education_share: Array  # (4,) of the labour force by education, mean of the last year or so
    base_education_share: Array  # (4,) mean of the first year
    prices_in_wages: float  # price level that wages have caught up with, 1 in the first quarter
    ln_local_wage: Array  # (A,) wages of new jobs above the region's index, from local unemployment
    ladder_speed: Array  # (2, BANDS, 4) how fast the inactive climb, from the first quarter on
    frontier_share: float  # share of in-commuters who come from abroad, from the first quarter on
    ln_commuters: Array  # (2,) ln size the pool is wanted to have: others, those from abroad
    wage_index: float  # real wages, 1 in the first quarter
    income_index: float  # real disposable income of households, 1 in the first quarter
    demand: Array  # (S,) demand for output relative to the first quarter
    expected_labour: Array  # (S,) smoothed labour demand, jobs at the scale of the run
    productivity: Array  # (S,) trend productivity, 1 in the first quarter
    market_share: Array  # (S,) share kept of orders from beyond the region, 1 in the first quarter
    price: Array  # (S,) regional price relative to competitors
    final_demand: Array  # (CATEGORIES, S) this quarter, million EUR of 2011
    gva: Array  # (S,) million EUR of 2011 this quarter
    production: Array  # (S,) output this quarter
    transactions: Array  # (FLOWS, payer, receiver) million EUR of 2011
    base_income: float
    rd_job_share: float  # jobs in firms that do research, share of the jobs of employers, end of last quarter
    base_rd_job_share: float  # the same in the first quarter
    amenity: Array  # (A,) how pleasant a place is to live in, standard deviations above the first quarter

    def copy(self) -> Economy:
        """An independent copy."""
        twin = copy.copy(self)
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                setattr(twin, f.name, value.copy())
        return twin
