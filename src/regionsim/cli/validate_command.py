"""`regionsim validate`: the baseline beside the facts, the pandemic and published history."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from regionsim.cli.arguments import add_config_dir, parser
from regionsim.state.errors import InputError

EXAMPLES = """\
  regionsim validate
  regionsim validate --scale 0.1 --draws 4        a quick look
  regionsim validate json=facts.json world.brexit=none --output outputs/validation"""
JSON = "json="
TAKE_A_VALUE = ("--json", "--scale", "--draws", "--output", "--config-dir")


def run(words: Sequence[str]) -> int:
    """Run the baseline and hold it against what is known; 0 if every promise is kept, 1 if not, 2 for bad input."""
    arguments = parser("validate", "Hold the baseline against facts and published history.", EXAMPLES)
    arguments.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="json=PATH, and as for the main job")
    arguments.add_argument("--json", type=Path, metavar="PATH", help="a machine-readable copy, as json=PATH")
    arguments.add_argument("--scale", type=_scale, default=1.0, help="share of residents and firms (default 1.0)")
    arguments.add_argument("--draws", type=_draws, default=8, help="number of draws (default 8)")
    arguments.add_argument("--output", type=Path, default=Path("outputs/validation"), metavar="DIR")
    add_config_dir(arguments)
    given = arguments.parse_args(_settings_first(words))
    json_path = _json_path(given.json, given.overrides)
    folder = given.output.expanduser().resolve()
    from rich.console import Console

    from regionsim.cli.configs import compose_settings
    from regionsim.cli.study import WIDTH_OF_A_LOG
    from regionsim.cli.validate_findings import print_validation
    from regionsim.validation.files import check_folder, check_writable
    from regionsim.validation.validate import validate

    check_folder(folder, "--output")
    if json_path is not None:
        check_writable(json_path, "json")
    chosen = [f"ensemble.scale={given.scale}", f"ensemble.draws={given.draws}"]
    others = [word for word in given.overrides if not word.startswith(JSON)]
    settings = compose_settings(["plan=none", *chosen, *others], given.config_dir)
    found = validate(settings, folder, json_path)
    console = Console()
    print_validation(console if console.is_terminal else Console(width=WIDTH_OF_A_LOG), found)
    return 0 if found.kept else 1


def _settings_first(words: Sequence[str]) -> list[str]:
    """KEY=VALUE before the options, which the parser needs; they may be given in any order."""
    settings: list[str] = []
    options: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        free = not word.startswith("-") and before not in TAKE_A_VALUE
        (settings if free else options).append(word)
    return [*settings, *options]


def _json_path(option: Path | None, words: Sequence[str]) -> Path | None:
    """Where the JSON goes, absolute: `json=PATH`, or the option of that name; None if it was not asked for."""
    asked = [word.removeprefix(JSON) for word in words if word.startswith(JSON)]
    if option is not None:
        asked.append(str(option))
    if not asked:
        return None
    if len(asked) > 1 or not asked[0]:
        raise InputError("json", f"got {' and '.join(repr(each) for each in asked)}; allowed: one path of a file")
    return Path(asked[0]).expanduser().resolve()


def _scale(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise ArgumentTypeError(f"got {text}; allowed: a number above 0 and at most 1")
    return value


def _draws(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"got {text}; allowed: a whole number, 1 or more")
    return int(text)
