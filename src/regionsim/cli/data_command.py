"""`regionsim data check`: is a region's folder of tables right?"""

from __future__ import annotations

from collections.abc import Sequence

from regionsim.cli.arguments import parser

EXAMPLES = """\
  regionsim data check                 every region that comes with regionsim
  regionsim data check west_flanders
  regionsim data check my_region/      a folder of tables of your own"""


def run(words: Sequence[str]) -> int:
    """Check one region or all; prints what was found right, InputError lists what is wrong."""
    arguments = parser("data", "Look after a region's tables.", EXAMPLES)
    actions = arguments.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="check every table: files, columns, values, codes")
    check.add_argument(
        "region", nargs="?", metavar="REGION|FOLDER", help="a name or a folder (default: all regions)"
    )
    given = arguments.parse_args(list(words))
    from regionsim.data.tables import load_region, region_names

    for region in [given.region] if given.region else region_names():
        tables = load_region(region)
        rows = sum(len(tables[name]) for name in tables)
        print(f"{tables.name}: {len(list(tables))} tables, {rows} rows, all right ({tables.folder})")
    return 0
