"""Visitors, ports, freight, shops, parks, amenity: formulas by hand, and the direction in which each lever moves."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.parks.parks_fill import parks_fill, room_to_grow
from regionsim.processes.recreation.places_please import amenity, mean_by_place, places_please
from regionsim.processes.retail.people_go_shopping import core_pull, footfall, mean_one, people_go_shopping
from regionsim.processes.retail.shops_fill_and_empty import (
    emptying_q,
    online_rise,
    refill_hazard_q,
    shops_fill_and_empty,
    vacancy_step,
)
from regionsim.processes.tourism.visitors_come import direct_jobs, pulled, season, spending, visitors_come
from regionsim.processes.trade.demand import market_index
from regionsim.processes.trade.freight_chooses_mode import freight_chooses_mode, mode_shares
from regionsim.processes.trade.ports_handle_freight import (
    gateway_pull,
    held_to,
    ports_handle_freight,
    transit_factor,
)
from regionsim.state.calendar import ordinal
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.reference import TOURISM
from regionsim.state.region_state import Now
from tests.fixtures.models import copied, until

QUARTERS = (0.16, 0.26, 0.38, 0.20)


@pytest.fixture
def now(start: RegionModel) -> Now:
    """2011Q1, before anything has happened."""
    return copied(start).now()


def later(model: RegionModel, quarter: str, brexit: str = "tca", covid: str = "none") -> Now:
    """A quarter after the first, in which visitors came, as it is before anything has happened in it."""
    now = copied(model).now()
    visitors_come(now)
    now.state.quarter = ordinal(quarter) - now.first_ordinal
    now.world = replace(now.world, brexit=brexit, covid=covid)
    return now


# Visitors ----------------------------------------------------------------------------------------------------------


def test_a_season_is_a_share_over_the_mean_share() -> None:
    assert season(QUARTERS, 3) == pytest.approx(1.52)
    assert season(QUARTERS, 1) == pytest.approx(0.64)
    assert season(QUARTERS, 2, 0.0) == 1.0
    felt = [season(QUARTERS, k, 0.2) for k in (1, 2, 3, 4)]
    assert np.mean(felt) == pytest.approx(1.0)
    assert felt[2] / felt[0] == pytest.approx((0.38 / 0.16) ** 0.2)


def test_promotion_and_quality_pull_with_their_elasticities() -> None:
    assert pulled(np.array([1.0]), 0.05, 1.0, 0.2).tolist() == [1.0]
    pull = pulled(np.array([2.0, 1.0]), 0.05, 1.1, 0.2)
    assert pull == pytest.approx([1.035265 * 1.019245, 1.019245], abs=1e-5)


def test_spending_is_what_nights_and_trips_cost() -> None:
    assert spending(np.array([2e6, 1e6]), 3e6, np.array([70.0, 100.0]), 30.0) == pytest.approx([140, 100, 90])


def test_direct_jobs_are_the_visitors_share_of_output() -> None:
    assert direct_jobs(np.array([10.0, 5.0, 0.0]), np.array([100.0, 20.0, 0.0]), np.array([50.0, 8.0, 3.0])) == 7.0
    assert direct_jobs(np.array([30.0]), np.array([20.0]), np.array([8.0])) == 8.0  # never more than there are


def test_the_first_quarter_is_the_base_in_its_season(now: Now) -> None:
    visitors_come(now)
    places, p = now.state.places, now.parameters.tourism
    nights, trips = places.nights @ places.spend_per_night, places.day_trips * places.spend_per_trip
    share = nights / (nights + trips)
    seasons = [season(now.parameters.drivers.tourism_quarters, 1, e) for e in (1.0, float(p.season_felt))]
    of_trips = [season(p.day_trip_quarters, 1, e) for e in (1.0, float(p.season_felt))]
    turnover = places.base_spending * (share * seasons[0] + (1 - share) * of_trips[0])
    assert now.flows["tourism_turnover"].sum() == pytest.approx(turnover)
    assert now.flows["tourism_index"] == pytest.approx(share * seasons[1] + (1 - share) * of_trips[1])
    assert now.flows["visitors"] == pytest.approx(1.0)
    assert now.flows["nights"] == pytest.approx(places.nights / 4 * seasons[0])
    assert market_index(now)[TOURISM] == now.flows["tourism_index"]


def test_visits_follow_the_driver_and_day_trips_the_guests_of_the_country(start: RegionModel) -> None:
    now = later(start, "2013Q1")
    visitors_come(now)
    plain = {name: np.copy(now.flows[name]) for name in ("nights", "day_trips")}
    now.drivers = {**now.drivers, "tourism_nights": now.drivers["tourism_nights"] * np.array([1.1, 1.0, 0.5])}
    visitors_come(now)
    assert now.flows["nights"] / plain["nights"] == pytest.approx([1.1, 1.0, 0.5])
    assert now.flows["day_trips"] / plain["day_trips"] == pytest.approx(1.1)


def test_levers_bring_visitors(start: RegionModel) -> None:
    now = later(start, "2013Q1")
    visitors_come(now)
    before, nights = now.flows["tourism_turnover"], now.flows["nights"].sum()
    elasticity = float(now.parameters.tourism.promotion_elasticity)
    now.levers.move("tourism_promotion", 2.0)
    visitors_come(now)
    assert now.flows["tourism_turnover"] / before == pytest.approx(np.full(4, 2**elasticity))
    now.levers.move("tourism_promotion", 0.5)
    now.levers.move("winter_visitors", 0.2)
    visitors_come(now)
    assert now.flows["nights"].sum() / nights == pytest.approx(1.2)
    summer = later(start, "2013Q3")
    visitors_come(summer)
    nights = summer.flows["nights"].sum()
    summer.levers.move("winter_visitors", 0.2)
    visitors_come(summer)
    assert summer.flows["nights"].sum() == nights


def test_promotion_brings_visitors_of_the_origin_it_is_for(start: RegionModel) -> None:
    """Day trippers follow the guests of the country, the first origin."""
    now = later(start, "2013Q1")
    visitors_come(now)
    nights, trips = now.flows["nights"], now.flows["day_trips"]
    elasticity = float(now.parameters.tourism.promotion_elasticity)
    now.levers.move("tourism_promotion", np.array([1.0, 3.0, 1.0]))
    visitors_come(now)
    assert now.flows["nights"] / nights == pytest.approx([1.0, 3**elasticity, 1.0])
    assert now.flows["day_trips"] == trips
    now.levers.move("tourism_promotion", np.array([2.0, 1.0, 1.0]))
    visitors_come(now)
    assert now.flows["nights"] / nights == pytest.approx([2**elasticity, 3**elasticity, 1.0])
    assert now.flows["day_trips"] / trips == pytest.approx(2**elasticity)


def test_a_cap_keeps_visitors_out_in_the_third_quarter_alone(start: RegionModel) -> None:
    for quarter, admitted in (("2013Q2", 1.0), ("2013Q3", 0.9), ("2013Q4", 1.0)):
        now = later(start, quarter)
        visitors_come(now)
        nights, trips, index = (now.flows[name] for name in ("nights", "day_trips", "tourism_index"))
        now.levers.move("peak_visitors", 0.9)
        visitors_come(now)
        assert now.flows["nights"] == pytest.approx(admitted * nights)
        assert now.flows["day_trips"] == pytest.approx(admitted * trips)
        assert now.flows["tourism_index"] == pytest.approx(admitted * index)


def test_the_pandemic_closes_and_guests_of_the_country_replace_others(start: RegionModel) -> None:
    flows = {}
    for covid in ("none", "observed"):
        now = later(start, "2020Q2", covid=covid)
        visitors_come(now)
        flows[covid] = now.flows["nights"]
    p = now.parameters
    left = 1 - p.covid.closed_visitor[1]
    ratio = flows["observed"] / flows["none"]
    assert ratio[0] == pytest.approx(left * (1 + p.tourism.pandemic_domestic_gain))
    assert ratio[1:] == pytest.approx(left * (1 - p.tourism.pandemic_foreign_loss))


# Ports and freight -------------------------------------------------------------------------------------------------


def test_transit_gateway_and_capacity_by_hand() -> None:
    assert transit_factor(0.81, 0.5) == pytest.approx(0.9)
    assert transit_factor(1.0, 0.3) == 1.0
    assert gateway_pull(0.0, 0.5) == 1.0
    assert gateway_pull(0.19, 0.5) == pytest.approx(1 / 0.9)
    assert held_to(np.array([8.0, 2.0, 0.0]), np.array([4.0, 4.0, 1.0])).tolist() == [0.5, 1.0, 1.0]


def test_ports_stand_at_the_published_figures_when_markets_do(start: RegionModel) -> None:
    now = later(start, "2016Q2")
    places, e = now.state.places, float(now.parameters.ports.trade_elasticity)
    uk, other = places.terminal_uk[0], places.terminal_other[0]
    share = 0.4 * places.terminal_reference[0]
    gdp = (share / uk) ** (1 / e)
    rest = ((places.terminal_reference[0] - share) / other) ** (1 / e)
    now.drivers = {**now.drivers, "gdp_uk": gdp, "gdp_country": rest, "gdp_eu": rest, "gdp_world": rest}
    ports_handle_freight(now)
    assert 4 * places.throughput[0] == pytest.approx(places.terminal_reference[0])
    assert now.flows["port_jobs"] == pytest.approx(places.terminal_jobs.sum())
    assert now.flows["port_index"] == pytest.approx(1.0)


def test_harder_barriers_take_more_transit(start: RegionModel) -> None:
    tonnes, jobs, index = [], [], []
    for form in ("none", "tca", "hard"):
        now = later(start, "2022Q1", brexit=form)
        ports_handle_freight(now)
        tonnes.append(now.flows["uk_tonnes"].sum())
        jobs.append(now.flows["port_jobs"])
        index.append(now.flows["port_index"])
    for values in (tonnes, jobs, index):
        assert values[0] > values[1] > values[2] > 0
    p = now.parameters
    loss = (1 + p.brexit.trade_cost_hard) ** (-p.trade.demand_elasticity * p.ports.uk_transit_relative)
    assert tonnes[2] / tonnes[0] == pytest.approx(loss)
    assert index[0] == 1.0


def test_service_draws_goods_up_to_capacity(start: RegionModel) -> None:
    now = later(start, "2014Q1")
    ports_handle_freight(now)
    plain = now.state.places.throughput.copy()
    now.levers.move("port_service", 0.1)
    ports_handle_freight(now)
    drawn = now.state.places.throughput.copy()
    assert (drawn > plain).all() and now.flows["port_index"] > 1
    now.state.places.terminal_capacity = 4 * plain * 0.5
    ports_handle_freight(now)
    assert now.state.places.throughput == pytest.approx(plain * 0.5)
    now.levers.move("port_capacity", 0.2)
    ports_handle_freight(now)
    assert now.state.places.throughput == pytest.approx(plain * 0.6)


def test_modes_share_freight_by_logit() -> None:
    base = np.array([0.7, 0.1, 0.15, 0.05])
    assert mode_shares(base, np.ones(4), 3.0) == pytest.approx(base)
    shares = mode_shares(base, np.array([1.0, 0.9, 1.0, 1.0]), 3.0)
    weight = 0.1 * math.exp(0.3)
    assert shares[1] == pytest.approx(weight / (0.9 + weight))
    assert shares[0] / shares[2] == pytest.approx(0.7 / 0.15)


def test_cheaper_rail_and_water_leave_less_on_the_road_and_in_the_air(start: RegionModel) -> None:
    for lever, mode in (("rail_cost", 1), ("water_cost", 2)):
        now = later(start, "2014Q1")
        freight_chooses_mode(now)
        split, emissions = now.state.places.modal_split, now.flows["freight_kt"]
        now.levers.move(lever, 0.8)
        freight_chooses_mode(now)
        assert now.state.places.modal_split[mode] > split[mode]
        assert now.state.places.modal_split[0] < split[0]
        assert now.flows["freight_kt"] < emissions


def test_emissions_are_tonne_kilometres_times_factors(now: Now) -> None:
    freight_chooses_mode(now)
    p = now.parameters.freight
    per_tkm = float(np.array(p.base_shares) @ np.array(p.emission_g_per_tkm))
    assert now.drivers["energy_prices"] == 1.0
    assert now.flows["freight_kt"] == pytest.approx(p.tonne_km_year / 4 * per_tkm * 1e-3)
    split = now.state.places.modal_split
    now.levers.move("freight_emission", 0.8)
    freight_chooses_mode(now)
    assert now.flows["freight_kt"] == pytest.approx(0.8 * p.tonne_km_year / 4 * per_tkm * 1e-3)
    assert np.array_equal(now.state.places.modal_split, split)


# Shops -------------------------------------------------------------------------------------------------------------


def test_footfall_and_pull_by_hand() -> None:
    crowd = footfall(np.array([0.5, 0.0]), 2.0, np.array([1.0, 0.9]), np.array([1.21, 1.0]), 0.5)
    assert crowd == pytest.approx([1.5 * 1.1, 0.9])
    pull = core_pull(np.array([16.0]), np.array([81.0]), np.array([math.log(2)]), 0.25, 0.25)
    assert pull == pytest.approx([2 * 3 * 2])
    scaled = mean_one(np.array([1.0, 3.0]), np.array([3.0, 1.0]))
    assert scaled == pytest.approx([2 / 3, 2.0])
    assert (scaled @ np.array([3.0, 1.0])) / 4 == pytest.approx(1.0)


def test_vacancy_stands_still_at_its_normal_rates() -> None:
    units, vacant = np.array([1000.0]), np.array([65.0])
    steady = 0.06 * 0.065 / 0.935
    empties = emptying_q(np.ones(1), steady, 0.0, 0.0)
    hazard = refill_hazard_q(np.array([0.06]), np.ones(1), np.ones(1), 0.25)
    assert vacancy_step(vacant, units, empties, hazard) == pytest.approx(vacant)
    more = emptying_q(np.array([1.5]), steady, 0.001, 0.002)
    assert more == pytest.approx([1.5 * steady + 0.003])
    assert vacancy_step(vacant, units, more, hazard) == pytest.approx(vacant + 935 * (0.5 * steady + 0.003))
    assert refill_hazard_q(np.array([0.08]), np.array([0.5]), np.array([16.0]), 0.25) == pytest.approx([0.08])
    assert vacancy_step(np.array([990.0]), units, np.array([1.0]), np.array([0.0])).tolist() == [1000.0]


def test_nobody_walks_more_or_less_in_the_first_quarter(now: Now) -> None:
    visitors_come(now)
    people_go_shopping(now)
    assert now.state.places.footfall == pytest.approx(1.0)
    assert now.state.places.core_attraction == pytest.approx(1.0)


def test_a_better_core_draws_from_the_others(start: RegionModel) -> None:
    now = later(start, "2011Q1")
    now.levers.move("core_quality", np.array([0.1, 0.0]))
    people_go_shopping(now)
    places, of = now.state.places, now.reference.arrondissement_of
    assert (places.core_attraction[of == 0] > 1).all() and (places.core_attraction[of == 1] < 1).all()
    assert places.core_attraction @ places.shop_units == pytest.approx(places.shop_units.sum())


def test_vacant_shops_and_shut_ones_keep_people_away(start: RegionModel) -> None:
    now = later(start, "2011Q1")
    now.state.places.vacant_units[0] *= 2
    people_go_shopping(now)
    assert now.state.places.footfall[0] < 1 and now.state.places.core_attraction[0] < 1
    assert now.state.places.footfall[1:] == pytest.approx(1.0)
    crowds = {}
    for covid in ("none", "observed"):
        there = later(start, "2020Q2", covid=covid)
        there.state.places.first_residents = np.maximum(there.flows["residents_before"], 1.0)
        people_go_shopping(there)
        crowds[covid] = there.state.places.footfall
    assert (crowds["observed"] < crowds["none"]).all()


def test_levers_fill_and_empty_premises(under_plan: RegionModel) -> None:
    vacant = {}
    for lever in ("", "core_refill", "online_pull"):
        now = until(copied(under_plan), "shops_fill_and_empty")
        if lever:
            now.levers.move(lever, 0.02)
        shops_fill_and_empty(now)
        vacant[lever] = now.state.places.vacant_units
    assert (vacant["core_refill"] <= vacant[""]).all()  # where nobody founds a shop in the quarter, none is filled
    assert vacant["core_refill"].sum() < vacant[""].sum()
    assert (vacant["online_pull"] > vacant[""]).all()


def test_more_is_bought_online_in_the_pandemic(start: RegionModel) -> None:
    p = later(start, "2020Q2").parameters.retail
    assert online_rise(later(start, "2020Q2")) == pytest.approx(p.online_growth_year / 4)
    rise = online_rise(later(start, "2020Q2", covid="observed"))
    assert rise == pytest.approx(p.online_growth_year * p.online_pandemic_ratio / 4)


def test_one_more_closing_shop_empties_premises_where_it_stood_and_nowhere_else(under_plan: RegionModel) -> None:
    one, other = (until(copied(under_plan), "shops_fill_and_empty") for _ in range(2))
    f, shop = one.state.firms.a, one.reference.retail_sector | one.reference.visitor_sector
    open_shops = (f.kind >= 0) & (f.kind != OUTSIDE) & shop[f.sector] & (f.birth_q < one.quarter)
    row = np.flatnonzero(open_shops[: other.flows["closing"].size] & ~other.flows["closing"])[0]
    other.flows["closing"][row] = True
    for each in (one, other):
        shops_fill_and_empty(each)
    change = other.state.places.vacant_units - one.state.places.vacant_units
    where = np.arange(change.size) == f.municipality[row]
    assert (change[where] > 0).all() and not change[~where].any()


# Business parks, amenity -------------------------------------------------------------------------------------------


def test_room_to_grow_by_hand() -> None:
    room = room_to_grow(np.array([90.0, 99.0, 100.0, 120.0, 0.0]), np.array([100.0] * 4 + [0.0]), 0.02)
    assert room == pytest.approx([1.0, 0.5, 0.0, 0.0, 1.0])  # without a park nobody is held back


def test_space_is_what_the_jobs_on_parks_use(under_plan: RegionModel) -> None:
    now = until(copied(under_plan), "parks_fill")
    parks_fill(now)
    f, places = now.state.firms.a, now.state.places
    on_park = (f.on_park == 1) & (f.kind == EMPLOYER)
    assert 0 < on_park.sum() < (f.kind == EMPLOYER).sum()
    assert not f.on_park[f.kind != EMPLOYER].any()
    assert places.park_used.sum() == pytest.approx(f.jobs[on_park].sum() * now.parameters.parks.hectares_per_job)
    places.park_hectares = places.park_used.copy()
    parks_fill(now)
    assert not places.park_room[places.park_used > 0].any()
    now.levers.move("park_space", 0.1)
    parks_fill(now)
    assert (places.park_room[places.park_used > 0] == 1).all()


def test_a_full_park_leaves_room_on_the_next_one_of_the_arrondissement(under_plan: RegionModel) -> None:
    now = until(copied(under_plan), "parks_fill")
    parks_fill(now)
    places, of = now.state.places, now.reference.arrondissement_of
    places.park_hectares = places.park_used.copy()
    places.park_hectares[0] += 0.1 * places.park_used[of == of[0]].sum()
    parks_fill(now)
    assert (places.park_room[of == of[0]] == 1).all() and not places.park_room[of != of[0]].any()


def test_amenity_by_hand() -> None:
    assert amenity(np.array([1.0, math.e]), 0.5, np.array([0.2, 0.0])) == pytest.approx([0.2, 0.5])
    mean = mean_by_place(np.array([1.0, 2.0, 5.0]), np.array([3.0, 1.0, 2.0]), np.array([0, 0, 1], np.int16), 2)
    assert mean == pytest.approx([1.25, 5.0])


def test_places_please_by_recreation_and_life_in_the_cores(start: RegionModel) -> None:
    model = copied(start)
    now = until(model, "places_please")
    places_please(now)
    assert not now.state.economy.amenity.any()
    now.state.quarter += 1
    now.levers.move("recreation", np.array([0.0, 0.3]))
    now.levers.move("park_quality", np.array([1.0, 0.0]))
    places_please(now)
    green = float(now.parameters.recreation.green_weight)
    assert now.state.economy.amenity == pytest.approx([green, 0.3])
    now.state.places.footfall = now.state.places.footfall * 0.5
    places_please(now)
    memory = float(now.parameters.recreation.vitality_memory_q)
    lost = float(now.parameters.recreation.vitality_weight) * math.log(1 - 0.5 * memory)
    assert now.state.economy.amenity == pytest.approx([green + lost, 0.3 + lost])
