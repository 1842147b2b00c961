"""The tables of institutions and of the funds that may pay for what they do."""

from __future__ import annotations

from regionsim.data.columns import SNAKE, STATUSES, Column, Table, code, number, text, whole
from regionsim.state.bodies import DOMAINS, KINDS, LEVELS

OF_TABLE = tuple(kind for kind in KINDS if kind != "municipality")  # those stand in municipalities.csv


def _source() -> Column:
    return code("source_key", "source", refers="sources.source_key")


def _status() -> Column:
    return code("status", "how the row is known", *STATUSES)


INSTITUTIONS = (
    Table(
        "institutions",
        "institutions that act in the region, municipalities apart",
        (
            code("institution", "code", pattern=SNAKE),
            code("kind", "sort of institution", *OF_TABLE),
            text("name_en", "name in English"),
            text("name_nl", "name in Dutch"),
            code("level", "level of government that answers for it", *LEVELS),
            code("municipality", "where it stands", refers="municipalities.municipality", optional=True),
            number("weight", "part of what its kind serves; 1 where it serves its own place", "share", high=1),
            whole("places", "places where they are stated", "what the kind serves", optional=True),
            code("sectors", "sectors it works for, separated by ;", refers="sectors.sector", separator=";",
                 optional=True),
            code("members", "municipalities of a coalition, separated by ;", refers="municipalities.municipality",
                 separator=";", optional=True),
            code("partners", "institutions of a coalition, separated by ;", refers="institutions.institution",
                 separator=";", optional=True),
            code("domains", "what it may act in, separated by ;", *DOMAINS, separator=";"),
            _source(),
            _status(),
        ),
        key=("institution",),
    ),
    Table(
        "funds",
        "funds that may share the cost of a measure",
        (
            code("fund", "code", pattern=SNAKE),
            text("name_en", "name in English"),
            text("name_nl", "name in Dutch"),
            code("level", "level of government", *LEVELS),
            code("domains", "what it may pay for, separated by ;", *DOMAINS, separator=";"),
            number("cofin_rate", "largest share of the cost it pays", "share", high=1),
            number("cofin_rate_transition", "the same where the region is in transition", "share", high=1),
            whole("annual_ceiling_eur", "most it promises in a year", "EUR a year", optional=True),
            whole("payment_lag_q", "from cost to payment", "quarters"),
            whole("min_partners", "willing partners a project needs", "partners", low=1),
            whole("cross_border_required", "1 if a partner across the border is needed", "0 or 1", high=1),
            _source(),
            _status(),
        ),
        key=("fund",),
    ),
)  # fmt: skip
