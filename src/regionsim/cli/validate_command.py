"""`regionsim validate`: the baseline beside the published figures."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from regionsim.cli.arguments import add_config_dir, parser

EXAMPLES = """\
  regionsim validate
  regionsim validate --scale 0.1 --draws 24 --output outputs/validation"""


def run(words: Sequence[str]) -> int:
    """Run the baseline over the years that are known and compare; 0 if it passes, 1 if not."""
    arguments = parser("validate", "Compare the baseline with published history.", EXAMPLES)
    arguments.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help="as for the main job")
    arguments.add_argument("--scale", type=_scale, default=1.0, help="share of residents and firms (default 1.0)")
    arguments.add_argument("--draws", type=_draws, default=8, help="number of draws (default 8)")
    arguments.add_argument("--output", type=Path, default=Path("outputs/validation"), metavar="DIR")
    add_config_dir(arguments)
    given = arguments.parse_args(list(words))
    from regionsim.cli.configs import compose_settings
    from regionsim.data.tables import load_region
    from regionsim.validation.history import validate

    chosen = [f"ensemble.scale={given.scale}", f"ensemble.draws={given.draws}"]
    settings = compose_settings(["plan=none", *chosen, *given.overrides], given.config_dir)
    last_published = int(load_region(settings.region).labour_history["year"].max())
    settings = replace(settings, horizon=f"{last_published}Q4")
    return 0 if validate(settings, given.output.expanduser().resolve()) else 1


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
