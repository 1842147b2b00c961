"""Parameters: value, unit, source and status, or they do not load; draw d samples the uncertain ones by name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regionsim.state.draws import code, stream
from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.priors import DISTRIBUTIONS, drawn, quantile

STATUSES = ("data", "verified", "direction-verified", "recalled", "calibrated", "assumption")
_FIELDS = ("value", "unit", "source", "status", "distribution", "note")
_REQUIRED = ("value", "unit", "source", "status")

Value = float | tuple[float, ...]


@dataclass(frozen=True)
class Parameter:
    """One number (or short list of numbers) of the model, with where it comes from."""

    name: str  # 'block.parameter'
    value: Value
    unit: str
    source: str
    status: str
    distribution: tuple[str, tuple[float, ...]] | None = None
    note: str = ""

    def sampled(self, seed: int, draw: int) -> Value:
        """Value in draw `draw`: depends on (seed, name, draw) alone; central without a distribution."""
        if self.distribution is None:
            return self.value
        key = np.uint64(stream(np.uint64(seed), code("parameter: " + self.name), np.uint64(draw)))
        return drawn(*self.distribution, key)

    def quantile(self, u: float) -> Value:
        """Value below which a share `u` of the prior lies; central without a distribution.

        InputError unless u lies above 0 and below 1.
        """
        if not 0 < u < 1:
            raise InputError(f"'{self.name}'", f"has no quantile {u}; allowed: above 0 and below 1")
        return self.value if self.distribution is None else quantile(*self.distribution, u)


@dataclass(frozen=True)
class Block:
    """The values of one block for one draw, by attribute: `p.quit_rate_q`."""

    name: str
    values: Mapping[str, Value] = field(repr=False)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"parameter block '{self.name}' has no '{name}': {listed(self.values)}") from None

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "values": dict(self.values)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for key, value in state.items():
            object.__setattr__(self, key, value)


@dataclass(frozen=True)
class Parameters:
    """All parameters of a run."""

    blocks: Mapping[str, Mapping[str, Parameter]]

    def __iter__(self) -> Iterator[Parameter]:
        return (parameter for block in self.blocks.values() for parameter in block.values())

    def central(self) -> Sample:
        """Central values."""
        return Sample({b: Block(b, {n: p.value for n, p in ps.items()}) for b, ps in self.blocks.items()})

    def sample(self, seed: int, draw: int, quantiles: Mapping[str, float] | None = None) -> Sample:
        """Values of draw `draw`; adding draws or parameters changes no earlier value.

        Parameters named in `quantiles` ('block.parameter') take that quantile of their prior, the others are drawn as
        without. InputError naming every unknown parameter.
        """
        at = quantiles or {}
        if unknown := [name for name in at if name not in {p.name for p in self}]:
            raise InputError("quantiles", [self._unknown(name) for name in unknown])
        blocks = {}
        for block, entries in self.blocks.items():
            values = {n: p.quantile(at[p.name]) if p.name in at else p.sampled(seed, draw) for n, p in entries.items()}
            blocks[block] = Block(block, values)
        return Sample(blocks)

    def _unknown(self, name: str) -> str:
        block = name.partition(".")[0]
        names = [p.name for p in self]
        allowed = [n for n in names if n.startswith(block + ".")] or [f"{b}.*" for b in self.blocks]
        return f"no parameter '{name}'{did_you_mean(name, names)}; allowed: {listed(allowed)}"


@dataclass(frozen=True)
class Sample:
    """Parameter values of one draw, by block: `sample.labour.quit_rate_q`."""

    blocks: Mapping[str, Block]

    def __getattr__(self, name: str) -> Block:
        if name.startswith("_") or name == "blocks":
            raise AttributeError(name)
        try:
            return self.blocks[name]
        except KeyError:
            raise AttributeError(f"no parameter block '{name}': {listed(self.blocks)}") from None


def parse_parameters(raw: Mapping[str, Any], where: str = "configs/parameters") -> Parameters:
    """Parameters from nested mappings block -> name -> fields. Raises InputError naming every fault of every block."""
    faults: list[str] = []
    blocks: dict[str, dict[str, Parameter]] = {}
    for block, entries in raw.items():
        if not isinstance(entries, Mapping):
            faults.append(f"{block}: must hold parameters, each with {listed(_REQUIRED)}")
            continue
        blocks[block] = {}
        for name, fields in entries.items():
            found = _faults(f"{block}.{name}", fields)
            faults += found
            if not found:
                blocks[block][name] = _parameter(f"{block}.{name}", fields)
    if faults:
        raise InputError(where, faults)
    return Parameters(blocks)


def _faults(name: str, fields: Any) -> list[str]:
    if not isinstance(fields, Mapping):
        return [f"'{name}' must have {listed(_REQUIRED)}"]
    faults = [
        f"'{name}' has unknown field '{f}'{did_you_mean(f, _FIELDS)}; allowed: {listed(_FIELDS)}"
        for f in fields
        if f not in _FIELDS
    ]
    faults += [f"'{name}' has no {f}" for f in _REQUIRED if fields.get(f) is None or fields.get(f) == ""]
    value = fields.get("value")
    values = value if isinstance(value, (list, tuple)) else [value]
    if value is not None and not all(
        isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in values
    ):
        faults.append(f"'{name}' has value {value!r}; allowed: a finite number or a list of numbers")
    status = fields.get("status")
    if status is not None and status not in STATUSES:
        faults.append(f"'{name}' has status '{status}'; allowed: {listed(STATUSES)}")
    return faults + _distribution_faults(name, fields.get("distribution"))


def _distribution_faults(name: str, distribution: Any) -> list[str]:
    if distribution is None:
        return []
    kinds = "; ".join(f"{kind}: [{', '.join(args)}]" for kind, args in DISTRIBUTIONS.items())
    if not isinstance(distribution, Mapping) or len(distribution) != 1 or next(iter(distribution)) not in DISTRIBUTIONS:
        return [f"'{name}' has distribution {distribution!r}; allowed: {kinds}"]
    kind, numbers = next(iter(distribution.items()))
    if len(numbers) != len(DISTRIBUTIONS[kind]):
        return [f"'{name}' needs {kind}: [{', '.join(DISTRIBUTIONS[kind])}], got {list(numbers)}"]
    ordered = {"uniform": numbers, "triangular": numbers, "normal": numbers[2:], "lognormal": []}[kind]
    if list(ordered) != sorted(ordered) or (kind in ("uniform", "triangular") and numbers[0] >= numbers[-1]):
        return [f"'{name}': the numbers of {kind} must rise, got {list(numbers)}"]
    return []


def _parameter(name: str, fields: Mapping[str, Any]) -> Parameter:
    value = fields["value"]
    distribution = fields.get("distribution")
    return Parameter(
        name=name,
        value=tuple(float(v) for v in value) if isinstance(value, (list, tuple)) else float(value),
        unit=str(fields["unit"]),
        source=str(fields["source"]),
        status=str(fields["status"]),
        distribution=None
        if distribution is None
        else next((k, tuple(float(x) for x in v)) for k, v in distribution.items()),
        note=str(fields.get("note", "")),
    )
