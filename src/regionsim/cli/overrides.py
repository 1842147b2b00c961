"""What is wrong with the overrides on the command line: every fault at once, with what would be right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from regionsim.cli.commands import COMMANDS
from regionsim.cli.compose import Job, config_error, job_of, lines_of
from regionsim.cli.configs import GROUPS, composed
from regionsim.state.errors import InputError, did_you_mean, listed

if TYPE_CHECKING:
    from omegaconf import DictConfig


def checked_job(config: DictConfig, faults: list[str]) -> Job:
    """The job of a configuration composed with these faults. Raises InputError with them and every wrong value."""
    try:
        job = job_of(config)
    except InputError as error:
        raise config_error(faults + lines_of(error)) from None
    if faults:
        raise config_error(faults)
    return job


def composed_as_far_as_possible(
    hydra: Any, overrides: Sequence[str], sweeps: bool = False
) -> tuple[DictConfig, list[str]]:
    """The configuration without the overrides that Hydra refuses, and what is wrong with those.

    Raises InputError when it is a file that is wrong, not an override.
    """
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    left = list(overrides)
    refused: list[tuple[str, Exception]] = []
    while True:
        try:
            config = composed(hydra, left, sweeps)
            return config, [_explained(culprit, error, config) for culprit, error in refused]
        except (HydraException, OmegaConfBaseException) as error:
            culprit = _culprit(error, left)
            if culprit is None:
                raise config_error([in_plain_words(error)]) from error
            left.remove(culprit)
            refused.append((culprit, error))


def _culprit(error: Exception, overrides: Sequence[str]) -> str | None:
    """The override an error is about; None if it is about a file."""
    named = getattr(error, "override", None)
    if named in overrides:
        return str(named)
    missing = getattr(error, "missing_cfg_file", None)
    if missing:
        group, _, option = str(missing).rpartition("/")
        found = [o for o in overrides if _value(o) == option and _key(o).split("@")[0].strip("/") == group]
        return found[0] if found else None
    quoted = re.findall(r"'([^']+)'", str(error))
    for text in quoted:
        key = text.partition("=")[0].lstrip("+~")
        found = [o for o in overrides if o == text or _key(o) == key]
        if found:
            return found[0]
    return None


def _key(override: str) -> str:
    return override.partition("=")[0].lstrip("+~")


def _value(override: str) -> str:
    return override.partition("=")[2].strip("'\"")


def _explained(culprit: str, error: Exception, config: DictConfig) -> str:
    options = getattr(error, "options", None)
    if options:
        word = _value(culprit)
        allowed = sorted(options)
        return (
            f"{_key(culprit)}: there is no '{word}'{did_you_mean(word, allowed)}; allowed: {listed(allowed)}"
        )
    text = str(error)
    if "requires --multirun" in text or "Ambiguous value" in text:
        return f"{_key(culprit)}: has several values, '{_value(culprit)}'; add -m to run every combination"
    if "=" not in culprit and not culprit.startswith("~"):
        hint = did_you_mean(culprit, [*COMMANDS, *GROUPS])
        return f"{culprit}: neither a command nor key=value{hint}; commands: {listed(COMMANDS)}"
    if "Could not override" in text or "Could not delete" in text or "does not exist" in text:
        return _unknown_key(_key(culprit), config)
    return f"{culprit}: {in_plain_words(error)}"


def _unknown_key(key: str, config: DictConfig) -> str:
    """Where the path of keys leaves the configuration, and what it could go on with."""
    from omegaconf import DictConfig

    node: Any = config
    parts = key.split(".")
    for depth, part in enumerate(parts):
        if not isinstance(node, DictConfig):
            return f"{key}: '{'.'.join(parts[:depth])}' is a single value and has no keys"
        if part not in node:
            allowed = sorted(str(name) for name in node if name != "hydra")
            if depth == 0:
                allowed = sorted({*allowed, *GROUPS} - {"intervention"})
            hint = did_you_mean(part, allowed)
            return f"{key}: unknown key '{part}'{hint}; allowed: {listed(allowed)}"
        node = node._get_node(part)
    return f"{key}: cannot be changed"


def in_plain_words(error: BaseException) -> str:
    """An error's own words and those of its cause, on one line."""
    words = [re.sub(r"See https?://\S+.*", "", " ".join(str(error).split()))]
    if error.__cause__ is not None and str(error.__cause__) not in str(error):
        words.append(" ".join(str(error.__cause__).split()))
    return ": ".join(word.strip() for word in words if word.strip())
