"""Where numbers come from: versions, code, tables, configuration and seeds, as one JSON object."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import regionsim

PACKAGES = (
    "numpy",
    "numba",
    "mesa",
    "xarray",
    "netCDF4",
    "pandas",
    "pydantic",
    "hydra-core",
    "statsmodels",
    "scipy",
    "altair",
)
NOT_NUMERIC = ("analysis", "cli", "validation", "report")  # sub-packages that read results and never alter them


def provenance(
    config: Mapping[str, Any],
    table_hashes: Mapping[str, str],
    seeds: Mapping[str, int],
    **more: Any,
) -> dict[str, Any]:
    """Everything needed to compute the same numbers again. `more` adds entries, e.g. `command="regionsim ..."`.

    `config` is the resolved configuration as plain dicts, lists and scalars; `table_hashes` sha256 by table;
    `seeds` by draw. No time of day enters, so equal runs write equal provenance.
    """
    return {
        "regionsim": regionsim.__version__,
        "code": code_hash(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": package_versions(),
        "tables": dict(table_hashes),
        "config": dict(config),
        "seeds": {str(draw): seed for draw, seed in seeds.items()},
        **more,
    }


def package_versions(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Installed version of each package; packages that are not installed are left out."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


@cache
def code_hash() -> str:
    """First 16 hex digits of the sha256 of the Python code that can alter a number (no report, analysis or cli)."""
    root = Path(regionsim.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        relative = file.relative_to(root)
        if relative.parts[0] not in NOT_NUMERIC:
            digest.update(relative.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
