"""Configuration files as plain values: a file is parsed once, and again when it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from regionsim.state.errors import InputError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled ones are several times faster
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
KEPT = 1024  # files

Stamp = tuple[int, int]


def stamp(file: Path) -> Stamp:
    """When a file was last changed, and its size: a file with another stamp must be read again."""
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def as_yaml(values: Mapping[str, Any]) -> str:
    """Plain values as the text of a file, in their order."""
    text: str = yaml.dump(values, Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=110)
    return text


def read_yaml(file: Path) -> dict[str, Any]:
    """A file as plain values, before Hydra composes it; not to be changed. Raises InputError if it is not YAML."""
    return _read(file, stamp(file))


@lru_cache(maxsize=KEPT)
def _read(file: Path, _: Stamp) -> dict[str, Any]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        raise InputError(str(file), " ".join(str(error).split())) from None
    return content if isinstance(content, dict) else {}
