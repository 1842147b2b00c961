"""Where things that are dear to make are kept between runs, named by their content."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from regionsim.compiled import cache_folder
from regionsim.results.files import whole_file

__all__ = ["cache_folder", "hashed_files", "keep"]


def hashed_files(files: Iterable[Path]) -> str:
    """One digest of the names and contents of files, for keys that change with the code."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def keep(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file that is whole or not there; a folder that cannot be written costs one warning and nothing else."""
    try:
        with whole_file(path) as temporary:
            write(temporary)
    except OSError as error:
        warnings.warn(f"nothing is kept in {path.parent}: {error.strerror or error}", stacklevel=3)
