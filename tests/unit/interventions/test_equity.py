"""Minority stakes: what they cost, what comes back and is used again, what the fund is worth, what firms feel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Measure, Target
from regionsim.model.setup import Setup
from regionsim.state.ledger import Treatments
from tests.fixtures.models import IDEAL
from tests.unit.interventions.alone import OVERHEAD, START_Q, account, alone, at, delivered, lever, treated

NAME = "scale_up_track"
TICKET = 100_000.0
HELD_Q = 4


def stakes(growth_year: float = 0.0, **changes: Any) -> Measure:
    """Two stakes in the first quarter, in any employer, sold after a year."""
    settings = {"lasts_q": 12, "held_q": HELD_Q}
    given = {"quarters": 1, "unit_cost_eur": TICKET, "settings": settings, "target": Target(), **changes}
    return at(NAME, 2, worth_growth_year=growth_year, **given)


def fund_eur(model: RegionModel) -> float:
    """What the fund is worth beyond what it had before the plan."""
    fund = model.setup.reference.roster.of_kind("participation_fund")
    (nav,) = model.state.bodies.nav_eur[fund]
    return float(nav - model.parameters.institutions.participation_fund_start_eur)


def before_the_sale(setup: Setup, what: Measure) -> RegionModel:
    """Held for a year, to be sold in the quarter that comes; both firms are there."""
    model = alone(setup, what).run(HELD_Q)
    assert model.state.ledger.present(NAME, model.firms.a.id).ids.size == 2
    return model


def test_public_money_pays_a_stake_once_and_the_firm_has_all_of_it(setup: Setup) -> None:
    model = alone(setup, stakes())
    now = delivered(model)
    rows = now.state.ledger.treatments[NAME].rows
    money = lever(now, "equity_eur")
    assert money[rows].tolist() == [TICKET, TICKET] and money.sum() == 2 * TICKET
    model.step()
    assert model.agency.spent_eur == pytest.approx(2 * TICKET * OVERHEAD)
    assert not lever(delivered(model), "equity_eur").any()  # money comes once
    model.step()
    assert model.agency.spent_eur == 0.0


def test_what_comes_back_buys_further_stakes_at_no_public_cost(setup: Setup) -> None:
    model = before_the_sale(setup, stakes())
    first = treated(model, NAME)
    money = lever(delivered(model), "equity_eur")
    model.step()
    again = treated(model, NAME) - first
    assert len(again) == 2 and money.sum() == 2 * TICKET
    books = account(model, stakes())
    assert books.spent_eur == books.returned_eur == 0.0
    assert books.delivered == 2 and books.total_eur == pytest.approx(2 * TICKET * OVERHEAD)
    assert len(treated(model.run(HELD_Q - 1), NAME)) == 4  # and those are held for a year too


@pytest.mark.parametrize(("growth", "bought", "cash"), [(0.1, 2, 20_000), (-0.19, 1, 62_000), (0.6, 3, 20_000)])
def test_only_whole_stakes_are_bought_and_the_rest_stays_in_the_fund(
    setup: Setup, growth: float, bought: int, cash: float
) -> None:
    """By hand: two stakes of 100,000 EUR bring 220,000, 162,000 or 320,000 EUR after a year."""
    model = before_the_sale(setup, stakes(growth)).run(1)
    assert len(treated(model, NAME)) == 2 + bought
    assert account(model, stakes()).returned_eur == pytest.approx(cash)
    assert fund_eur(model) == pytest.approx(bought * TICKET + cash)


def test_stakes_are_worth_more_every_quarter_until_they_are_sold(setup: Setup) -> None:
    model = alone(setup, stakes(0.21))
    assert fund_eur(model) == 0.0
    for quarter in range(HELD_Q):
        model.step()
        assert fund_eur(model) == pytest.approx(2 * TICKET * 1.21 ** (quarter / 4))


def test_a_firm_that_closed_pays_nothing_and_is_worth_nothing(setup: Setup) -> None:
    """Its row is another firm's by now."""
    model = before_the_sale(setup, stakes())
    t = model.state.ledger.treatments[NAME]
    gone = np.where(np.arange(2) == 0, np.iinfo(np.uint64).max, t.ids).astype(np.uint64)
    model.state.ledger.treatments[NAME] = Treatments(gone, t.rows, t.start_q, t.intensity)
    model.step()
    assert len(treated(model, NAME)) == 3
    assert fund_eur(model) == pytest.approx(TICKET)


def test_poor_coordination_takes_from_the_effect_and_not_from_the_money(setup: Setup) -> None:
    what = stakes(efficiency_effect=-0.04)  # half the longest delay of a year goes by before it starts
    now = delivered(alone(setup, what, rules=replace(IDEAL, quality=0.5), quarters=START_Q + 2))
    rows = now.state.ledger.treatments[NAME].rows
    assert rows.size and (lever(now, "equity_eur")[rows] == TICKET).all()
    assert lever(now, "productivity")[rows] == pytest.approx(-0.02)


def test_what_is_planned_is_bought_beside_what_returns_buy(setup: Setup) -> None:
    """Two stakes a quarter: from the year after on, two more from the first ones."""
    model = alone(setup, stakes(quarters=12)).run(HELD_Q)
    sold = int((model.state.ledger.present(NAME, model.firms.a.id).start_q == model.state.quarter - HELD_Q).sum())
    before = len(treated(model, NAME))
    model.step()
    assert sold and len(treated(model, NAME)) - before == 2 + sold
    assert model.agency.spent_eur == pytest.approx(2 * TICKET * OVERHEAD)
