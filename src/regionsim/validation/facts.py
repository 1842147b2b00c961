"""The facts beside the model: value and verdict of every part, then of every fact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from regionsim.validation import firm_measures, people_measures  # noqa: F401  (they register the measures)
from regionsim.validation.evidence import Evidence, NoCounterpart
from regionsim.validation.measures import MEASURES
from regionsim.validation.table import Band, Fact, Part, band_of

Verdict = Literal["pass", "fail", "no model counterpart", "no figure", "no value"]


@dataclass(frozen=True)
class PartResult:
    """A part with its value over all draws; `why` says what is missing where there is no verdict."""

    part: Part
    band: Band | None
    value: float | None
    verdict: Verdict
    why: str = ""
    over_draws: tuple[float, float] | None = None  # 10th and 90th percentile of the draws, each measured alone


@dataclass(frozen=True)
class FactResult:
    """A fact passes if it has a part in its band and none outside."""

    fact: Fact
    parts: tuple[PartResult, ...]

    @property
    def passed(self) -> bool:
        """Whether the model reproduces it, as far as the model can show it."""
        verdicts = [part.verdict for part in self.parts]
        return "pass" in verdicts and not {"fail", "no value"} & set(verdicts)

    @property
    def reason(self) -> str:
        """Why it does not pass, or what of it could not be shown; '' if nothing is to be said."""
        said = [_said(part, len(self.parts) > 1) for part in self.parts if part.verdict != "pass"]
        failed = any(part.verdict == "fail" for part in self.parts)
        return "; ".join([*said, f"it rests on {self.fact.rests_on}"] if failed else said)


def judge(facts: Sequence[Fact], evidence: Evidence) -> list[FactResult]:
    """Every fact with the values of this model."""
    return [FactResult(fact, tuple(_judge(part, evidence) for part in fact.parts)) for fact in facts]


def _judge(part: Part, evidence: Evidence) -> PartResult:
    band = band_of(part, evidence.tables)
    try:
        value = MEASURES[part.measure](evidence)
    except NoCounterpart as missing:
        return PartResult(part, band, None, "no model counterpart", str(missing))
    if not math.isfinite(value):
        return PartResult(part, band, None, "no value", f"these runs end before {part.year} or hold no case")
    spread = _over_draws(part, evidence)
    if band is None:
        return PartResult(part, None, value, "no figure", "the region's tables have no such figure", spread)
    return PartResult(part, band, value, "pass" if band.holds(value) else "fail", "", spread)


def _over_draws(part: Part, evidence: Evidence) -> tuple[float, float] | None:
    """The middle 80 % of the values that single draws give; None for one draw."""
    if len(evidence.runs) < 2:
        return None
    alone = np.array([MEASURES[part.measure](replace(evidence, runs=[run])) for run in evidence.runs])
    alone = alone[np.isfinite(alone)]
    return (float(np.quantile(alone, 0.1)), float(np.quantile(alone, 0.9))) if alone.size > 1 else None


def _said(result: PartResult, named: bool) -> str:
    words = result.why
    if result.verdict == "fail" and result.band is not None and result.value is not None:
        low = result.value < result.band.low
        words = f"{result.value:.3g} is {'below' if low else 'above'} {result.band.low if low else result.band.high:g}"
    return f"{result.part.name}: {words}" if named else words


def passing(results: Sequence[FactResult], tag: str | None = None) -> tuple[int, int]:
    """How many facts (of a tag) pass, and how many there are."""
    chosen = [result for result in results if tag is None or result.fact.tag == tag]
    return sum(result.passed for result in chosen), len(chosen)
