"""Which points of the priors to run so that the results say which parameters matter.

A point gives every parameter a quantile of its prior. A factor is one parameter or a group: the parameters of a group
move independently of each other, but at the same time, and are analysed as one. Three designs:

    morris   trajectories in which one factor moves at a time (Morris 1991, Campolongo et al. 2007; recalled):
             trajectories x (factors + 1) points; which factors matter at all
    sobol    two independent samples and their crosses (Saltelli et al. 2010, recalled; second order off):
             n x (factors + 2) points; the share of the variance that each factor causes
    random   a Latin hypercube: n points whatever the number of parameters; for rank correlations
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.state.errors import InputError, listed

METHODS = ("morris", "sobol", "random")
ENDS = (0.02, 0.98)  # the quantiles that stand for the first and last level of Morris: a prior may have no end
NEXT_TO_END = 1e-6  # quantiles of the other designs come no nearer to 0 and 1
MOST_LEVELS = 20

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Design:
    """The points to run, in order. InputError naming every fault."""

    method: str  # 'morris', 'sobol' or 'random'
    names: tuple[str, ...]  # 'block.parameter'
    groups: tuple[str, ...]  # the factor that each name belongs to
    quantiles: Array  # (point, name), above 0 and below 1
    seed: int
    trajectories_or_n: int  # trajectories of Morris, else the n of the design

    def __post_init__(self) -> None:
        faults = _faults(self.names, self.groups)
        if self.method not in METHODS:
            faults.append(f"method '{self.method}'; allowed: {listed(METHODS)}")
        expected = (self._expected_points(), len(self.names))
        if self.quantiles.shape != expected:
            faults.append(f"quantiles of shape {self.quantiles.shape}; allowed: (point, name), here {expected}")
        elif not ((self.quantiles > 0) & (self.quantiles < 1)).all():
            faults.append("quantiles at or beyond the ends; allowed: above 0 and below 1")
        if faults:
            raise InputError("design", faults)

    @property
    def factors(self) -> tuple[str, ...]:
        """The groups, each once, in the order in which they first appear."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def points(self) -> int:
        """Number of points to run."""
        return int(self.quantiles.shape[0])

    def point(self, index: int) -> dict[str, float]:
        """Quantile by name at a point: what `Parameters.sample` takes."""
        return dict(zip(self.names, (float(u) for u in self.quantiles[index]), strict=True))

    def _expected_points(self) -> int:
        per_unit = {"morris": len(self.factors) + 1, "sobol": len(self.factors) + 2}.get(self.method, 1)
        return self.trajectories_or_n * per_unit

    def as_json(self) -> str:
        """The design as JSON text; `from_json` gives exactly the same numbers back."""
        return json.dumps(asdict(self) | {"quantiles": self.quantiles.tolist()})

    @classmethod
    def from_json(cls, text: str) -> Design:
        """The design that `as_json` wrote. InputError if it is none, or not whole."""
        fields = cls.__dataclass_fields__
        try:
            raw: Any = json.loads(text)
        except json.JSONDecodeError as error:
            raise InputError("design", f"is no JSON: {error}") from None
        if not isinstance(raw, dict) or set(raw) != set(fields):
            raise InputError("design", f"must be a mapping with exactly {listed(fields)}")
        try:
            quantiles = np.array(raw["quantiles"], dtype=np.float64)
            known = {"names": tuple(raw["names"]), "groups": tuple(raw["groups"]), "quantiles": quantiles}
        except (TypeError, ValueError) as error:
            raise InputError(
                "design", f"must have lists of names and groups, and a table of numbers: {error}"
            ) from None
        return cls(**(raw | known))


def morris_design(
    names: tuple[str, ...], groups: tuple[str, ...], trajectories: int, seed: int, levels: int = 4
) -> Design:
    """Trajectories through a grid of `levels` quantiles a parameter, from 0 to 1 in equal steps; one factor moves at a
    time, by a little more than half the grid. The levels 0 and 1 become .02 and .98, since a prior may have no end.

    InputError for fewer than 2 trajectories, levels that are not even (2 to 20), names twice, or not one group a name.
    """
    faults = _faults(names, groups)
    if trajectories < 2:
        faults.append(f"{trajectories} trajectories; allowed: 2 or more")
    if levels % 2 or not 2 <= levels <= MOST_LEVELS:
        faults.append(f"{levels} levels; allowed: an even number from 2 to {MOST_LEVELS}")
    if faults:
        raise InputError("Morris design", faults)
    from SALib.sample import morris  # slow to import

    found = morris.sample(problem(names, groups), trajectories, num_levels=levels, seed=seed)
    return Design("morris", tuple(names), tuple(groups), np.clip(found, *ENDS), seed, trajectories)


def sobol_design(names: tuple[str, ...], groups: tuple[str, ...], n: int, seed: int) -> Design:
    """The design of Saltelli on a scrambled Sobol sequence, without second order; n: a power of two, InputError else.

    InputError too for a single factor, names twice, or not one group a name.
    """
    faults = _faults(names, groups)
    if n < 2 or n & (n - 1):
        faults.append(f"n is {n}; allowed: a power of two from 2 (2, 4, 8, ..., 512, 1024, ...)")
    if len(set(groups)) == 1:
        faults.append("1 factor, which causes the whole variance; allowed: two or more")
    if faults:
        raise InputError("Sobol design", faults)
    from SALib.sample import sobol  # slow to import

    found = sobol.sample(problem(names, groups), n, calc_second_order=False, seed=seed)
    return Design("sobol", tuple(names), tuple(groups), _inside(found), seed, n)


def latin_hypercube(names: tuple[str, ...], n: int, seed: int) -> Design:
    """n points: of each parameter, one in every n-th part of its prior; each parameter is a factor.

    InputError for n below 2 or names twice.
    """
    faults = _faults(names, names)
    if n < 2:
        faults.append(f"n is {n}; allowed: 2 or more")
    if faults:
        raise InputError("Latin hypercube", faults)
    from scipy.stats import qmc

    found = qmc.LatinHypercube(len(names), seed=np.random.default_rng(seed)).random(n)
    return Design("random", tuple(names), tuple(names), _inside(found), seed, n)


def problem(names: tuple[str, ...], groups: tuple[str, ...]) -> dict[str, Any]:
    """The factors as SALib wants them."""
    bounds = [[0.0, 1.0]] * len(names)
    return {"num_vars": len(names), "names": list(names), "groups": list(groups), "bounds": bounds}


def _faults(names: tuple[str, ...], groups: tuple[str, ...]) -> list[str]:
    faults = [] if names else ["no parameters; allowed: one or more"]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [f"'{name}' more than once; allowed: every parameter once" for name in twice]
    if len(groups) != len(names):
        faults.append(f"{len(groups)} groups for {len(names)} names; allowed: one group a name")
    return faults


def _inside(quantiles: Array) -> Array:
    return np.clip(quantiles, NEXT_TO_END, 1 - NEXT_TO_END)
