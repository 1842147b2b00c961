"""What tables say about one another: codes that must exist, rows that must be there, shares that must add up."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from regionsim.data.columns import ADDING_GROUPS, SNAKE, WORDS
from regionsim.data.reading import RawTable
from regionsim.data.schema import TABLES
from regionsim.state.bodies import SERVES_ITS_PLACE

MOST_GAPS_TOLD = 10
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def known_codes(raw: Mapping[str, RawTable]) -> dict[str, tuple[str, ...]]:
    """The values that a column may refer to, by 'table.column'.

    Two names are not columns: 'tables' are the tables of the schema, 'places' the arrondissements and outside nodes.
    A column that could not be read is left out.
    """
    wanted = {column.refers for table in TABLES.values() for column in table.columns if column.refers}
    known = {"tables": tuple(TABLES)}
    for name in wanted - {"tables", "places"}:
        table, column = name.split(".")
        if table in raw and column in raw[table].columns:
            known[name] = tuple(dict.fromkeys(raw[table].columns[column]))
    facts = region_facts(raw)
    if "arrondissements.arrondissement" in known and "outside_nodes" in facts:
        known["places"] = (*known["arrondissements.arrondissement"], *facts["outside_nodes"].split(";"))
    return known


def region_facts(raw: Mapping[str, RawTable]) -> dict[str, str]:
    """The key and value pairs of region.csv; empty if it could not be read."""
    columns = raw["region"].columns if "region" in raw else {}
    return dict(zip(columns.get("key", []), columns.get("value", []), strict=False))


def linking_faults(raw: Mapping[str, RawTable], known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Everything that only shows across rows and tables."""
    faults = [fault for table in raw.values() for fault in _gaps(table, known)]
    checks = (_region_faults, _share_faults, _visitor_faults, _last_observation_faults, _place_faults)
    return faults + [fault for check in checks for fault in check(raw)]


def _gaps(raw: RawTable, known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Combinations of the `complete` columns without a row."""
    names = raw.table.complete
    if not names or any(name not in raw.columns for name in names):
        return []
    there = set(zip(*(raw.columns[name] for name in names), strict=True))
    domains = []
    for column in raw.table.columns:
        if column.name in names:
            values = (*column.allowed, *known.get(column.refers, ()))
            domains.append((names.index(column.name), values or tuple(dict.fromkeys(raw.columns[column.name]))))
    gaps = [gap for gap in itertools.product(*(values for _, values in sorted(domains))) if gap not in there]
    told = [
        f"{raw.table.file}: no row for " + ", ".join(f"{n} '{v}'" for n, v in zip(names, gap, strict=True))
        for gap in gaps[:MOST_GAPS_TOLD]
    ]
    more = len(gaps) - len(told)
    return [*told, f"{raw.table.file}: and {more} more combinations without a row"] if more else told


def _region_faults(raw: Mapping[str, RawTable]) -> list[str]:
    facts = region_facts(raw)
    faults = []
    if "name" in facts and not re.fullmatch(SNAKE, facts["name"]):
        faults.append(f"region.csv, key 'name': '{facts['name']}' is not {WORDS[SNAKE]}")
    if "census_day" in facts and not _DATE.fullmatch(facts["census_day"]):
        faults.append(f"region.csv, key 'census_day': '{facts['census_day']}' is not a date such as 2011-01-01")
    return faults


def _visitor_faults(raw: Mapping[str, RawTable]) -> list[str]:
    """Shares of visitors' spending by municipality add to one."""
    shares = raw["visitor_places"].columns.get("share", []) if "visitor_places" in raw else []
    try:
        total = sum(map(float, shares))
    except ValueError:
        return []  # told as a fault of the cell
    if not shares or abs(total - 1.0) < 1e-4:
        return []
    return [f"visitor_places.csv, column 'share': the shares add to {total:g}, not to 1"]


def _share_faults(raw: Mapping[str, RawTable]) -> list[str]:
    """Sectors must split every group that adds to the whole, once, and their shares of a group add to one."""
    columns = raw["sectors"].columns if "sectors" in raw else {}
    total: dict[str, float] = {}
    for groups, share in zip(columns.get("employment_group", []), columns.get("share_of_group", []), strict=False):
        try:
            total[groups] = total.get(groups, 0) + float(share)
        except ValueError:
            return []  # told as a fault of the cell
    if not total:
        return []
    faults = [
        f"sectors.csv, column 'share_of_group': the shares of group '{groups}' add to {value:g}, not to 1"
        for groups, value in total.items()
        if abs(value - 1) > 1e-6
    ]
    covered = [group for groups in total for group in groups.split("+")]
    for group in ADDING_GROUPS:
        if covered.count(group) != 1:
            how = "in no sector" if group not in covered else "in several combinations of groups"
            faults.append(f"sectors.csv, column 'employment_group': group '{group}' is {how}")
    return faults


def _last_observation_faults(raw: Mapping[str, RawTable]) -> list[str]:
    """The stated last observation of a series is the one in drivers.csv."""
    series = raw["drivers_series"].columns if "drivers_series" in raw else {}
    drivers = raw["drivers"].columns if "drivers" in raw else {}
    last: dict[str, str] = {}
    for name, period in zip(drivers.get("series", []), drivers.get("period", []), strict=False):
        last[name] = max(period, last.get(name, ""))
    stated = zip(series.get("series", []), series.get("last_observation", []), strict=False)
    return [
        f"drivers_series.csv, column 'last_observation': '{name}' says {said}, drivers.csv ends in {last[name]}"
        for name, said in stated
        if name in last and last[name] != said
    ]


def _place_faults(raw: Mapping[str, RawTable]) -> list[str]:
    """One agency carries out the plan; an institution that serves its surroundings must stand somewhere."""
    columns = raw["institutions"].columns if "institutions" in raw else {}
    if not {"institution", "kind", "municipality", "partners"} <= set(columns):
        return []
    kind_of = dict(zip(columns["institution"], columns["kind"], strict=True))
    faults = [
        f"institutions.csv, column 'partners': '{name}' is itself a coalition"
        for cell in columns["partners"]
        for name in cell.split(";")
        if kind_of.get(name) == "coalition"
    ]
    if "development_agency" not in columns["kind"]:
        faults.append("institutions.csv: no row of kind 'development_agency', which carries out a plan")
    rows = zip(columns["institution"], columns["kind"], columns["municipality"], strict=True)
    return faults + [
        f"institutions.csv, column 'municipality': '{name}' is a {kind} and must stand in a municipality"
        for name, kind, municipality in rows
        if kind in SERVES_ITS_PLACE and not municipality
    ]
