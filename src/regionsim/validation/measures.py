"""The register of measures: a fact's part names a function here, which computes its value from the runs."""

from __future__ import annotations

from collections.abc import Callable

from regionsim.validation.evidence import Evidence

Measure = Callable[[Evidence], float]
MEASURES: dict[str, Measure] = {}


def measure(function: Measure) -> Measure:
    """Register a function under its own name."""
    if function.__name__ in MEASURES:
        raise ValueError(f"two measures named '{function.__name__}'")
    MEASURES[function.__name__] = function
    return function
