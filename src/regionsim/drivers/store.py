"""Driver paths kept on disk: made once, read by every worker, so that no library's threads can alter a run."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regionsim.data.cache import cache_folder, hashed_files, keep
from regionsim.data.tables import RegionTables
from regionsim.drivers.paths import BLOCK_DRAWS, DriverModel, observe_drivers, simulated_block
from regionsim.state.parameters import Block

Array = NDArray[np.float64]

PACKAGES = ("numpy", "scipy", "statsmodels")


def cached_drivers(
    tables: RegionTables,
    p: Block,
    age_at_birth_sd: float,
    seed: int,
    draws: Iterable[int] = (0,),
    folder: Path | None = None,
) -> DriverModel:
    """The drivers with the blocks that `draws` need, read from `folder` (default: the cache) or made and kept there."""
    model = observe_drivers(tables, p, age_at_birth_sd, seed)
    key = _key(tables, p, age_at_birth_sd, seed)
    for block in sorted({draw // BLOCK_DRAWS for draw in draws}):
        path = (folder or cache_folder()) / f"drivers-{key}-{block}.npz"
        kept = _read(path, model)
        if kept is None:
            kept = simulated_block(model, block)
            keep(path, lambda temporary, paths=kept: _write(temporary, paths))  # type: ignore[misc]
        model.blocks[block] = kept
    return model


def _key(tables: RegionTables, p: Block, age_at_birth_sd: float, seed: int) -> str:
    code = hashed_files(sorted(Path(__file__).parent.rglob("*.py")))
    versions = [version(package) for package in PACKAGES]
    told = [
        sorted(tables.hashes.items()), tables.as_of, sorted(p.values.items()), age_at_birth_sd, seed, code, versions,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _write(path: Path, paths: Array) -> None:
    with path.open("wb") as file:
        np.savez(file, paths=paths)


def _read(path: Path, model: DriverModel) -> Array | None:
    """The block as it was made; None if the file is not there or not whole."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            paths: Array = stored["paths"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    whole = paths.ndim == 3 and paths.shape[:2] == (BLOCK_DRAWS, len(model.names))
    return paths if whole else None
