"""What pairing is worth: variance of an effect between unpaired runs over that between runs of the same seed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RESAMPLES, TAIL = 4000, 0.10


def pairing(treated: Array, base: Array) -> dict[str, float | None]:
    """Figures of one outcome over seeds; element i of both arrays comes from seed i.

    The effect is treated less base. Unpaired, the two come from different seeds and its variance is Var(treated) +
    Var(base); paired, it is Var(treated - base). Needs at least three seeds; no ratio where every effect is the same.
    """
    unpaired, paired = variances(treated[None], base[None])
    effect = treated - base
    return {
        "ratio": rounded(_ratio(float(unpaired[0]), float(paired[0]))),
        "lower_90": rounded(lower_bound(treated, base)),
        "paired_sd": rounded(math.sqrt(float(paired[0]))),
        "unpaired_sd": rounded(math.sqrt(float(unpaired[0]))),
        "mean_effect": rounded(float(effect.mean())),
        "pairs": effect.size,
    }


def variances(treated: Array, base: Array) -> tuple[Array, Array]:
    """Variance of the effect, unpaired and paired, for each row of (samples, seeds)."""
    unpaired = treated.var(axis=1, ddof=1) + base.var(axis=1, ddof=1)
    return unpaired, (treated - base).var(axis=1, ddof=1)


def lower_bound(treated: Array, base: Array, resamples: int = RESAMPLES, tail: float = TAIL) -> float:
    """Lower one-sided 90 % bound of the ratio: the `tail` quantile over pairs drawn again with replacement.

    Numerator and denominator come from the same runs, so an F interval for independent variances does not apply.
    """
    seeds = base.size
    drawn = np.random.default_rng(20110101).integers(seeds, size=(resamples, seeds))
    unpaired, paired = variances(treated[drawn], base[drawn])
    ratios = np.divide(unpaired, paired, out=np.full(resamples, np.inf), where=paired > 0)
    return float(np.quantile(ratios, tail, method="lower"))


def _ratio(unpaired: float, paired: float) -> float:
    return unpaired / paired if paired > 0 else math.inf


def rounded(value: float) -> float | None:
    """Four significant digits; None for what JSON cannot say."""
    return float(f"{value:.4g}") if math.isfinite(value) else None
