"""Demand for one firm or one sector goes up by what its lever says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.processes.trade.demand import demand_by_market, shifted
from regionsim.processes.trade.orders import orders_reach_firms
from regionsim.state.firms import EMPLOYER
from regionsim.state.reference import HOUSEHOLDS
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


def test_what_is_bought_here_instead_of_elsewhere_is_a_share_of_what_is_bought_elsewhere() -> None:
    assert shifted(200.0, np.array([0.01, 0.0, 0.02])) == pytest.approx([2.0, 0.0, 4.0])
    assert shifted(200.0, np.array([1.0, 3.0])) == pytest.approx([50.0, 150.0])  # never more than there is
    assert not shifted(200.0, np.zeros(3)).any()


def test_local_purchases_reach_the_sector_they_are_made_from(under_plan: RegionModel) -> None:
    """Of 5 million bought elsewhere, at the index of households, a tenth."""
    demand = []
    for share in (0.0, 0.1):
        now = until(copied(under_plan), "demand_by_market")
        now.base = replace(now.base, household_imports=5.0)
        now.levers.move("local_purchases", np.eye(now.base.gva.size)[1] * share)
        demand_by_market(now)
        demand.append(now.state.economy.final_demand.copy())
    moved = demand[1] - demand[0]
    assert moved[HOUSEHOLDS, 1] == pytest.approx(0.1 * 5.0 * now.state.economy.income_index)
    moved[HOUSEHOLDS, 1] = 0.0
    assert not moved.any()
    assert now.flows["local_purchases"].sum() == pytest.approx(0.1 * 5.0 * now.state.economy.income_index)
