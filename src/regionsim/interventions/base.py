"""What every measure does: enter units in the ledger within its dose, move levers for those in it, never an outcome."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from regionsim.state.draws import code, hashes, uniforms
from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.parameters import Block
from regionsim.state.region_state import Now

MECHANISMS: dict[str, type[Intervention]] = {}


class Intervention:
    """One measure of a plan at work. Subclasses say which levers they may move and how units are chosen."""

    moves: ClassVar[frozenset[str]] = frozenset()
    settings: ClassVar[tuple[str, ...]] = ()  # rules a measure's YAML must give
    needs: ClassVar[tuple[str, ...]] = ()  # parameters a measure's YAML must give

    def __init_subclass__(cls, mechanism: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        MECHANISMS[mechanism] = cls

    def __init__(self, measure: Any, parameters: Block, first_quarter: int) -> None:
        self.measure, self.p, self.first = measure, parameters, first_quarter
        self.name = str(measure.name)

    def active(self, now: Now) -> bool:
        """Whether doses are still delivered in this quarter."""
        return self.first <= now.quarter < self.first + int(self.measure.quarters) and self.measure.dose > 0

    def deliver(self, now: Now) -> None:
        """Enter this quarter's units in the ledger, then move levers for all that are in it."""
        raise TypeError(f"{type(self).__name__} does not say how it delivers")

    def settle(self, now: Now) -> None:
        """After the quarter's processes: enter units that only they could choose."""

    def units(self, now: Now) -> int:
        """Units of dose due this quarter at the scale of the run: cumulative rounding, so that none is lost."""
        done = now.quarter - self.first
        rate = float(self.measure.dose) * now.scale
        return int(np.floor(rate * (done + 1) + 0.5)) - int(np.floor(rate * done + 0.5))

    def choose(self, now: Now, rows: NDArray[np.int64], ids: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The units among eligible `rows` that this quarter's dose reaches: lowest keyed priority first, so that
        a higher dose only adds units."""
        fresh = ~np.isin(ids[rows], now.state.ledger.treatments[self.name].ids)
        rows = rows[fresh]
        priority = hashes(np.uint64(now.draws.seed ^ code("priority: " + self.name)), ids[rows])
        chosen: NDArray[np.int64] = rows[np.argsort(priority, kind="stable")[: self.units(now)]]
        return chosen

    def spend(self, now: Now, units: int) -> None:
        """Book the public cost of delivered units."""
        now.state.ledger.spent_eur[self.name] += units * float(self.measure.unit_cost_eur)

    def chance(self, now: Now, what: str, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
        """A lasting uniform draw for each unit, for instance whether it would have acted without support."""
        values: NDArray[np.float64] = uniforms(np.uint64(now.draws.seed ^ code(f"{self.name}: {what}")), ids)
        return values


def intervention(measure: Any, parameters: Block, first_quarter: int) -> Intervention:
    """The measure at work, by the mechanism its YAML names. Raises InputError for an unknown one."""
    if measure.mechanism not in MECHANISMS:
        hint = did_you_mean(measure.mechanism, MECHANISMS)
        raise InputError(
            f"intervention/{measure.name}",
            f"unknown mechanism '{measure.mechanism}'{hint}; allowed: {listed(MECHANISMS)}",
        )
    return MECHANISMS[measure.mechanism](measure, parameters, first_quarter)
