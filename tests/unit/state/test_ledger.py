"""The treatment ledger: who is treated since when, and who of them is still there."""

from __future__ import annotations

import numpy as np

from regionsim.state.ledger import Ledger


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.uint64)


def two_quarters() -> Ledger:
    ledger = Ledger(["digital", "guidance"])
    ledger.add("digital", ids(50, 10), np.array([5, 1]), 4, 1.0)
    ledger.add("digital", ids(30), np.array([3]), 5, 0.5)
    return ledger


def test_units_are_entered_with_their_start_and_intensity() -> None:
    t = two_quarters().treatments["digital"]
    assert t.ids.tolist() == [50, 10, 30] and t.ids.dtype == np.uint64
    assert t.rows.tolist() == [5, 1, 3]
    assert t.start_q.tolist() == [4, 4, 5]
    assert t.intensity.tolist() == [1, 1, 0.5]
    assert two_quarters().treatments["guidance"].ids.size == 0


def test_only_those_still_there_are_present_also_when_a_row_belongs_to_another_now() -> None:
    ledger = two_quarters()
    now = ids(0, 10, 20, 99, 40, 0)  # row 5 is free, row 3 belongs to 99
    here = ledger.present("digital", now)
    assert here.ids.tolist() == [10] and here.rows.tolist() == [1]
    assert here.start_q.tolist() == [4] and here.intensity.tolist() == [1]


def test_the_books_keep_who_has_gone() -> None:
    """What was reached and paid for stays on record; only levers leave it out."""
    ledger = two_quarters()
    ledger.present("digital", ids(0, 0, 0, 0, 0, 0))
    assert ledger.treatments["digital"].ids.tolist() == [50, 10, 30]


def test_who_is_there_is_present() -> None:
    assert two_quarters().present("digital", ids(0, 10, 20, 30, 40, 50)).ids.tolist() == [50, 10, 30]


def test_a_copy_is_independent() -> None:
    ledger = two_quarters()
    twin = ledger.copy()
    twin.add("digital", ids(70), np.array([7]), 6, 1.0)
    twin.spent_eur["guidance"] = 5.0
    assert ledger.treatments["digital"].ids.tolist() == [50, 10, 30]
    assert twin.treatments["digital"].ids.tolist() == [50, 10, 30, 70]
    assert ledger.spent_eur == {"digital": 0.0, "guidance": 0.0}
