"""How an effect is written: with the two digits that count, and no finer than its range allows."""

from __future__ import annotations

import math

COUNTED = frozenset({"persons", "jobs", "vacancies", "firms", "units"})  # nobody is half a person
FINEST = 6  # decimals: what is smaller reads as 0


def rounded(*values: float | None, unit: str = "", sign: bool = True) -> list[str]:
    """Numbers that stand together, such as a mean and the ends of its range: '+68', '-240', '+470'.

    Each has two significant digits (67.9 -> 68, 243 -> 240, -0.0163 -> -0.016), but no digit further than one place
    behind the last of the largest: 0.083 beside 14.4 is 0.1. Counts of people, jobs and firms are whole from 1 up and
    have one digit below. Zero has no sign; a missing number is ''.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    finest = min(FINEST, decimals(max(known, key=abs, default=0.0), unit) + 1)
    texts = []
    for value in values:
        if value is None or not math.isfinite(value):
            texts.append("")
            continue
        places = min(decimals(value, unit), finest)
        plain = f"{abs(round(value, places)):,.{max(places, 0)}f}"
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        texts.append(plain if plain == "0" else f"{'-' if value < 0 else '+' if sign else ''}{plain}")
    return texts


def is_count(unit: str) -> bool:
    """True for units that come whole, per quarter or not: persons, jobs, firms."""
    return unit.split(" per ")[0] in COUNTED


def decimals(value: float, unit: str = "") -> int:
    """Place of the last digit that is written: 2 for hundredths, 0 for ones, -1 for tens."""
    size = abs(value)
    if size == 0 or not math.isfinite(size):
        return 0
    place = 1 - math.floor(math.log10(size))
    if not is_count(unit):
        return place
    return min(place, 0) if size >= 1 else place - 1
