"""`regionsim list KIND`: what there is."""

from __future__ import annotations

from collections.abc import Sequence

from regionsim.cli.arguments import add_config_dir, parser
from regionsim.cli.catalogue import KINDS, Listing


def run(words: Sequence[str]) -> int:
    """Print one kind as a table; tab-separated when the output is not a terminal."""
    arguments = parser(
        "list", "List what there is.", "  regionsim list interventions\n  regionsim list parameters"
    )
    arguments.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    add_config_dir(arguments)
    given = arguments.parse_args(list(words))
    show(KINDS[given.kind](given.config_dir))
    return 0


def show(listing: Listing) -> None:
    """A table on a terminal, lines of tab-separated columns elsewhere."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        for row in (listing.columns, *listing.rows):
            print("\t".join(row))
        return
    table = Table(*listing.columns, box=None, header_style="bold", pad_edge=False)
    for row in listing.rows:
        table.add_row(*row)
    console.print(table, markup=False)
