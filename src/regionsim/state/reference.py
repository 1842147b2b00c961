"""What the published tables say, as arrays ready for the quarter: rates by age, places, links between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.state.bodies import Roster

Array = NDArray[np.float64]

LAST_AGE = 110  # single years of age 0..110
STUDY_CHOICES = ("none", "college_here", "college_away", "university_here", "university_away")
MIGRATION_AGE_FROM = (0, 15, 30, 45, 65)  # first year of age of each group of the driver migration_rate
BANDS = 21  # five-year bands 0-4 .. 95-99, 100+


@dataclass(frozen=True)
class Gazetteer:
    """The codes and tags by which a measure names places and sectors; M municipalities, S sectors."""

    municipality: tuple[str, ...]  # (M,)
    subregion: tuple[str, ...]  # (M,) tag, '' without one
    coast: NDArray[np.bool_]  # (M,) has a sea shore
    sector: tuple[str, ...]  # (S,)
    sector_tags: tuple[frozenset[str], ...]  # (S,)


@dataclass(frozen=True)
class Reference:
    """Rates and shares from the region's tables (population/reference.py says how); A places, M municipalities."""

    arrondissement_of: NDArray[np.int16]  # (M,) arrondissement index of a municipality
    municipality_cumulative: Array  # (M,) cumulative share of the arrondissement's population, in municipality order
    municipalities_from: NDArray[np.int64]  # (A + 1,) rows of `municipality_order` of each arrondissement
    municipality_order: NDArray[np.int16]  # (M,) municipalities sorted by arrondissement
    distance_km: Array  # (M, M) great-circle distance between the centroids of municipalities
    fertility_profile: Array  # (111,) share of lifetime births at each single age
    death_probability: Array  # (years, 2, 111) yearly probability by calendar year, sex, age
    death_first_year: int
    death_improvement: Array  # (2, 111) yearly fall of ln probability, after the last table year
    death_factor: Array  # (A,) mortality relative to the table
    arrivals_year: Array  # (A, 2, BANDS) people arriving in a year at reference level
    departure_year: Array  # (2, 111) yearly probability of departure at reference level
    departure_factor: Array  # (A,)
    net_migration_reference: Array  # (A,) persons a year at which the two above were derived
    education_cumulative: Array  # (BANDS, 4) cumulative shares of adults by education
    participation: Array  # (2, BANDS, 4) census labour-force participation by sex, band, education
    leave_home_year: Array  # (2, 111) yearly probability that a child at home leaves
    partnered_share: Array  # (2, 111) share partnered among those not at home
    home_of_worker_cumulative: Array  # (2A, A + 1) cumulative chance of each home zone (last: outside) by place of work
    sector_education_cumulative: Array  # (S, 4) cumulative shares of jobs by education
    wage_level: float  # mean wage of census day over what the hiring rule would have paid the same people
    sector_ln_wage: Array  # (S,) ln pay relative to other sectors
    starters_sector_cumulative: Array  # (S,)
    starters_rate_year: float  # starters a year per resident aged 20-64
    closing_year: Array  # (40,) yearly hazard of closing by firm age in years
    technical_sector: NDArray[np.bool_]  # (S,) sectors that train technical pupils
    retail_sector: NDArray[np.bool_]  # (S,) sectors tagged retail
    visitor_sector: NDArray[np.bool_]  # (S,) sectors tagged visitor
    port_sector: NDArray[np.bool_]  # (S,) sectors tagged port
    public_sector: NDArray[np.bool_]  # (S,) sectors tagged public, whose firms government keeps solvent
    energy_share: Array  # (S,) energy in the value of output
    research_intensity: Array  # (S,) research spending of a firm that does research, share of its value added
    study_reach: Array  # (A, STUDY_CHOICES) ln nearness of supply, relative to the region's mean
    abroad_share_arriving: Array  # (A, 2, BANDS) share of arrivals that come from abroad
    abroad_share_leaving: float  # share of departures that go abroad
    migration_rate_reference: Array  # (5,) net migration per 1,000 residents by age at reference level
    migration_residents: Array  # (5,) residents of census day by the ages of migration_rate
    youth_share: Array  # (A,) share of the region's residents of school-leaving age
    roster: Roster  # institutions and funds
    gazetteer: Gazetteer  # codes and tags of places and sectors

    @property
    def arrondissements(self) -> int:
        """A."""
        return int(self.arrivals_year.shape[0])


@dataclass(frozen=True)
class BaseEconomy:
    """The regional economy of the first quarter, in million EUR of 2011 a quarter; S sectors."""

    output: Array  # (S,)
    gva: Array  # (S,)
    labour: Array  # (S,) jobs of employer establishments at the scale of the run
    jobs: Array  # (S,) all filled jobs located here at the scale of the run
    leontief: Array  # (S, S) inverse of identity minus regional input coefficients
    intermediate_local: Array  # (S, S) regional inputs per unit of output
    imported_inputs: Array  # (S,) imported inputs per unit of output
    final_demand: Array  # (len(CATEGORIES), S)
    household_imports: float  # consumption bought outside the region
    government_imports: float
    investment_imports: float
    productivity_trend_year: Array  # (S,) yearly growth of output per job after the last published year
    ln_productivity: Array  # (Y, S) ln output per job in the published years since the first, smoothed; first row 0
    demand_trend_year: Array  # (S,) yearly growth of final demand beyond what drivers call for
    uk_input_share: float  # share of imported inputs that come from the exposed market
    capital_per_job: Array  # (S,) EUR of 2011
    investment_of_firms: float  # million EUR a quarter that keeps the capital of the first quarter
    customers_abroad: Array  # (ABROAD, S) customers a firm that serves a market wins there, relative to those at home
    interest_rate: float  # % a year in the first quarter

    def trend_productivity(self, years: float) -> Array:
        """Output per job so many years after the start of the first year, relative to then (S,).

        Published years stand for their middle, with straight lines of logarithms between; the trend after the last."""
        last = len(self.ln_productivity) - 1
        at = min(max(years - 0.5, 0.0), float(last))
        k = min(int(at), max(last - 1, 0))
        step = self.ln_productivity[min(k + 1, last)] - self.ln_productivity[k]
        ahead = self.productivity_trend_year * max(years - 0.5 - last, 0.0)
        productivity: Array = np.exp(self.ln_productivity[k] + (at - k) * step + ahead)
        return productivity

    @property
    def value_added_share(self) -> Array:
        """Value added in output by sector, 0 where there is no output; (S,)."""
        share: Array = np.divide(self.gva, self.output, out=np.zeros_like(self.gva), where=self.output > 0)
        return share


CATEGORIES = ("households", "government", "investment", "tourism", "rest_of_country", "uk", "eu", "rest_of_world")
MARKETS = CATEGORIES[4:]
HOUSEHOLDS, GOVERNMENT, INVESTMENT, TOURISM, REST_OF_COUNTRY, UK, EU, REST_OF_WORLD = range(8)
