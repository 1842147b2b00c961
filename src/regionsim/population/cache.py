"""Synthesised populations kept on disk, so that a region is made once per parameters, scale and seed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import regionsim.state
from regionsim.data.cache import cache_folder, hashed_files, keep
from regionsim.data.tables import RegionTables
from regionsim.population.build import Population, build_population
from regionsim.population.fit import COLUMNS
from regionsim.population.sample import with_spare_rows
from regionsim.state.columns import Columns
from regionsim.state.firms import Firms
from regionsim.state.parameters import Block
from regionsim.state.people import People

_STATE_FILES = ("people.py", "firms.py", "columns.py", "draws.py", "identity.py", "abilities.py")


def cached_population(
    tables: RegionTables, parameters: Block, scale: float, seed: int, folder: Path | None = None
) -> Population:
    """build_population, or the same population read from `folder` (default: cache_folder()).

    The file is written under another name and then renamed, so runs side by side are safe. A file that cannot be read
    is made anew; a folder that cannot be written costs one warning and nothing else.
    """
    path = (folder or cache_folder()) / f"{population_key(tables, parameters, scale, seed)}.npz"
    kept = _read(path)
    if kept is not None:
        return kept
    made = build_population(tables, parameters, scale, seed)
    keep(path, lambda temporary: _write(made, temporary))
    return made


def population_key(tables: RegionTables, parameters: Block, scale: float, seed: int) -> str:
    """Content key: tables, parameter values, scale, seed and the code that makes populations."""
    values = {name: parameters.values[name] for name in sorted(parameters.values)}
    told = [sorted(tables.hashes.items()), values, repr(float(scale)), int(seed), _code_version()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _code_version() -> str:
    state = Path(str(regionsim.state.__file__)).parent
    return hashed_files([*sorted(Path(__file__).parent.glob("*.py")), *(state / name for name in _STATE_FILES)])


def _write(population: Population, path: Path) -> None:
    arrays: dict[str, Any] = {"scale": np.float64(population.scale)}
    for name, columns in (("people", population.people), ("firms", population.firms)):
        rows = len(columns)
        arrays |= {f"{name}.{c.name}": columns.column(c.name)[:rows] for c in columns.declared}
    for column in COLUMNS:
        values = population.fit[column].to_numpy()
        arrays[f"fit.{column}"] = values.astype(str) if column == "margin" else values
    with path.open("wb") as file:
        np.savez(file, **arrays)


def _read(path: Path) -> Population | None:
    """The population of a file; None without a file, or where it does not hold one."""
    import pandas as pd

    try:
        with np.load(path, allow_pickle=False) as file:
            people, firms = _columns(People, "people", file), _columns(Firms, "firms", file)
            fit = pd.DataFrame({column: file[f"fit.{column}"].tolist() for column in COLUMNS})
            return Population(people, firms, fit, float(file["scale"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _columns(kind: type[Columns], name: str, file: Any) -> Any:
    values: dict[str, NDArray[Any]] = {c.name: file[f"{name}.{c.name}"] for c in kind.declared}
    return with_spare_rows(kind, values)
