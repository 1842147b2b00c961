"""Invented series with known properties."""

from __future__ import annotations

import numpy as np

from regionsim.drivers.series import Series
from regionsim.state.calendar import ordinal

FIRST = ordinal("1990Q1")


def walk(
    name: str = "walk", n: int = 100, sd: float = 0.01, drift: float = 0.004, seed: int = 1, **rest: object
) -> Series:
    """A random walk with drift in logarithms, from 100."""
    steps = np.random.default_rng(seed).normal(drift, sd, n)
    return Series(name, FIRST, 100 * np.exp(np.cumsum(steps)), **rest)  # type: ignore[arg-type]


def seasonal(name: str = "season", n: int = 100, sd: float = 0.01, seed: int = 2) -> Series:
    """The same with a season of a tenth up and down."""
    s = walk(name, n, sd, seed=seed, seasonal=True)
    pattern = np.exp(np.array([0.1, 0.0, -0.1, 0.0]))
    return Series(name, s.first, s.values * np.tile(pattern, n // 4 + 1)[:n], seasonal=True)


def related(n: int = 100, seed: int = 3, correlation: float = 0.8) -> list[Series]:
    """Three random walks whose steps are correlated."""
    covariance = 0.01**2 * (correlation + (1 - correlation) * np.eye(3))
    steps = np.random.default_rng(seed).multivariate_normal(np.full(3, 0.004), covariance, n)
    levels = 100 * np.exp(np.cumsum(steps, axis=0))
    return [Series(f"series_{i}", FIRST, levels[:, i]) for i in range(3)]
