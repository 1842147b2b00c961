"""Firms on census day as businesses: markets, customers, efficiency, equipment, knowledge, money.

What firms have is set so that the orders of the first quarter call for just the jobs they have, at the value added of
the regional accounts and the wages that are paid.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from regionsim.population.build import Population
from regionsim.population.keyed import Keyed
from regionsim.state.draws import uniforms
from regionsim.state.firms import ABROAD, EMPLOYER, INCLINED_TO_RESEARCH, OUTSIDE, REACH, Firms
from regionsim.state.parameters import Block, Sample
from regionsim.state.reference import MARKETS, REST_OF_COUNTRY, BaseEconomy, Reference

Array = NDArray[np.float64]

_ROUNDS = 50  # of splitting the jobs of exporters over markets
_ABROAD = 0.9  # most of its jobs that an exporter has for customers abroad
_AT_HOME = 0.9  # of what is sold at home, what those that serve a market abroad leave to the others at least


def settle_firms(
    population: Population, base: BaseEconomy, reference: Reference, p: Sample, interest_rate: float, keyed: Keyed
) -> tuple[BaseEconomy, Array]:
    """Fill the business columns of `population.firms`; returns the base economy with capital, and reach."""
    firms, sectors = population.firms, base.gva.size
    f = firms.a
    here = (f.kind >= 0) & (f.kind != OUTSIDE)
    wages = _wages_of_firms(population)
    f.efficiency[:] = np.where(here, _efficiency(firms, here, wages, p.finance, base, keyed), 1.0)
    _serve_markets(firms, here, base, p.markets, keyed)
    reach, abroad = _customers(firms, here, base)
    passing = p.firms.growth_on_census_day * keyed.normal("passing growth", f.id)
    f.growth[:] = np.where(f.kind == EMPLOYER, passing, 0.0)
    f.needed[:] = f.expected[:] = f.capital[:] = np.where(here, f.jobs, 0)
    paid = np.bincount(f.sector[here], weights=wages[here], minlength=sectors)
    surplus = np.maximum(base.gva * 1e6 * population.scale - paid, 0.1 * base.gva * 1e6 * population.scale)
    per_job = p.finance.invested_of_surplus * surplus / p.finance.depreciation_q / np.maximum(base.jobs, 1e-9)
    worth = f.capital * f.efficiency * per_job[f.sector]
    value_added = f.jobs * f.efficiency * (base.gva * 1e6 * population.scale / np.maximum(base.jobs, 1e-9))[f.sector]
    f.debt[:] = np.where(here, p.finance.target_debt * worth, 0.0)
    interest = p.finance.real_rate_spread / 400.0 * f.debt
    kept_up = p.finance.depreciation_q * worth
    profit = (value_added - wages - interest) * (1.0 - p.trade.profit_tax) - kept_up
    f.cash[:] = np.where(here, p.finance.cash_buffer * value_added + np.maximum(profit, 0.0), 0.0)
    _knowledge(firms, reference.research_intensity, p)
    sd = float(p.brexit.input_share_sd)
    bought = base.uk_input_share * np.exp(sd * keyed.normal("inputs from the exposed market", f.id) - 0.5 * sd * sd)
    f.uk_inputs[:] = np.where(here, np.minimum(bought, 1.0), 0.0)
    kept = float(p.finance.depreciation_q * worth[here].sum() * 1e-6 / population.scale)
    capital = {"capital_per_job": per_job, "investment_of_firms": kept, "interest_rate": interest_rate}
    return replace(base, customers_abroad=abroad, **capital), reach


def _wages_of_firms(population: Population) -> Array:
    """EUR a quarter that each firm pays; (firms,)."""
    p, f = population.people.a, population.firms.a
    rows = np.flatnonzero((p.place >= 0) & (p.employer >= 0))
    paid = np.bincount(p.employer[rows], weights=p.wage_eur_q[rows].astype(float), minlength=f.id.size)
    return np.asarray(paid, np.float64)


def _efficiency(
    firms: Firms, here: NDArray[np.bool_], wages: Array, p: Block, base: BaseEconomy, keyed: Keyed
) -> Array:
    """Output per job relative to the sector: as high as the wages a firm pays, and a part of its own, higher in
    those inclined to export; (firms,)."""
    f, sectors = firms.a, base.gva.size
    mean = np.bincount(f.sector[here], weights=wages[here], minlength=sectors) / np.maximum(base.jobs, 1e-9)
    relative = wages / np.maximum(f.jobs, 1) / np.maximum(mean[f.sector], 1e-9)
    own = keyed.normal("efficiency of a firm", f.id)
    together = p.efficient_export * keyed.normal("exporter", f.id) + np.sqrt(1 - p.efficient_export**2) * own
    relative = np.where(relative > 0, relative, 1.0) * np.exp(p.efficiency_sd * together)
    sums = np.bincount(f.sector[here], weights=(relative * f.jobs)[here], minlength=sectors)
    scaled: Array = relative * (base.jobs / np.maximum(sums, 1e-9))[f.sector]
    return scaled


def _serve_markets(firms: Firms, here: NDArray[np.bool_], base: BaseEconomy, p: Block, keyed: Keyed) -> None:
    """Which markets abroad each employer serves, by size; who serves one often serves others.

    In a sector whose other firms have more jobs than region and country call for, the largest of them serve too.
    """
    f = firms.a
    size = np.log(np.maximum(f.real_jobs, 1))
    common = keyed.normal("exporter", f.id)
    abroad = base.final_demand[REST_OF_COUNTRY + 1 : REST_OF_COUNTRY + len(MARKETS)]
    for m, market in enumerate(ABROAD):
        odds = np.log(p.smallest_share[m] / (1 - p.smallest_share[m])) + p.size_slope[m] * size
        latent = p.markets_together * common + np.sqrt(1 - p.markets_together**2) * keyed.normal(market, f.id)
        serves = (f.kind == EMPLOYER) & (ndtr(-latent) < 1 / (1 + np.exp(-odds))) & (abroad[m] > 0)[f.sector]
        for s in np.flatnonzero(abroad[m] > 0):
            staff = np.flatnonzero((f.kind == EMPLOYER) & (f.sector == s))
            staff = staff[np.argsort(-f.jobs[staff], kind="stable")]
            others = f.jobs[here & (f.sector == s) & ~serves].sum()
            at_home = _AT_HOME * base.jobs[s] * (1 - abroad[m, s] / max(base.output[s], 1e-12))
            for row in staff[~serves[staff]]:
                if others <= at_home and serves[staff].any():
                    break
                serves[row] = True
                others -= f.jobs[row]
        f.markets[:] |= (serves.astype(np.uint8) << np.uint8(m)).astype(np.uint8)
        firms.column(REACH[m])[:] = serves


def _customers(firms: Firms, here: NDArray[np.bool_], base: BaseEconomy) -> tuple[Array, Array]:
    """Split the jobs of every firm over the customers that call for them: abroad by market, the rest at home.

    Returns reach (MARKETS, S): customers won per customer at home, and customers abroad (ABROAD, S) of a firm that
    serves a market per customer of its own at home.
    """
    f, sectors = firms.a, base.gva.size
    abroad = base.final_demand[REST_OF_COUNTRY + 1 : REST_OF_COUNTRY + len(MARKETS)]
    wanted = abroad * base.jobs / np.maximum(base.output, 1e-12)
    serves = np.stack([firms.column(name) > 0 for name in REACH])
    jobs = np.where(here, f.jobs, 0).astype(float)
    won = np.zeros((len(ABROAD), f.id.size))
    for s in np.flatnonzero(wanted.sum(axis=0) > 0):
        rows = np.flatnonzero(here & (f.sector == s) & serves.any(axis=0))
        if rows.size:
            won[:, rows] = _split(serves[:, rows], jobs[rows], f.efficiency[rows], wanted[:, s])
    for m, name in enumerate(REACH):
        firms.column(name)[:] = won[m]
    f.size_weight[here] = (jobs - won.sum(axis=0))[here]
    at_home = np.bincount(f.sector, weights=np.where(here, f.size_weight * f.efficiency, 0.0), minlength=sectors)
    total = [np.bincount(f.sector, weights=row * f.efficiency, minlength=sectors) for row in won]
    own = [np.bincount(f.sector, weights=f.size_weight * f.efficiency * row, minlength=sectors) for row in serves]
    reach = np.stack([at_home, *total]) / np.maximum(at_home, 1e-12)
    return reach, np.stack(total) / np.maximum(np.stack(own), 1e-12)


def _split(serves: NDArray[np.bool_], jobs: Array, efficiency: Array, wanted: Array) -> Array:
    """Jobs of each exporter that each market calls for, in proportion to its jobs, at most _ABROAD of them; (m, f)."""
    won = np.zeros(serves.shape)
    for _ in range(_ROUNDS):
        room = np.maximum(_ABROAD * jobs - won.sum(axis=0), 0.0)
        missing = wanted - won @ efficiency
        weight = serves * room
        total = weight @ efficiency
        share = np.divide(np.maximum(missing, 0.0), total, out=np.zeros(len(total)), where=total > 0)
        step = weight * np.minimum(share, 1.0)[:, None]
        won += step * np.minimum(1.0, room / np.maximum(step.sum(axis=0), 1e-12))
    return won


def _knowledge(firms: Firms, intensity: Array, p: Sample) -> None:
    """Who does research, with the stock of one that always did, and workers trained as usual."""
    f = firms.a
    employer, size = f.kind == EMPLOYER, np.log(np.maximum(f.real_jobs, 1))
    odds = np.log(p.research.active_smallest / (1 - p.research.active_smallest)) + p.research.active_slope * size
    inclined = uniforms(INCLINED_TO_RESEARCH, f.id) < 1 / (1 + np.exp(-odds))
    f.researches[:] = employer & inclined & (intensity[f.sector] > 0)
    f.research[:] = f.research_start[:] = f.researches
    usual = np.minimum(p.training.trained_smallest + p.training.trained_size_slope * size, 0.9)
    f.trained[:] = np.where(employer, usual, 0.0)
