"""Where an agent stands in memory decides nothing: rows shuffled, and every whole number stays the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.model.region_model import RegionModel
from regionsim.results.outcomes import OUTCOMES
from regionsim.state.columns import Columns
from tests.fixtures.models import by_id, copied, same

QUARTERS = 8
REAL = ("tourism_jobs", "freight_emissions")  # shares of output: real numbers though they count
COUNTS = [name for name, o in OUTCOMES.items() if o.kind != "ratio" and o.unit != "%" and "EUR" not in o.unit]
WHOLE = [name for name in COUNTS if name not in REAL]


def shuffled(columns: Columns, seed: int) -> np.ndarray:
    """Move every row, free ones too; returns the new row of each old one, with -1 behind for 'no row'."""
    new_row = np.random.default_rng(seed).permutation(columns.capacity)
    for c in columns.declared:
        values = columns.column(c.name)
        values[new_row] = values.copy()
    columns.free[: columns.free_count] = new_row[columns.free[: columns.free_count]]
    return np.append(new_row, -1)


def moved(model: RegionModel, who: str, seed: int) -> RegionModel:
    """A copy of the model with the rows of people or firms, or both, in another order."""
    twin = copied(model)
    ledger = twin.state.ledger
    if who != "firms":
        new_row = shuffled(twin.people, seed)
        t = ledger.treatments["dual_learning"]
        ledger.treatments["dual_learning"] = replace(t, rows=new_row[t.rows])
    if who != "people":
        new_row = shuffled(twin.firms, seed)
        for name in ("employer", "training_firm"):
            column = twin.people.column(name)
            column[:] = new_row[column]
        for name in ("sme_digitalisation", "starters_guidance"):
            t = ledger.treatments[name]
            ledger.treatments[name] = replace(t, rows=new_row[t.rows])
    return twin


@pytest.fixture(scope="module")
def straight(under_plan: RegionModel) -> RegionModel:
    return copied(under_plan).run(QUARTERS)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("who", ["people", "firms", "both"])
def test_shuffled_rows_give_the_same_region(
    under_plan: RegionModel, straight: RegionModel, who: str, seed: int
) -> None:
    other = moved(under_plan, who, seed).run(QUARTERS)
    for name in WHOLE:
        assert same(other.recorder._values[name], straight.recorder._values[name]), name
    for name in set(OUTCOMES) - set(WHOLE):  # sums of real numbers in another order
        assert np.allclose(
            other.recorder._values[name],
            straight.recorder._values[name],
            rtol=1e-9,
            atol=1e-9,
            equal_nan=True,
        )


@pytest.mark.parametrize("who", ["people", "firms", "both"])
def test_shuffled_rows_give_every_agent_the_same_life(under_plan: RegionModel, straight: RegionModel, who: str) -> None:
    other = moved(under_plan, who, 3).run(QUARTERS)
    links = ("employer", "training_firm")
    names = [c.name for c in straight.people.declared if c.name not in links]
    assert by_id(other.people, *names) == by_id(straight.people, *names)
    names = [c.name for c in straight.firms.declared if np.dtype(c.dtype).kind in "iu"]
    assert by_id(other.firms, *names) == by_id(straight.firms, *names)
    for link in links:
        assert employers(other, link) == employers(straight, link)


def employers(model: RegionModel, link: str) -> dict[int, int]:
    """Id of the firm that each person is tied to."""
    rows = np.flatnonzero(model.people.column(link) >= 0)
    firms = model.firms.a.id[model.people.column(link)[rows]]
    return dict(zip(model.people.a.id[rows].tolist(), firms.tolist(), strict=True))


def test_the_shuffle_moves_nearly_everyone(under_plan: RegionModel) -> None:
    """Else the tests above would show nothing."""
    twin = moved(under_plan, "both", 1)
    for mine, theirs in ((twin.people, under_plan.people), (twin.firms, under_plan.firms)):
        assert (mine.a.id != theirs.a.id).mean() > 0.9
        assert by_id(mine) == by_id(theirs)
    assert (twin.people.a.employer != under_plan.people.a.employer).any()
