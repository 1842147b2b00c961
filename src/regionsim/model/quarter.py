"""The quarter: what happens, in order. Start reading here; every name is a function with a file of its own.

`describe()` prints the list with the first line of each docstring; `run_quarter` times every process.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from regionsim.model.accounts import accounts_balance, population_is_counted
from regionsim.model.exits import exits_resolved
from regionsim.model.institutions_deliver import institutions_agree_and_deliver, institutions_settle
from regionsim.processes.demography.ageing import ageing
from regionsim.processes.demography.births import births
from regionsim.processes.demography.deaths import deaths
from regionsim.processes.demography.young_adults_leave_home import young_adults_leave_home
from regionsim.processes.education.adults_learn import adults_learn
from regionsim.processes.education.dual_learners_start import dual_learners_start
from regionsim.processes.education.leavers_look_for_work import leavers_look_for_work
from regionsim.processes.education.pupils_choose_track import pupils_choose_track
from regionsim.processes.education.pupils_leave_school import pupils_leave_school
from regionsim.processes.education.students_drop_out import students_drop_out
from regionsim.processes.education.students_graduate import students_graduate
from regionsim.processes.firms.firms_are_founded import firms_are_founded
from regionsim.processes.firms.firms_close import firms_close
from regionsim.processes.firms.firms_digitalise import firms_digitalise
from regionsim.processes.firms.firms_do_research import firms_do_research
from regionsim.processes.firms.firms_expect import firms_expect
from regionsim.processes.firms.firms_invest import firms_invest
from regionsim.processes.firms.firms_raise_productivity import firms_raise_productivity
from regionsim.processes.firms.firms_settle_accounts import firms_settle_accounts
from regionsim.processes.firms.firms_train import firms_train
from regionsim.processes.labour.commuters_come_and_go import commuters_come_and_go
from regionsim.processes.labour.firms_post_vacancies import firms_post_vacancies
from regionsim.processes.labour.hires import hires
from regionsim.processes.labour.job_seekers_train import job_seekers_train
from regionsim.processes.labour.owners_and_workers_retire import owners_and_workers_retire
from regionsim.processes.labour.participation import participation
from regionsim.processes.labour.separations import separations
from regionsim.processes.labour.temporary_unemployment import temporary_unemployment
from regionsim.processes.labour.wages import wages
from regionsim.processes.migration.arrivals import arrivals
from regionsim.processes.migration.departures import departures
from regionsim.processes.migration.graduates_decide_where_to_live import (
    graduates_decide_where_to_live,
    graduates_return,
)
from regionsim.processes.parks.parks_fill import parks_fill
from regionsim.processes.public.household_income import household_income
from regionsim.processes.public.institutions_spend import institutions_spend
from regionsim.processes.public.transactions import transactions
from regionsim.processes.recreation.places_please import places_please
from regionsim.processes.retail.people_go_shopping import people_go_shopping
from regionsim.processes.retail.shops_fill_and_empty import shops_fill_and_empty
from regionsim.processes.tourism.visitors_come import visitors_come
from regionsim.processes.trade.demand import demand_by_market
from regionsim.processes.trade.freight_chooses_mode import freight_chooses_mode
from regionsim.processes.trade.markets import firms_enter_and_leave_markets
from regionsim.processes.trade.orders import orders_reach_firms
from regionsim.processes.trade.ports_handle_freight import ports_handle_freight
from regionsim.processes.trade.prices import firms_set_prices
from regionsim.processes.trade.production import production
from regionsim.state.region_state import Now

QUARTER: tuple[Callable[[Now], None], ...] = (
    institutions_agree_and_deliver,
    births,
    ageing,
    young_adults_leave_home,
    deaths,
    pupils_choose_track,
    students_drop_out,
    dual_learners_start,
    students_graduate,
    pupils_leave_school,
    leavers_look_for_work,
    owners_and_workers_retire,
    firms_digitalise,
    firms_do_research,
    firms_train,
    firms_raise_productivity,
    firms_enter_and_leave_markets,
    firms_set_prices,
    firms_close,
    visitors_come,
    people_go_shopping,
    ports_handle_freight,
    freight_chooses_mode,
    demand_by_market,
    orders_reach_firms,
    firms_expect,
    firms_invest,
    separations,
    participation,
    job_seekers_train,
    adults_learn,
    commuters_come_and_go,
    firms_post_vacancies,
    hires,
    temporary_unemployment,
    production,
    firms_are_founded,
    shops_fill_and_empty,
    parks_fill,
    places_please,
    graduates_decide_where_to_live,
    graduates_return,
    departures,
    arrivals,
    exits_resolved,
    institutions_settle,
    population_is_counted,
    institutions_spend,
    wages,
    firms_settle_accounts,
    household_income,
    transactions,
    accounts_balance,
)


def run_quarter(now: Now, timings: dict[str, float] | None = None) -> None:
    """One quarter, process by process; adds seconds by process name to `timings` if given."""
    for process in QUARTER:
        start = time.perf_counter()
        process(now)
        if timings is not None:
            name = process.__name__
            timings[name] = timings.get(name, 0.0) + time.perf_counter() - start


def describe() -> str:
    """The quarter as a numbered list: process, and what it does."""
    lines = []
    for i, process in enumerate(QUARTER, 1):
        first = (process.__doc__ or "").strip().splitlines()[0]
        lines.append(f"{i:2d} {process.__name__:32s} {first}")
    return "\n".join(lines)
