"""Bayesian vector autoregression of changes with a Minnesota prior, its posterior in closed form.

Prior (Litterman 1986; natural-conjugate form of Kadiyala and Karlsson 1997): coefficients are centred on 0, so every
level is a random walk with drift; the spread of the coefficient on lag l of series j is tightness / (l x sd_j). The
tightness is the one of the highest marginal likelihood among TIGHTNESS (Giannone, Lenza and Primiceri 2015).
Changes of the pandemic are no targets of the regression, and as regressors they count as average changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import gammaln

Array = NDArray[np.float64]

LAGS = 4
TIGHTNESS = (0.05, 0.1, 0.2, 0.4)
CONSTANT_SD = 10.0  # of the constant, in units of the series' own spread: hardly any prior
LARGEST_ROOT = 0.98  # a drawn system whose changes do not die out is drawn again
ATTEMPTS = 50


@dataclass(frozen=True)
class Posterior:
    """Normal inverse-Wishart posterior of y' = x' B + e', e ~ N(0, S); x = constant and LAGS lags."""

    mean: Array  # (1 + LAGS n, n)
    spread: Array  # lower factor of the covariance of a column of B given S = 1
    scale: Array  # (n, n)
    freedom: float
    tightness: float
    lags: Array  # (LAGS, n) last changes, latest first, missing ones replaced by the mean


def fit_bvar(changes: Array) -> Posterior:
    """Posterior from changes (periods, n) on one calendar; NaN: not observed or no guide.

    Raises ValueError if no period has all its changes.
    """
    means = np.nanmean(changes, axis=0)
    filled = np.where(np.isnan(changes), means, changes)
    rows = [t for t in range(LAGS, len(changes)) if not np.isnan(changes[t]).any()]
    if not rows:
        raise ValueError("no period in which all series are observed")
    y = changes[rows]
    x = np.stack([_regressors(filled[t - LAGS : t][::-1]) for t in rows])
    spread = np.nanstd(changes, axis=0)
    fits = [_posterior(x, y, spread, tightness) for tightness in TIGHTNESS]
    best = int(np.argmax([likelihood for *_, likelihood in fits]))
    mean, factor, scale, freedom, _ = fits[best]
    return Posterior(mean, factor, scale, freedom, TIGHTNESS[best], filled[-LAGS:][::-1])


def _regressors(lags: Array) -> Array:
    """Row of x from lagged changes (LAGS, n), latest first."""
    return np.concatenate([[1.0], lags.ravel()])


def _posterior(x: Array, y: Array, sd: Array, tightness: float) -> tuple[Array, Array, Array, float, float]:
    """Mean, factor of the covariance, scale, degrees of freedom, log marginal likelihood (up to a constant)."""
    rows, n = y.shape
    prior_sd = np.concatenate([[CONSTANT_SD], *(tightness / (lag * sd) for lag in range(1, LAGS + 1))])
    precision = np.diag(prior_sd**-2)
    freedom0, scale0 = n + 2.0, np.diag(sd**2)
    factor = cho_factor(precision + x.T @ x, lower=True)
    mean = cho_solve(factor, x.T @ y)
    scale = scale0 + y.T @ y - mean.T @ (x.T @ y)
    scale = (scale + scale.T) / 2
    freedom = freedom0 + rows
    log_det_precision = 2 * np.log(np.diag(factor[0])).sum()
    likelihood = (
        0.5 * n * (np.log(np.diag(precision)).sum() - log_det_precision)
        + 0.5 * freedom0 * np.linalg.slogdet(scale0)[1]
        - 0.5 * freedom * np.linalg.slogdet(scale)[1]
        + sum(gammaln((freedom - i) / 2) for i in range(n))
    )
    covariance_factor = solve_triangular(factor[0], np.eye(len(precision)), lower=True).T
    return mean, np.asarray(covariance_factor), np.asarray(scale), freedom, float(likelihood)


def simulate_changes(p: Posterior, known: Array, steps: int, draws: int, rng: np.random.Generator) -> Array:
    """Paths of changes (draws, steps, n) after the last row that was fitted.

    known: (rows, n), rows <= steps, changes of series that were observed for longer, NaN for those that were not; every
    path holds them, and the others follow with the covariances of the path's own system (Waggoner and Zha 1999).
    """
    out = np.empty((draws, steps, p.mean.shape[1]))
    where = ~np.isnan(known)
    root = np.linalg.cholesky(np.linalg.inv(p.scale))
    for d in range(draws):
        b, s = _drawn_system(p, root, rng)
        shocks = rng.standard_normal((steps, p.mean.shape[1]))
        path = _run(b, s, p.lags, shocks)
        if where.any():
            response = _responses(b, s, len(known))[where.ravel()]
            gap = (known - path[: len(known)])[where]
            correction = response.T @ np.linalg.lstsq(response @ response.T, gap, rcond=None)[0]
            shocks[: len(known)] += correction.reshape(known.shape)
            path = _run(b, s, p.lags, shocks)
            path[: len(known)][where] = known[where]
        out[d] = path
    return out


def _drawn_system(p: Posterior, root: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Coefficients (1 + LAGS n, n) and lower factor of the error covariance (n, n), a draw of the posterior.

    root: lower factor of the inverse of the posterior's scale.
    """
    n = p.mean.shape[1]
    for _ in range(ATTEMPTS):
        bartlett = np.tril(rng.standard_normal((n, n)), -1)
        bartlett[np.diag_indices(n)] = np.sqrt(rng.chisquare(p.freedom - np.arange(n)))
        # S^-1 = (root A)(root A)' is Wishart, so S = L L' with L the inverse transpose of root A
        factor = np.linalg.cholesky(_inverse_square(root @ bartlett))
        b = p.mean + p.spread @ rng.standard_normal(p.mean.shape) @ factor.T
        if _largest_root(b) < LARGEST_ROOT:
            break
    else:
        b = p.mean
    return b, np.asarray(factor, dtype=np.float64)


def _inverse_square(a: Array) -> Array:
    inverse = np.linalg.inv(a)
    return np.asarray(inverse.T @ inverse)


def _largest_root(b: Array) -> float:
    n = b.shape[1]
    companion = np.zeros((LAGS * n, LAGS * n))
    companion[:n] = b[1:].T
    companion[n:, :-n] = np.eye((LAGS - 1) * n)
    return float(np.abs(np.linalg.eigvals(companion)).max())


def _run(b: Array, factor: Array, lags: Array, shocks: Array) -> Array:
    """Changes (steps, n) from standard normal shocks (steps, n)."""
    out, state = np.empty_like(shocks), lags.copy()
    noise = shocks @ factor.T
    for h in range(len(shocks)):
        out[h] = _regressors(state) @ b + noise[h]
        state = np.concatenate([out[h][None], state[:-1]])
    return out


def _responses(b: Array, factor: Array, rows: int) -> Array:
    """Response of the changes of `rows` periods to standard normal shocks in them; (rows n, rows n)."""
    n = b.shape[1]
    psi = np.zeros((rows, n, n))
    psi[0] = np.eye(n)
    for h in range(1, rows):
        for lag in range(1, min(h, LAGS) + 1):
            psi[h] += b[1 + (lag - 1) * n : 1 + lag * n].T @ psi[h - lag]
    out = np.zeros((rows, n, rows, n))
    for h in range(rows):
        for j in range(h + 1):
            out[h, :, j, :] = psi[h - j] @ factor
    return out.reshape(rows * n, rows * n)
