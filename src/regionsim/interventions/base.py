"""What every measure does: enter units in the ledger within its order, move levers for them, never an outcome."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.ledger import Account
from regionsim.state.levers import LEVERS
from regionsim.state.parameters import Block
from regionsim.state.region_state import Now

MECHANISMS: dict[str, type[Intervention]] = {}
Array = NDArray[np.float64]


class Intervention:
    """One measure of a plan at work. Subclasses say which levers they may move and how units are chosen."""

    may_move: ClassVar[frozenset[str]] = frozenset()  # a measure's `effects` name some of them
    moves_always: ClassVar[frozenset[str]] = frozenset()  # whatever its `effects` say
    units: ClassVar[frozenset[str]] = frozenset()  # what its targets may be
    settings: ClassVar[dict[str, Any]] = {}  # name -> default; None where a measure's YAML must give it
    needs: ClassVar[tuple[str, ...]] = ()  # parameters a measure's YAML must give, beside those its effects name
    may_have: ClassVar[tuple[str, ...]] = ()  # parameters it may give
    leads: ClassVar[int] = 0  # the higher, the earlier in the quarter: measures after it feel what it moves

    def __init_subclass__(cls, mechanism: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if mechanism:
            MECHANISMS[mechanism] = cls

    def __init__(self, measure: Any, parameters: Block) -> None:
        self.measure, self.p = measure, parameters
        self.name = str(measure.name)
        self.target = measure.target

    def enter(self, now: Now, units: int, amount: float, quality: float) -> float:
        """Enter this quarter's units in the ledger, at most those ordered; returns how many.

        units: whole units due; amount: the same without rounding, for what can be divided; quality: of coordination.
        """
        raise TypeError(f"{type(self).__name__} does not say how it delivers")

    def move(self, now: Now) -> None:
        """Move levers for all that are in the ledger."""

    def settle(self, now: Now, quality: float) -> float:
        """After the quarter's processes: enter units that only they could choose; returns how many."""
        return 0.0

    def account(self, now: Now) -> Account:
        """The measure's books."""
        return now.state.ledger.accounts[self.name]

    def setting(self, name: str) -> Any:
        """A setting of the measure, or the mechanism's default."""
        return self.measure.settings.get(name, self.settings[name])

    def size(self, parameter: str) -> float:
        """Value of a parameter of the measure in this draw."""
        return float(getattr(self.p, parameter))


def works(age_q: NDArray[np.int64], lag_q: int, lasts_q: int) -> NDArray[np.bool_]:
    """Whether what started so many quarters ago is at work: after the lag, for as long as it lasts (0: for good)."""
    return (age_q >= lag_q) & ((age_q < lag_q + lasts_q) | (lasts_q == 0))


def levers_of(mechanism: str, effects: Any) -> frozenset[str]:
    """Levers that a measure with this mechanism and these effects moves; of an unknown one those of its effects."""
    kind = MECHANISMS.get(mechanism)
    return frozenset(str(lever) for lever in effects or ()) | (kind.moves_always if kind else frozenset())


def moved_by(lever: str, size: float, intensity: Array) -> Array:
    """What a measure of effect `size` adds to a lever, or multiplies it by, at an intensity; same shape."""
    if LEVERS[lever].combine != "multiply":
        return size * intensity
    ratio: Array = np.maximum(1.0 + size, 0.01) ** intensity
    return ratio


def intervention(measure: Any, parameters: Block) -> Intervention:
    """The measure at work, by the mechanism its YAML names. Raises InputError for an unknown one."""
    if measure.mechanism not in MECHANISMS:
        hint = did_you_mean(measure.mechanism, MECHANISMS)
        raise InputError(
            f"intervention/{measure.name}",
            f"unknown mechanism '{measure.mechanism}'{hint}; allowed: {listed(MECHANISMS)}",
        )
    return MECHANISMS[measure.mechanism](measure, parameters)
