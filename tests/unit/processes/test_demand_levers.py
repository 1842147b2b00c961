"""Demand for one firm or one sector goes up by what its lever says."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.trade.demand import demand_by_market
from regionsim.processes.trade.orders import orders_reach_firms
from regionsim.state.firms import EMPLOYER
from tests.fixtures.models import copied, until


def test_a_firm_that_is_asked_for_more_gets_more_orders_than_others_of_its_sector(under_plan: RegionModel) -> None:
    """By the ratio in every market; as its sector is asked for a little more beyond the region, nobody gets less
    than what the firm takes from rivals at home."""
    needed = []
    for ratio in (1.0, 1.02):
        now = until(copied(under_plan), "demand_by_market")
        f = now.state.firms.a
        row = np.flatnonzero((f.kind == EMPLOYER) & (f.size_weight > 0))[:1]
        now.levers.move("demand_ratio", ratio, row)
        demand_by_market(now)
        orders_reach_firms(now)
        needed.append(f.needed.astype(float))
    sector, asked = f.sector[row[0]], f.kind == EMPLOYER
    rise = np.divide(needed[1], needed[0], out=np.ones_like(needed[0]), where=needed[0] > 0)
    others = asked & (f.sector == sector) & (needed[0] > 0)
    others[row] = False
    assert rise[row] == pytest.approx(1.02 * rise[others].mean(), rel=1e-5)
    assert np.allclose(rise[others], rise[others].mean(), rtol=1e-5)
    assert 1 / 1.02 < rise[others].mean() < 1.001


def test_final_demand_for_a_sector_rises_in_every_market_by_its_lever(under_plan: RegionModel) -> None:
    plain, more = until(copied(under_plan), "demand_by_market"), until(copied(under_plan), "demand_by_market")
    ratio = np.ones(plain.base.gva.size)
    ratio[1] = 1.02
    more.levers.move("sector_demand", ratio)
    demand_by_market(plain)
    demand_by_market(more)
    one, other = plain.state.economy.final_demand, more.state.economy.final_demand
    assert other[:, 1] == pytest.approx(1.02 * one[:, 1])
    assert (np.delete(other, 1, axis=1) == np.delete(one, 1, axis=1)).all()
    rise = more.state.economy.demand / plain.state.economy.demand
    assert 1.0 < rise[1] <= 1.02 + 1e-12  # inputs of other sectors are part of what the sector sells
    assert (rise >= 1.0 - 1e-12).all()
