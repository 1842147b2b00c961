"""Files and folders that are whole or not there: written beside their final name, then renamed."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; on success it takes the final name, on any error it is removed.

    A reader sees the old file or the new one, never a part; two writers of one name do not mix.
    """
    final = Path(path)
    temporary = _beside(final)
    try:
        yield temporary
        _flush_to_disk(temporary)
        os.replace(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """As `whole_file`, for a folder of files; the one that had the name goes when the new one is complete."""
    final = Path(path)
    temporary, former = _beside(final), _beside(final)
    try:
        yield temporary
        if final.exists():
            os.replace(final, former)
        os.replace(temporary, final)
    finally:
        for folder in (temporary, former):
            shutil.rmtree(folder, ignore_errors=True)


def write_text(path: Path | str, text: str) -> Path:
    """Write a text file (UTF-8) so that it is whole or not there; returns its path."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return Path(path)


def _beside(final: Path) -> Path:
    """A name that nobody else has, in the folder of `final`, which is made."""
    final.parent.mkdir(parents=True, exist_ok=True)
    return final.with_name(f".{final.name}.{os.getpid()}.{uuid.uuid4().hex[:8]}.part")


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
