"""The regional economy of the first quarter, from the national input-output table (model.md; assumptions stated here).

Domestic output of a sector is its column of inputs plus its value added; imports are supply less that output; imported
inputs are proportional to supply. Regional input coefficients scale the domestic ones with a location quotient that
shrinks with the size of the region (Flegg, Webber & Elliott 1995; exponent recalled). What the region makes and does
not use leaves it: abroad at the national export rate, the rest to the rest of the country.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.population.sections import by_sector
from regionsim.state.firms import EMPLOYER, OUTSIDE, Firms
from regionsim.state.parameters import Block, Sample
from regionsim.state.reference import (
    CATEGORIES,
    EU,
    GOVERNMENT,
    HOUSEHOLDS,
    INVESTMENT,
    MARKETS,
    REST_OF_COUNTRY,
    REST_OF_WORLD,
    UK,
    BaseEconomy,
)

Array = NDArray[np.float64]

# who buys what shops, restaurants, services and builders make beyond what national rates of use explain: trade margins
# and work on the spot, which the table books elsewhere
SOLD_ON_THE_SPOT = {"retail": HOUSEHOLDS, "visitor": HOUSEHOLDS, "public": HOUSEHOLDS, "construction": INVESTMENT}


def build_base_economy(tables: RegionTables, parameters: Sample, firms: Firms) -> BaseEconomy:
    """Base-year economy in million EUR a quarter; the productivity trend is left at zero."""
    p = parameters.trade
    national = NationalEconomy(tables)
    jobs_region, jobs_country = national.jobs("region"), national.jobs("country")
    gva = regional_gva(tables, jobs_region, national) / 4.0
    output = gva * national.output / national.gva
    quotient = _location_quotient(jobs_region, jobs_country, p.flq_exponent)
    supplied = quotient * (1.0 - national.import_share)
    local_inputs = national.coefficients * supplied[:, None]
    imported = national.coefficients.sum(axis=0) - local_inputs.sum(axis=0)
    share = float(gva.sum() / (national.gva.sum() / 4.0))
    wanted = {c: national.final[c] / 4.0 * share for c in (HOUSEHOLDS, INVESTMENT)}
    local = gva / np.maximum(national.gva / 4.0, 1e-12)
    wanted[GOVERNMENT] = national.final[GOVERNMENT] / 4.0 * local  # what it buys of a sector is made where it is
    demand = np.zeros((len(CATEGORIES), gva.size))
    for category in (HOUSEHOLDS, INVESTMENT):
        demand[category] = wanted[category] * supplied
    demand[GOVERNMENT] = wanted[GOVERNMENT] * (1.0 - national.import_share)
    available = output - local_inputs @ output
    demand = _scaled_to_output(demand, available - demand.sum(axis=0), available)
    left = np.maximum(available - demand.sum(axis=0), 0.0)
    left = _sell_on_the_spot(tables, demand, left, wanted, p.sold_on_the_spot)
    _sell_beyond_the_region(tables, demand, left, np.minimum(national.export_rate * output, left), p)
    jobs = firms.a.jobs.astype(np.float64)
    here = (firms.a.kind >= 0) & (firms.a.kind != OUTSIDE)
    employer = firms.a.kind == EMPLOYER
    sectors = gva.size
    return BaseEconomy(
        output=output,
        gva=gva,
        labour=_summed(firms.a.sector[employer], jobs[employer], sectors),
        jobs=_summed(firms.a.sector[here], jobs[here], sectors),
        leontief=np.linalg.inv(np.eye(sectors) - local_inputs),
        intermediate_local=local_inputs,
        imported_inputs=imported,
        final_demand=demand,
        household_imports=float(wanted[HOUSEHOLDS].sum() - demand[HOUSEHOLDS].sum()),
        government_imports=float(wanted[GOVERNMENT].sum() - demand[GOVERNMENT].sum()),
        investment_imports=float(wanted[INVESTMENT].sum() - demand[INVESTMENT].sum()),
        productivity_trend_year=np.zeros(sectors),
        ln_productivity=np.zeros((1, sectors)),
        demand_trend_year=np.zeros(sectors),
        uk_input_share=float(p.uk_share_imports),
        capital_per_job=np.zeros(sectors),
        investment_of_firms=0.0,
        customers_abroad=np.zeros((len(MARKETS) - 1, sectors)),
        interest_rate=0.0,
    )


def _sell_on_the_spot(
    tables: RegionTables, demand: Array, left: Array, wanted: dict[int, Array], share: float
) -> Array:
    """Add to `demand` what those on the spot buy of what is left where it is sold there; returns the rest; (S,).

    No more than they would otherwise have bought elsewhere: they do not spend more, they spend it here.
    """
    sold = {buyer: np.zeros(left.size) for buyer in SOLD_ON_THE_SPOT.values()}
    for tag, buyer in SOLD_ON_THE_SPOT.items():
        here = np.array([tag in tags for tags in tables.labels.sector_tags])
        sold[buyer][here] += share * left[here]
        left = np.where(here, (1.0 - share) * left, left)
    for buyer, amounts in sold.items():
        elsewhere = max(float(wanted[buyer].sum() - demand[buyer].sum()), 0.0)
        kept = min(1.0, elsewhere / max(float(amounts.sum()), 1e-12))
        demand[buyer] += kept * amounts
        left = left + (1.0 - kept) * amounts
    return left


def _sell_beyond_the_region(tables: RegionTables, demand: Array, left: Array, abroad: Array, p: Block) -> None:
    """Fill the markets of `demand`: `abroad` to the exposed market, union and world, the rest to the country."""
    goods = np.array(["export" in tags for tags in tables.labels.sector_tags])
    exposed = np.array(["uk_exposed" in tags for tags in tables.labels.sector_tags])
    uk = _uk_exports(abroad, np.where(exposed, p.uk_exposed_weight, 1.0) * goods, p.uk_share_exports)
    eu = (abroad - uk) * p.eu_share_of_other_exports
    demand[UK], demand[EU], demand[REST_OF_WORLD] = uk, eu, abroad - uk - eu
    demand[REST_OF_COUNTRY] = left - abroad


def _summed(sector: NDArray[np.int8], values: Array, sectors: int) -> Array:
    return np.asarray(np.bincount(sector, weights=values, minlength=sectors), np.float64)


class NationalEconomy:
    """The national input-output table in sectors: coefficients (from, to), output, gva, demand; million EUR a year."""

    def __init__(self, tables: RegionTables) -> None:
        labels = tables.labels
        self.tables = tables
        index = {s: i for i, s in enumerate(labels.sectors)}
        flows = np.zeros((len(index), len(index)))
        io = tables.input_output
        flows[io["from_sector"].map(index).to_numpy(), io["to_sector"].map(index).to_numpy()] = io["mio_eur"]
        final = tables.final_demand.set_index("sector").loc[list(labels.sectors)]
        self.gva = spread_over_group(
            tables, _group_values(tables.gva_country), final["labour_compensation"].to_numpy(float)
        )
        self.output = flows.sum(axis=0) + self.gva
        self.coefficients = flows / self.output
        supply = final["supply"].to_numpy(float)
        self.import_share = np.clip(1.0 - self.output / supply, 0.0, 1.0)
        self.export_rate = np.clip(final["exports"].to_numpy(float) / supply, 0.0, 1.0)
        self.final = {
            HOUSEHOLDS: final["households"].to_numpy(float) + final["npish"].to_numpy(float),
            GOVERNMENT: final["government"].to_numpy(float),
            INVESTMENT: final["investment"].to_numpy(float),
        }

    def jobs(self, area: str) -> Array:
        """Census jobs of the region or the country by sector; (S,)."""
        frame = self.tables.jobs_section_province
        rows = frame[frame["area"] == area]
        return by_sector(self.tables, dict(zip(rows["section"], rows["jobs"].astype(float), strict=True)))


def _group_values(frame: object) -> dict[str, float]:
    return dict(zip(frame["group"], frame["mio_eur"].astype(float), strict=True))  # type: ignore[index]


def spread_over_group(tables: RegionTables, by_group: dict[str, float], weight: Array) -> Array:
    """Values of published groups given to the sectors in them, in proportion to `weight`; (S,)."""
    groups = tables.sectors["employment_group"].to_numpy()
    out = np.zeros(len(groups))
    for i, group in enumerate(groups):
        value = sum(by_group[part] for part in group.split("+"))
        out[i] = value * weight[i] / weight[groups == group].sum()
    return out


def regional_gva(tables: RegionTables, jobs: Array, national: NationalEconomy) -> Array:
    """Regional value added of the base year by sector, million EUR: published groups, inside them jobs x national GVA
    per job; (S,)."""
    frame = tables.gva_history
    year = int(str(tables.region.set_index("key")["value"]["census_day"])[:4])
    groups = _group_values(frame[frame["year"] == year])
    return spread_over_group(tables, groups, jobs * national.gva / np.maximum(national.jobs("country"), 1.0))


def _location_quotient(region: Array, country: Array, exponent: float) -> Array:
    """Share of a sector's domestic supply that the region can serve itself; at most 1; (S,)."""
    simple = (region / region.sum()) / (country / country.sum())
    size = np.log2(1.0 + region.sum() / country.sum()) ** exponent
    quotient: Array = np.minimum(simple * size, 1.0)
    return quotient


def _scaled_to_output(demand: Array, left: Array, available: Array) -> Array:
    """Local demand cut back where it would exceed what the sector makes for final use."""
    total = demand.sum(axis=0)
    factor = np.where(left < 0.0, np.maximum(available, 0.0) / np.maximum(total, 1e-12), 1.0)
    return demand * factor


def _uk_exports(abroad: Array, weight: Array, share: float) -> Array:
    """Exports to the exposed market: `share` of all exports abroad, spread by weight, never all of a sector's; (S,)."""
    weighted = abroad * weight
    return np.minimum(weighted * share * float(abroad.sum()) / max(float(weighted.sum()), 1e-12), 0.9 * abroad)
