"""The tables of places where the economy happens: ports and their terminals, where visitors spend."""

from __future__ import annotations

from regionsim.data.columns import SNAKE, Table, code, number, whole

_MUNICIPALITY = code("municipality", "code of the municipality", refers="municipalities.municipality")

BUSINESS_PLACES = (
    Table(
        "terminals",
        "ports and terminals, all figures of one year; no row where the region has none",
        (
            code("terminal", "code", pattern=SNAKE),
            _MUNICIPALITY,
            whole("year", "year of the figures", "year", low=1900, high=2100),
            number("throughput_mt", "goods handled", "million tonnes a year"),
            number("capacity_mt", "what could be handled", "million tonnes a year"),
            number("uk_share", "share of the goods that come from or go to the exposed market", "share", high=1),
            whole("jobs", "direct jobs", "jobs"),
        ),
        key=("terminal",),
    ),
    Table(
        "visitor_places",
        "where visitors spend: shares of all their spending in the region; none where there is no row",
        (_MUNICIPALITY, number("share", "share of spending, together 1", "share", high=1)),
        key=("municipality",),
    ),
)
