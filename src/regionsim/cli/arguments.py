"""What the commands' argument parsers share."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path


def parser(command: str, description: str, examples: str = "") -> ArgumentParser:
    """A parser of `regionsim COMMAND`; faults end with exit code 2."""
    return ArgumentParser(
        prog=f"regionsim {command}",
        description=description,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=RawDescriptionHelpFormatter,
    )


def add_config_dir(to: ArgumentParser) -> None:
    """The option that names a folder of the user's own configuration files."""
    to.add_argument(
        "--config-dir",
        type=existing_folder,
        metavar="DIR",
        help="folder with configuration files of your own",
    )


def existing_folder(text: str) -> Path:
    """A folder that exists."""
    if not Path(text).is_dir():
        raise ArgumentTypeError(f"'{text}' is not a folder")
    return Path(text)
