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
    "investment_imported", "investment_of_others", "exports", "tourism", "imported_inputs", "bought_in", "sold_off",
    "wages_residents", "wages_commuters_in", "wages_commuters_out", "interest", "profits", "profits_abroad",
    "taxes_households", "taxes_firms", "benefits", "stakes", "grants_to_public_firms", "pandemic_support", "equity",
    "liquidation", "write_offs", "transfers_to_government",
)  # fmt: skip


@dataclass
class Economy:
    """Aggregates carried from quarter to quarter. A arrondissements, S sectors."""

    vacancies: NDArray[np.int64]  # (A,) open after matching
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
    demand: Array  # (S,) output called for relative to the first quarter
    expected_jobs: Array  # (S,) jobs that expected orders call for
    productivity: Array  # (S,) trend productivity, 1 in the first quarter
    quality: Array  # (S,) mean productivity of workers by age and skill relative to the first quarter
    efficiency: Array  # (S,) mean efficiency of firms by jobs; trend productivity holds what its change brings
    base_quality: Array  # (S,) the same, absolute, in the first quarter
    digital_skill: Array  # (S,) mean digital skill of workers relative to the first quarter
    base_digital_skill: Array  # (S,) the same, absolute (index 0-1), in the first quarter
    market_share: Array  # (S,) share kept of orders from beyond the region, 1 in the first quarter
    short: Array  # (S,) share of orders that could not be filled last quarter
    price: Array  # (S,) mean price of the sector relative to the first quarter
    reach: Array  # (MARKETS, S) mean reach of firms on census day, by weight: what the base exports stand for
    entry_scale: Array  # (ABROAD, S) factor on entry into markets that balances it with leaving on census day
    call: Array  # (1 + MARKETS, S) jobs that the region (row 0) and each market call for per unit of weight served
    margin: Array  # (S,) surplus over value added last quarter
    base_margin: Array  # (S,) the same in the first quarter
    investment: float  # investment of firms relative to that which keeps the capital of the first quarter
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
