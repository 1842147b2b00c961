"""Demand for one firm or one sector goes up by what its lever says."""

from __future__ import annotations

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.firms.firms_expect import relative_size
from regionsim.processes.trade.demand import demand_by_market
from regionsim.state.firms import EMPLOYER
from tests.fixtures.models import copied, until


def test_a_firm_that_is_asked_for_more_stands_for_more_of_its_sector(under_plan: RegionModel) -> None:
    now = until(copied(under_plan), "firms_expect")
    before = relative_size(now)
    firms = now.state.firms.a
    row = np.flatnonzero(firms.kind == EMPLOYER)[:1]
    now.levers.move("demand_ratio", 1.02, row)
    after = relative_size(now)
    assert after[row] == pytest.approx(1.02 * before[row], rel=1e-9)
    assert (np.delete(after, row) == np.delete(before, row)).all()


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
