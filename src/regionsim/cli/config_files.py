"""How Hydra reads regionsim's files: each parsed once by the compiled parser, a plan's measures merged at once.

Hydra parses every file anew for every composition, in Python, and walks the whole configuration after each file it
merges: with a hundred files that is most of the time a user waits before a scenario starts.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra._internal.sources_registry import SourcesRegistry
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.default_element import ResultDefault
from hydra.plugins.config_source import ConfigResult
from omegaconf import OmegaConf, flag_override
from omegaconf._utils import get_yaml_loader

from regionsim.cli.yaml_files import KEPT, Stamp, stamp

MANY = ("parameters", "intervention")  # groups of which a configuration holds many files
LATEST = 16  # merged configurations that are kept, about half a megabyte each


@dataclass
class Parsed(ConfigResult):
    """A file's configuration, and which state of the file it is."""

    stamp: Stamp | None = None


class Files(FileConfigSource):
    """A folder whose files are parsed again only when they have changed."""

    @staticmethod
    def scheme() -> str:
        return "regionsim"

    def load_config(self, config_path: str) -> ConfigResult:
        file = Path(self.path, self._normalize_file_name(config_path))
        if not file.is_file():
            return super().load_config(config_path)
        content, header = _parsed(file, found := stamp(file))
        return Parsed(self.provider, f"{self.scheme()}://{self.path}", pickle.loads(content), dict(header), stamp=found)


@lru_cache(maxsize=KEPT)
def _parsed(file: Path, _: Stamp) -> tuple[bytes, dict[str, str | None]]:
    """A file's configuration, packed since whoever gets it may change it, and its header."""
    text = file.read_text(encoding="utf-8")
    content = yaml.load(text, _loader())
    return pickle.dumps(OmegaConf.create({} if content is None else content)), Files._get_header_dict(text[:512])


@lru_cache(maxsize=1)
def _loader() -> Any:
    """OmegaConf's own rules for YAML on top of the compiled parser, where there is one."""
    compiled, rules = getattr(yaml, "CSafeLoader", None), get_yaml_loader()
    return type("CompiledLoader", (compiled, rules), {}) if compiled else rules


@dataclass(repr=False)
class Bundle(ResultDefault):
    """Files that follow one another, each with a place of its own in the configuration."""

    parts: Sequence[ResultDefault] = ()


class Loader(ConfigLoaderImpl):
    """Hydra's loader, which merges bundles where it merges files, and the same files once."""

    merged: ClassVar[dict[Any, bytes]] = {}  # the configurations of the latest choices of files, packed

    def __init__(self, config_search_path: ConfigSearchPath) -> None:
        SourcesRegistry.instance().register(Files)
        super().__init__(config_search_path)

    def _compose_config_from_defaults_list(self, defaults: list[ResultDefault], repo: Any) -> Any:
        key = tuple((default.package, *_which(repo.load_config(default.config_path), default)) for default in defaults)
        if key in self.merged:
            return pickle.loads(self.merged[key])
        config = super()._compose_config_from_defaults_list(list(_bundled(defaults)), repo)
        self.merged[key] = pickle.dumps(config)
        while len(self.merged) > LATEST:
            self.merged.pop(next(iter(self.merged)))
        return config

    def _load_single_config(self, default: ResultDefault, repo: Any) -> ConfigResult:
        if not isinstance(default, Bundle):
            return super()._load_single_config(default, repo)
        config = OmegaConf.create()
        with flag_override(config, "no_deepcopy_set_nodes", True):
            for part in default.parts:
                loaded = super()._load_single_config(replace(part, package=""), repo)
                OmegaConf.update(config, part.package, loaded.config, merge=False)
        return replace(loaded, config=config)


def _which(loaded: ConfigResult, default: ResultDefault) -> tuple[Any, ...]:
    """What tells one file, in one state, from others; a file of another source counts as another every time."""
    known = isinstance(loaded, Parsed) or not loaded.path.startswith("file:")
    return loaded.path, default.config_path, getattr(loaded, "stamp", None) if known else object()


def _bundled(defaults: Sequence[ResultDefault]) -> Iterator[ResultDefault]:
    """The same files in the same order; those that go to different keys of one section in bundles."""
    times = Counter(default.config_path for default in defaults)
    for section, found in groupby(defaults, _section):
        parts = list(found)
        apart = len({part.package for part in parts}) == len(parts)
        if section and apart and all(times[part.config_path] == 1 for part in parts):
            yield Bundle(config_path=f"{section}.*", parts=parts)
        else:
            yield from parts


def _section(default: ResultDefault) -> str:
    """The section that a file of a group with many files gets a key in; empty for other files."""
    group = str(default.config_path).partition("/")[0]
    return str(default.package or "").rpartition(".")[0] if group in MANY else ""
