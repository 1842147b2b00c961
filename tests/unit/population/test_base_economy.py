"""The accounts of the base economy are at rest, whatever is sold on the spot; that moves buyers, never output."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.population.base_economy import SOLD_ON_THE_SPOT, build_base_economy
from regionsim.processes.public.transactions import FLOW
from regionsim.state.parameters import Sample
from regionsim.state.reference import CATEGORIES, HOUSEHOLDS, MARKETS, REST_OF_COUNTRY, BaseEconomy
from tests.fixtures.models import parameters

BEYOND = slice(REST_OF_COUNTRY, REST_OF_COUNTRY + len(MARKETS))


def base_with(setup: Setup, share: float) -> BaseEconomy:
    """The base economy when `share` of what is left over is sold on the spot."""
    central = parameters().central()
    trade = replace(central.trade, values={**central.trade.values, "sold_on_the_spot": share})
    sample = Sample({**central.blocks, "trade": trade})
    return build_base_economy(setup.tables, sample, setup.population.firms)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_final_demand_calls_for_the_output_there_is(setup: Setup, share: float) -> None:
    base = base_with(setup, share)
    assert np.allclose(base.leontief @ base.final_demand.sum(axis=0), base.output, rtol=1e-9)
    assert (base.final_demand >= 0).all()
    used = base.intermediate_local.sum(axis=0) + base.imported_inputs
    assert np.allclose(base.output * (1 - used), base.gva)  # value added is output less inputs


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_what_is_sold_on_the_spot_is_bought_by_those_on_the_spot(setup: Setup, share: float) -> None:
    """The share of what left the region before goes to the buyer of the tag, but no more than it would have bought
    elsewhere; other sectors and buyers stay, and what a buyer spends in all."""
    none, some = base_with(setup, 0.0), base_with(setup, share)
    tags = setup.tables.labels.sector_tags
    buyer = {s: SOLD_ON_THE_SPOT[tag] for s, of in enumerate(tags) for tag in of if tag in SOLD_ON_THE_SPOT}
    assert 0 < len(buyer) < len(tags)
    left = none.final_demand[BEYOND].sum(axis=0)
    sold = sum(share * left[s] for s in buyer)  # households are the buyers of all of fictland's
    assert set(buyer.values()) == {HOUSEHOLDS}
    assert (sold > none.household_imports) == (share == 0.9)  # so that both sides of the limit are seen
    kept = min(1.0, none.household_imports / sold)
    for s in range(len(tags)):
        moved = kept * share * left[s] if s in buyer else 0.0
        assert some.final_demand[BEYOND, s].sum() == pytest.approx(left[s] - moved)
        for category in range(REST_OF_COUNTRY):
            wanted = none.final_demand[category, s] + (moved if buyer.get(s) == category else 0.0)
            assert some.final_demand[category, s] == pytest.approx(wanted), (CATEGORIES[category], s)
    assert some.household_imports == pytest.approx(max(none.household_imports - sold, 0.0), abs=1e-9)
    assert some.household_imports >= -1e-12
    assert np.array_equal(none.output, some.output) and np.array_equal(none.leontief, some.leontief)


def test_the_first_quarter_is_at_rest(setup: Setup) -> None:
    """Demand calls for the base output within what a quarter's season and scale leave, and hardly anything is bought in
    or sold off."""
    model = RegionModel(setup, 0).run(1)
    economy, base = model.state.economy, model.base
    wanted = economy.demand * base.output
    assert np.allclose(wanted, base.output, rtol=0.05)
    book = economy.transactions
    assert book[FLOW["bought_in"]].sum() + book[FLOW["sold_off"]].sum() < 0.05 * base.output.sum()
