"""Where compiled loops are kept: one folder for each state of the code that they are made from.

A compiled loop holds helpers and constants of other files as they were when it was compiled, and its own file is all
that is looked at when it is read back. A folder named after all of that code keeps stale machine code out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

FOLDER_VARIABLE = "REGIONSIM_CACHE"
VARIABLE = "NUMBA_CACHE_DIR"
COMPILED_FROM = ("state", "population", "processes", "interventions", "model")
UNUSED_DAYS = 30


def cache_folder() -> Path:
    """$REGIONSIM_CACHE, else regionsim in the user's cache folder."""
    if own := os.environ.get(FOLDER_VARIABLE):
        return Path(own)
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "regionsim"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "regionsim"


def keep_compiled(folder: Path) -> None:
    """Set the folder of compiled loops, unless the user has; where it cannot be made, the library's own rule holds."""
    if os.environ.get(VARIABLE):
        return
    kept = folder / "compiled" / _code_version()
    try:
        kept.mkdir(parents=True, exist_ok=True)
        os.utime(kept)
    except OSError:
        return
    os.environ[VARIABLE] = str(kept)
    if numba := sys.modules.get("numba"):
        numba.config.CACHE_DIR = str(kept)
    _prune(kept.parent)


def _code_version() -> str:
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for package in COMPILED_FROM:
        for file in sorted((root / package).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _prune(parent: Path) -> None:
    """Remove folders that no run has used for a month."""
    oldest = time.time() - UNUSED_DAYS * 86400
    for folder in parent.iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
