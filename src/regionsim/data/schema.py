"""Every table of a region: its columns, units, allowed values, keys and references.

The codes of places and sectors are the region's own (municipalities, arrondissements, sectors); everything else is
fixed here, in schema_people.py, schema_economy.py, schema_places.py and schema_institutions.py. How a folder of tables
is read and checked: check.py.
"""

from __future__ import annotations

from regionsim.data.columns import (
    ADDING_GROUPS,
    CODE,
    GRADES,
    NACE,
    PERIOD,
    SNAKE,
    STATUSES,
    UNIT,
    VALUE,
    Table,
    arrondissement,
    code,
    number,
    text,
    whole,
)
from regionsim.data.schema_economy import DEMAND, WORK
from regionsim.data.schema_institutions import INSTITUTIONS
from regionsim.data.schema_people import PEOPLE
from regionsim.data.schema_places import BUSINESS_PLACES

REGION_KEYS = ("name", "title_en", "title_nl", "nuts", "census_day", "currency", "outside_nodes")

_PLACES = (
    Table(
        "region",
        "the region itself; outside_nodes: places outside it in commuting, separated by ;",
        (code("key", "what", *REGION_KEYS), text("value", "the value")),
        key=("key",),
        complete=("key",),
    ),
    Table(
        "municipalities",
        "municipalities, in the order of every array by municipality",
        (
            code("municipality", "code", pattern=CODE),
            text("name", "name"),
            arrondissement(),
            whole("coast", "1 with a sea shore", "0 or 1", high=1),
            code("subregion", "tag of a part of the region", pattern=SNAKE, optional=True),
            whole("establishments", "local units, a weight for firms", "local units"),
            number("longitude", "of its centroid", "degrees east, WGS84", low=-180, high=180),
            number("latitude", "of its centroid", "degrees north, WGS84", low=-90, high=90),
        ),
        key=("municipality",),
        complete=("arrondissement",),
    ),
    Table(
        "arrondissements",
        "arrondissements, in the order of every array by arrondissement",
        (
            code("arrondissement", "code", pattern=CODE),
            text("name", "name"),
            code("nuts3", "code", pattern=CODE),
            whole("college_students", "students at colleges located there", "students"),
            whole("university_students", "students at universities located there", "students"),
        ),
        key=("arrondissement",),
    ),
    Table(
        "sectors",
        "sectors of the model, in the order of every array by sector",
        (
            code("sector", "code", pattern=SNAKE),
            text("name_en", "name in English"),
            text("name_nl", "name in Dutch"),
            code("tags", "roles that rules refer to, separated by ;", pattern=SNAKE, separator=";"),
            code("employment_group", "groups of employment_history, joined by +", *ADDING_GROUPS, separator="+"),
            number("share_of_group", "share of the group's jobs in the census year", "share", high=1),
            code("nace", "sections and divisions, separated by ;", pattern=NACE, separator=";"),
        ),
        key=("sector",),
    ),
)

_EVIDENCE = (
    Table(
        "single_facts",
        "single figures: initial conditions and, where they are later than the tables, facts to validate against",
        (
            code("fact", "code", pattern=SNAKE),
            whole("year", "empty where the source gives none", "year", low=1900, high=2100, optional=True),
            VALUE,
            UNIT,
            code("source_key", "source", refers="sources.source_key"),
            code("status", "how the figure is known", *STATUSES),
        ),
        key=("fact", "year"),
    ),
    Table(
        "sources",
        "where the figures come from; series: the part of the table that is meant, empty for all of it",
        (
            code("table", "table", refers="tables"),
            text("series", "series, columns or rows", optional=True),
            code("source_key", "code of the source", pattern=SNAKE),
            text("publisher", "publisher"),
            text("dataset", "dataset"),
            text("vintage", "when it was published or read", optional=True),
            text("unit", "unit", optional=True),
            code("last_observation", "last period", pattern=PERIOD, optional=True),
            code("grade", "A publisher's file, B through an intermediary, C transcribed, D partly inferred", *GRADES),
            text("note", "how it was made: selections, sums, assumptions", optional=True),
        ),
        key=("table", "series", "source_key"),
        complete=("table",),
    ),
)

_ALL = (*_PLACES, *PEOPLE, *WORK, *DEMAND, *BUSINESS_PLACES, *INSTITUTIONS, *_EVIDENCE)
TABLES: dict[str, Table] = {table.name: table for table in _ALL}
