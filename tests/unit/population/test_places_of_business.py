"""Visitors as a market of their own, terminals, cores and parks of the first quarter: levels, and what stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.data.tables import RegionTables, load_region
from regionsim.model.setup import Setup, driver_growth, scenario_drivers
from regionsim.population.base_economy import build_base_economy
from regionsim.population.places_of_business import build_places, published_years, spending_shares, with_visitors
from regionsim.population.sectors import on_park_odds
from regionsim.state.firms import EMPLOYER
from regionsim.state.reference import HOUSEHOLDS, MARKETS, TOURISM
from tests.fixtures.models import FICTLAND, parameters, settings

CENTRAL = parameters().central()


@pytest.fixture(scope="module")
def tables() -> RegionTables:
    return load_region(FICTLAND)


def test_output_of_census_day_is_unchanged(setup: Setup, tables: RegionTables) -> None:
    before, after = build_base_economy(tables, CENTRAL, setup.population.firms), setup.base
    assert np.allclose(after.final_demand.sum(axis=0), before.final_demand.sum(axis=0), rtol=1e-12)
    output = after.leontief @ after.final_demand.sum(axis=0)
    assert np.allclose(output, after.output)
    assert not before.final_demand[TOURISM].any() and (after.final_demand >= 0).all()
    bought = after.final_demand[HOUSEHOLDS].sum() + after.household_imports
    assert bought == pytest.approx(before.final_demand[HOUSEHOLDS].sum() + before.household_imports)


def test_visitors_buy_what_they_spend_by_sector(setup: Setup) -> None:
    places = setup.places
    assert setup.base.final_demand[TOURISM] == pytest.approx(places.base_spending * places.spending_shares)


def test_residents_make_room_where_exports_do_not_reach(setup: Setup) -> None:
    """Inns that sell hardly anything beyond the region lose residents' custom to visitors."""
    base = replace(setup.base, final_demand=setup.base.final_demand.copy())
    inns = 2
    base.final_demand[TOURISM, inns] = 0.0
    base.final_demand[-len(MARKETS) :, inns] = [0.04, 0.0, 0.06, 0.0]
    base.final_demand[HOUSEHOLDS, inns] = 1.0
    places = replace(setup.places, nights=np.array([1.2e6, 0.0, 0.0]), spend_per_night=np.ones(3), spend_per_trip=0.0,
                     spending_shares=np.array([0.0, 0.0, 1.0, 0.0]))  # fmt: skip
    made = with_visitors(base, places)
    assert made.final_demand[TOURISM, inns] == pytest.approx(0.3)
    assert not made.final_demand[-len(MARKETS) :, inns].any()
    assert made.final_demand[HOUSEHOLDS, inns] == pytest.approx(0.8)
    assert made.household_imports == pytest.approx(base.household_imports + 0.2)


def test_turnover_of_the_published_year_is_met(setup: Setup, tables: RegionTables) -> None:
    places, growth = setup.places, driver_growth(setup.drivers, 2016)
    spent = 4 * places.base_spending * growth["tourism_nights"] * growth["prices"]
    assert spent == pytest.approx(tables.fact("tourism_turnover", 2016))
    assert places.nights.sum() * growth["tourism_nights"] == pytest.approx(tables.fact("tourism_nights", 2016))
    assert places.spend_per_trip / places.spend_per_night[0] == pytest.approx(CENTRAL.tourism.spend_per_trip)


@pytest.mark.parametrize(("as_of", "grown"), [("2014Q4", False), ("2016Q2", False), ("2017Q4", True)])
def test_a_season_that_was_not_seen_whole_is_no_growth(as_of: str, grown: bool) -> None:
    """Nights are published from 2015, which stands for the years before it."""
    drivers = scenario_drivers(settings(as_of=as_of), load_region(FICTLAND, as_of))
    growth = driver_growth(drivers, 2016)["tourism_nights"]
    assert growth == pytest.approx(20500 / 20000, abs=0.01) if grown else growth == pytest.approx(1.0, abs=0.01)


def test_spending_goes_to_the_sectors_with_the_tag(tables: RegionTables) -> None:
    """makers, shops (retail and port), inns (visitor), offices (business and public)."""
    p = CENTRAL.tourism
    visitor, retail, port, business, public = p.spending_shares
    wanted = [0.0, retail * p.trade_margin + port, visitor, business + public]
    assert spending_shares(tables, p) == pytest.approx(wanted)


def test_tonnes_go_back_to_the_first_year_with_their_markets(setup: Setup, tables: RegionTables) -> None:
    growth = {year: driver_growth(setup.drivers, year) for year in published_years(tables)}
    still = {year: dict.fromkeys(each, 1.0) for year, each in growth.items()}
    now, then = (
        build_places(tables, CENTRAL, setup.population.firms, setup.base, each) for each in (growth, still)
    )  # fmt: skip
    assert then.terminal_uk == pytest.approx([0.4 * 0.4]) and then.terminal_other == pytest.approx([0.4 * 0.6])
    elasticity = float(CENTRAL.ports.trade_elasticity)
    assert now.terminal_uk == pytest.approx(then.terminal_uk / growth[2016]["gdp_uk"] ** elasticity)


def test_cores_and_parks_start_with_what_is_assumed(setup: Setup) -> None:
    places = setup.places
    assert places.vacant_units.sum() / places.shop_units.sum() == pytest.approx(CENTRAL.retail.first_vacancy)
    free = 1 - places.park_used.sum() / places.park_hectares.sum()
    assert free == pytest.approx(CENTRAL.parks.first_free_share)
    assert ((places.visitor_weight >= 0) & (places.visitor_weight < 1)).all()
    assert places.visitor_weight.argmax() == places.visitor_share.argmax()


def test_large_firms_of_industry_stand_on_parks(setup: Setup) -> None:
    f, labels = setup.population.firms.a, setup.tables.labels
    odds = on_park_odds(labels, CENTRAL.population.on_park_share)
    assert 1 / (1 + np.exp(-odds)) == pytest.approx([0.5, 0.45, 0.05, 0.05])
    employers = f.kind == EMPLOYER
    large = f.on_park[employers & (f.jobs >= 10)].mean()
    assert large > f.on_park[employers & (f.jobs < 10)].mean()
    assert not f.on_park[~employers].any()
