"""Completion of commands and their arguments; groups, options and keys are completed by Hydra itself."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable

from regionsim.cli.catalogue import KINDS, explained_names
from regionsim.cli.commands import COMMANDS
from regionsim.cli.forecast_keys import KEYS


def completes_command(args: Namespace) -> bool:
    """Print the commands, or the arguments of the command, that complete the shell's line; whether that is all."""
    if not args.shell_completion or not any(override.startswith("query=") for override in args.overrides):
        return False
    typed = os.environ.get("COMP_LINE", "").split(" ")[1:]
    if len(typed) == 1:
        _print(name for name in COMMANDS if name.startswith(typed[0]))
        return False  # Hydra adds groups and keys
    if not typed or typed[0] not in COMMANDS:
        return False
    keys = [f"{key}=" for key in KEYS]
    arguments = {"list": KINDS, "explain": explained_names(), "data": ["check"], "forecast": keys}
    candidates = arguments.get(typed[0], [])
    _print(name for name in candidates if name.startswith(typed[-1]))
    return True


def _print(names: Iterable[str]) -> None:
    for name in names:
        print(name)
