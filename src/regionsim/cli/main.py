"""The command `regionsim`: a first word from a fixed list dispatches, anything else is Hydra for the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from regionsim.cli.commands import BAD_INPUT, COMMANDS, INTERRUPTED, MODULES, OK
from regionsim.state.errors import InputError


def main(words: Sequence[str] | None = None) -> int:
    """Run `regionsim` with these arguments (default: those of the process); returns the exit code.

    0 done; 1 some units failed; 2 bad input, or a disk that is full or not writable; 130 interrupted.
    """
    arguments = list(sys.argv[1:] if words is None else words)
    try:
        return _dispatch(arguments)
    except InputError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        print("\ninterrupted: what is finished is kept, the same command goes on from there", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, e.g. head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        from regionsim.ensemble.storage import SURROUNDINGS

        if error.errno not in SURROUNDINGS:
            raise
        return _refused(f"{error.filename or 'output'}: {error.strerror}")


def _dispatch(words: list[str]) -> int:
    first = words[0] if words else ""
    if first in MODULES:
        command = import_module(MODULES[first])
        return int(command.run(words[1:]))
    if first == "help" or {"-h", "--help"} & set(words):
        from regionsim.cli.help import text

        print(text())
        return OK
    if "--version" in words:
        from regionsim import __version__

        print(f"regionsim {__version__}")
        return OK
    from regionsim.cli.scenarios import run

    return run(words)


def _refused(message: str) -> int:
    print(f"regionsim: {message}", file=sys.stderr)
    return BAD_INPUT


__all__ = ["COMMANDS", "main"]

if __name__ == "__main__":
    sys.exit(main())
