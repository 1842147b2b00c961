"""The two moments at which institutions act in a quarter.

Reads       what the measures of the plan look at: those they may treat, open vacancies, shares of visitors
Writes      the ledger; of institutions what funds have promised and what the participation fund is worth
Levers      those that the measures of the plan move
Parameters  configs/parameters/institutions.yaml -> coordination_*, overhead, absorption_*, take_up and
            the other rules of delivery
"""

from __future__ import annotations

from regionsim.institutions.agents import DevelopmentAgency
from regionsim.state.region_state import Now


def institutions_agree_and_deliver(now: Now) -> None:
    """Agencies deliver the plan's measures: units enter the ledger, levers move.

    First in the quarter, so that school and retirement feel levers too."""
    for agency in now.agencies:
        assert isinstance(agency, DevelopmentAgency)
        agency.deliver(now)


def institutions_settle(now: Now) -> None:
    """Agencies enter the units that only the quarter's processes could choose, and book their cost."""
    for agency in now.agencies:
        agency.settle(now)
