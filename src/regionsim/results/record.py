"""The recorder: one array per outcome, filled quarter by quarter, turned into a labelled dataset at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from regionsim.results.outcomes import FIXED_COORDS, OUTCOMES, Outcome
from regionsim.state.errors import did_you_mean, listed


class Recorder:
    """Holds float64 arrays (quarter, *dims) of one run, in agents of the sample; `finish` scales them to the region.

    `coords` gives the labels of the dims that differ by region or plan (arrondissement, sector, municipality, measure);
    those of age group, education and market are the catalogue's. `outcomes` may narrow or extend the catalogue.
    """

    def __init__(
        self,
        coords: Mapping[str, Sequence[str]],
        quarters: Sequence[str],
        outcomes: Mapping[str, Outcome] = OUTCOMES,
    ) -> None:
        self.outcomes = dict(outcomes)
        self.quarters = list(quarters)
        self.coords = _checked_coords(coords, self.outcomes)
        self._values: dict[str, NDArray[np.float64]] = {
            name: np.full((len(self.quarters), *self._shape(outcome)), np.nan)
            for name, outcome in self.outcomes.items()
        }
        self._written = {name: np.zeros(len(self.quarters), dtype=bool) for name in self.outcomes}

    def _shape(self, outcome: Outcome) -> tuple[int, ...]:
        return tuple(len(self.coords[dim]) for dim in outcome.dims)

    def write(self, q_index: int, name: str, values: ArrayLike) -> None:
        """Store the values of one outcome in quarter number `q_index` (0 is the first); shape = its dims.

        Raises KeyError for a name outside the catalogue, IndexError for a quarter outside the run, ValueError for
        another shape. A ratio without a denominator is written as NaN.
        """
        if name not in self._values:
            raise KeyError(f"unknown outcome '{name}'{did_you_mean(name, self._values)}")
        if not 0 <= q_index < len(self.quarters):
            raise IndexError(f"quarter {q_index} of '{name}': this run has {len(self.quarters)} quarters")
        array = np.asarray(values, dtype=np.float64)
        target = self._values[name]
        if array.shape != target.shape[1:]:
            wanted = ", ".join(self.outcomes[name].dims) or "a scalar"
            raise ValueError(f"'{name}' has shape {array.shape}, not {target.shape[1:]} ({wanted})")
        target[q_index] = array
        self._written[name][q_index] = True

    def copy(self) -> Recorder:
        """An independent copy: what is written later in one is not seen in the other (branching of plans)."""
        twin = object.__new__(Recorder)
        twin.outcomes = self.outcomes
        twin.quarters = self.quarters
        twin.coords = self.coords
        twin._values = {name: values.copy() for name, values in self._values.items()}
        twin._written = {name: written.copy() for name, written in self._written.items()}
        return twin

    def finish(self, scale: float) -> xr.Dataset:
        """The run as a dataset (quarter, *dims); counts are divided by `scale`, so they hold for the whole region.

        Raises ValueError if an outcome was not written in every quarter, naming each.
        """
        self._check_complete()
        return self._dataset({name: values.copy() for name, values in self._values.items()}, {}, scale)

    def _check_complete(self) -> None:
        gaps = [f"{name} ({(~done).sum()} quarters)" for name, done in self._written.items() if not done.all()]
        if gaps:
            raise ValueError(f"never written: {listed(gaps)}")

    def _dataset(
        self, values: Mapping[str, NDArray[np.float64]], leading: Mapping[str, list[str] | list[int]], scale: float
    ) -> xr.Dataset:
        """Values (*leading, quarter, *dims) of every outcome with their labels; counts are divided by `scale`."""
        if not 0 < scale <= 1:
            raise ValueError(f"scale {scale} is not in (0, 1]")
        variables = {}
        for name, outcome in self.outcomes.items():
            whole = values[name] / scale if outcome.scaling == "count" else values[name]
            attrs = {key: getattr(outcome, key) for key in ("unit", "definition", "kind", "scaling")}
            variables[name] = xr.Variable((*leading, "quarter", *outcome.dims), whole, attrs)
        return xr.Dataset(variables, {"quarter": self.quarters, **self.coords, **leading}, {"scale": scale})


def finish_plans(runs: Mapping[str, Recorder], draw: int, scale: float) -> xr.Dataset:
    """As `Recorder.finish`, of one draw under several plans, recorded alike: (plan, draw, quarter, *dims)."""
    for run in runs.values():
        run._check_complete()
    first = next(iter(runs.values()))
    values = {name: np.stack([run._values[name] for run in runs.values()])[:, None] for name in first.outcomes}
    return first._dataset(values, {"plan": list(runs), "draw": [draw]}, scale)


def _checked_coords(coords: Mapping[str, Sequence[str]], outcomes: Mapping[str, Outcome]) -> dict[str, list[str]]:
    """Labels of every dim that the outcomes use; ValueError lists dims without labels and labels that repeat."""
    needed = dict.fromkeys(dim for outcome in outcomes.values() for dim in outcome.dims)
    known = {**FIXED_COORDS, **coords}
    faults = [f"no labels for dim '{dim}'" for dim in needed if dim not in known]
    faults += [f"labels of '{dim}' repeat" for dim in needed if len(set(known.get(dim, ()))) < len(known.get(dim, ()))]
    if faults:
        raise ValueError("; ".join(faults))
    return {dim: [str(label) for label in known[dim]] for dim in needed}
