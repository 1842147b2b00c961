"""Errors of writing that a user can do something about: a full disk, a folder that refuses."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

NAMES = (
    "EACCES",
    "EPERM",
    "EROFS",
    "ENOSPC",
    "EDQUOT",
    "EFBIG",
    "ENOTDIR",
    "EISDIR",
    "EEXIST",
    "ENAMETOOLONG",
    "EIO",
    "ENOENT",  # a folder that cannot be made, for instance in a virtual file system
)
SURROUNDINGS = tuple(getattr(errno, name) for name in NAMES if hasattr(errno, name))


@contextmanager
def writing(file: Path, size: int) -> Iterator[None]:
    """Around the writing of a netCDF file of at most `size` bytes: its library reports a full disk as something else.

    Raises OSError with the true cause where it can be told.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        number = getattr(error, "errno", None) or errno.EIO
        if shutil.disk_usage(_existing(file)).free < size:
            number = errno.ENOSPC
        if number not in SURROUNDINGS:
            raise
        words = os.strerror(number) if number != errno.EIO else f"cannot be written ({error})"
        raise OSError(number, words, str(file)) from error


def remove_parts(files: Iterable[Path], processes: set[int]) -> None:
    """Remove what processes that were ended in the middle of writing left beside these files.

    `results.files.whole_file` writes .NAME.PROCESS.RANDOM.part; parts of other processes are left alone.
    """
    for folder in {file.parent for file in files}:
        for part in folder.glob(".*.part"):
            if part.name.split(".")[-3] in {str(process) for process in processes}:
                part.unlink(missing_ok=True)


def _existing(file: Path) -> Path:
    """The nearest folder of a path that is there."""
    return next(folder for folder in file.absolute().parents if folder.is_dir())
