"""Synthesised populations kept on disk, so that a region is made once per parameters, scale and seed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import uuid
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import regionsim.state
from regionsim.data.tables import RegionTables
from regionsim.population.build import Population, build_population
from regionsim.population.fit import COLUMNS
from regionsim.population.sample import with_spare_rows
from regionsim.state.columns import Columns
from regionsim.state.firms import Firms
from regionsim.state.parameters import Block
from regionsim.state.people import People

FOLDER_VARIABLE = "REGIONSIM_CACHE"
_STATE_FILES = ("people.py", "firms.py", "columns.py", "draws.py", "identity.py")


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
    try:
        _write(made, path)
    except OSError as error:
        warnings.warn(f"populations are not kept in {path.parent}: {error.strerror or error}", stacklevel=2)
    return made


def cache_folder() -> Path:
    """Where populations are kept: $REGIONSIM_CACHE, else regionsim in the user's cache folder."""
    if own := os.environ.get(FOLDER_VARIABLE):
        return Path(own)
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "regionsim"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "regionsim"


def population_key(tables: RegionTables, parameters: Block, scale: float, seed: int) -> str:
    """Content key: tables, parameter values, scale, seed and the code that makes populations."""
    values = {name: parameters.values[name] for name in sorted(parameters.values)}
    told = [sorted(tables.hashes.items()), values, repr(float(scale)), int(seed), _code_version()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _code_version() -> str:
    state = Path(str(regionsim.state.__file__)).parent
    return _hashed([*sorted(Path(__file__).parent.glob("*.py")), *(state / name for name in _STATE_FILES)])


def _hashed(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _write(population: Population, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.{uuid.uuid4().hex}.tmp")
    arrays: dict[str, Any] = {"scale": np.float64(population.scale)}
    for name, columns in (("people", population.people), ("firms", population.firms)):
        rows = len(columns)
        arrays |= {f"{name}.{c.name}": columns.column(c.name)[:rows] for c in columns.declared}
    for column in COLUMNS:
        values = population.fit[column].to_numpy()
        arrays[f"fit.{column}"] = values.astype(str) if column == "margin" else values
    try:
        with temporary.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


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
