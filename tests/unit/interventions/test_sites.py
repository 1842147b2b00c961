"""Applied research sites: firms of their sectors feel them, less the farther away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regionsim.interventions import intervention
from regionsim.interventions.sites import Site
from regionsim.model.settings import Measure, Target
from regionsim.model.setup import Setup
from regionsim.state.firms import EMPLOYER
from regionsim.state.ledger import NOBODY
from regionsim.state.region_state import Now
from tests.fixtures.models import IDEAL
from tests.unit.interventions.alone import OVERHEAD, START_Q, account, alone, at, delivered, lever

NAME = "spearhead_new_materials"
GAIN, PROJECT, BUILD_Q = 0.04, 8.0, 3  # 2 units a quarter for four quarters
LAB, MAKERS, OFFICES = 3, 0, 3  # municipality of the fictional site and its sector; a sector it does not work for


def equipment(dose: float = 2.0, **changes: Any) -> Measure:
    """Equipment of the fictional region's one site."""
    settings = {"full_units": PROJECT, "build_q": BUILD_Q, "lasts_q": 0, **changes.pop("settings", {})}
    given = {
        "quarters": 4, "unit_cost_eur": 1000.0, "target": Target(unit="place", at=("lab",)), "settings": settings,
        "access_gain": GAIN, "half_distance_km": 20.0,
    }  # fmt: skip
    return at(NAME, dose, **{**given, **changes})


def made(now: Now, what: Measure) -> Site:
    """The measure as its mechanism."""
    site = intervention(what, getattr(what.parameters.central(), what.name))
    assert isinstance(site, Site)
    return site


def test_nearness_halves_with_every_half_distance_for_the_sectors_of_the_site(setup: Setup) -> None:
    now = delivered(alone(setup, equipment(0.0)))
    km = now.reference.distance_km[LAB]
    near = made(now, equipment()).nearness(now)
    assert near.shape == (5, 4)
    assert near[:, MAKERS] == pytest.approx(0.5 ** (km / 20.0))
    assert near[LAB, MAKERS] == 1.0
    assert not near[:, 1:].any()
    far = int(np.argmax(km))
    at_half = made(now, equipment(half_distance_km=float(km[far]))).nearness(now)
    assert at_half[far, MAKERS] == pytest.approx(0.5)


def test_a_firm_feels_the_nearest_site_of_its_sector(setup: Setup) -> None:
    """Were the port a site for makers and offices too."""
    now = delivered(alone(setup, equipment(0.0)))
    roster = now.reference.roster
    works_for, quay = roster.sectors.copy(), roster.code.index("quay")
    works_for[quay, [MAKERS, OFFICES]] = True
    now.reference = replace(now.reference, roster=replace(roster, sectors=works_for))
    both = equipment(target=Target(unit="place", at=("lab", "port")))
    near, km = made(now, both).nearness(now), now.reference.distance_km
    harbour = int(roster.municipality[quay])
    assert near[:, MAKERS] == pytest.approx(0.5 ** (np.minimum(km[LAB], km[harbour]) / 20.0))
    assert near[:, OFFICES] == pytest.approx(0.5 ** (km[harbour] / 20.0))
    assert near[LAB, MAKERS] == near[harbour, MAKERS] == 1.0


def test_a_target_may_leave_out_sectors_of_the_site(setup: Setup) -> None:
    now = delivered(alone(setup, equipment(0.0)))
    assert not made(now, equipment(target=Target(unit="place", at=("lab",), tags=("retail",)))).nearness(now).any()


def test_every_employer_of_the_sector_feels_it_by_distance_and_nobody_else_does(setup: Setup) -> None:
    now = delivered(alone(setup, equipment(), quarters=START_Q + 8))
    f, access = now.state.firms.a, lever(now, "research_access")
    here = (f.kind == EMPLOYER) & (f.jobs > 0) & (f.sector == MAKERS)
    expected = np.where(here, GAIN * 0.5 ** (now.reference.distance_km[LAB][f.municipality] / 20.0), 0.0)
    assert access == pytest.approx(expected)
    assert np.unique(f.municipality[here]).size > 2 and access.max() == pytest.approx(GAIN)


def test_equipment_is_paid_as_it_comes_used_when_it_is_ready_and_used_up(setup: Setup) -> None:
    model, used, paid = alone(setup, equipment(settings={"lasts_q": 2})), [], []
    for _ in range(10):
        used.append(float(lever(delivered(model), "research_access").max()) / GAIN)
        model.step()
        paid.append(model.agency.spent_eur / (1000.0 * OVERHEAD))
    assert paid == pytest.approx([2, 2, 2, 2, 0, 0, 0, 0, 0, 0])
    assert used == pytest.approx([0, 0, 0, 0.25, 0.5, 0.5, 0.5, 0.25, 0, 0], abs=1e-9)


@pytest.mark.parametrize("at_what", [("site_elsewhere",), ()])
def test_where_the_region_has_no_such_site_nothing_is_equipped_nor_paid(setup: Setup, at_what: tuple[str, ...]) -> None:
    what = equipment(target=Target(unit="place", at=at_what))
    model = alone(setup, what, quarters=START_Q + 2)
    books = account(model, what)
    assert (books.delivered, books.total_eur, books.obstacle) == (0, 0, NOBODY)
    rows, _ = delivered(model.run(4)).levers.sparse["research_access"]
    assert not rows.size


def test_poor_coordination_takes_from_the_effect_and_not_from_the_cost(setup: Setup) -> None:
    what = equipment()
    model = alone(setup, what, rules=replace(IDEAL, quality=0.5), quarters=START_Q + 12)
    assert account(model, what).total_eur == pytest.approx(8 * 1000.0 * OVERHEAD)
    assert lever(delivered(model), "research_access").max() == pytest.approx(0.5 * GAIN)


def test_equipment_makes_more_firms_do_research_and_stops_none_that_did(setup: Setup) -> None:
    """Who does research is chosen once a year by a lasting inclination, so access only adds firms."""
    active = []
    for dose in (0.0, 2.0):
        what = equipment(dose, access_gain=0.5, settings={"build_q": 0})
        f = alone(setup, what, quarters=START_Q + 5).firms.a
        active.append(set(f.id[(f.kind == EMPLOYER) & (f.researches == 1)].tolist()))
    without, within = active
    assert len(within - without) > 5
    assert len(without - within) <= 2  # firms that closed, or shrank, for what others did
