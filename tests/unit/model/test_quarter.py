"""The quarter is a list of processes, each of which writes only the columns that name it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regionsim.model.quarter import QUARTER, describe, run_quarter
from regionsim.model.region_model import RegionModel
from regionsim.state.columns import Columns
from tests.fixtures.models import copied, same
from tests.unit.processes.test_headers import FILES, header

QUARTERS = 9  # from 2013Q3: two school years, every process at least twice


def test_describe_lists_every_process_in_order_with_what_it_does() -> None:
    lines = describe().splitlines()
    assert len(lines) == len(QUARTER)
    for number, (line, process) in enumerate(zip(lines, QUARTER, strict=True), 1):
        matched = re.fullmatch(rf"\s*{number} {process.__name__} +(\S.{{20,}})", line)
        assert matched, line
        assert matched[1] == inspect.getdoc(process).splitlines()[0]


def test_every_process_has_a_file_of_its_topic_and_no_name_comes_twice() -> None:
    assert len({process.__name__ for process in QUARTER}) == len(QUARTER)
    for process in QUARTER:
        file = Path(inspect.getfile(process))
        assert file.parent.name == "model" or file.parents[1].name == "processes"


def test_the_order_is_the_economic_one() -> None:
    """What the accounts of the quarter rest on: say what must come before what."""
    at = {process.__name__: i for i, process in enumerate(QUARTER)}
    for first, then in (
        ("institutions_agree_and_deliver", "births"),
        ("students_drop_out", "dual_learners_start"),  # else one who drops out would hold a place
        ("dual_learners_start", "students_graduate"),
        ("dual_learners_start", "pupils_leave_school"),
        ("adults_learn", "population_is_counted"),
        ("pupils_leave_school", "hires"),
        ("demand_by_market", "firms_expect"),
        ("firms_close", "separations"),
        ("firms_expect", "hires"),
        ("separations", "hires"),
        ("hires", "production"),
        ("students_graduate", "graduates_decide_where_to_live"),
        ("graduates_decide_where_to_live", "exits_resolved"),
        ("deaths", "exits_resolved"),
        ("departures", "exits_resolved"),
        ("exits_resolved", "population_is_counted"),
        ("population_is_counted", "transactions"),
        ("transactions", "accounts_balance"),
    ):
        assert at[first] < at[then], (first, then)
    assert QUARTER[-1].__name__ == "accounts_balance"


def test_running_times_are_kept_by_process(under_plan: RegionModel) -> None:
    timings: dict[str, float] = {"births": 5.0}
    run_quarter(copied(under_plan).now(), timings)
    assert set(timings) == {process.__name__ for process in QUARTER}
    assert timings["births"] > 5.0
    assert all(0 <= seconds < 30 for seconds in timings.values())


@pytest.fixture(scope="module")
def written(under_plan: RegionModel) -> dict[str, set[tuple[str, str]]]:
    """What each process changed over some quarters: (population, column), and ('economy' or 'places', name)."""
    model = copied(under_plan)
    found: dict[str, set[tuple[str, str]]] = {process.__name__: set() for process in QUARTER}
    for _ in range(QUARTERS):
        now = model.now()
        for process in QUARTER:
            before = {"people": snapshot(model.people), "firms": snapshot(model.firms)}
            aggregates = {"economy": model.state.economy.copy(), "places": model.state.places.copy()}
            process(now)
            for kind, old in aggregates.items():
                for name, value in vars(getattr(model.state, kind)).items():
                    if not same(value, getattr(old, name)):
                        found[process.__name__].add((kind, name))
            for kind, columns in (("people", model.people), ("firms", model.firms)):
                found[process.__name__] |= {(kind, name) for name in changed(before[kind], columns)}
        model.state.quarter += 1
        model.residents_by_municipality = now.flows["residents"]
    return found


def snapshot(columns: Columns) -> dict[str, np.ndarray[Any, Any]]:
    return {c.name: columns.column(c.name).copy() for c in columns.declared}


def changed(before: dict[str, np.ndarray[Any, Any]], columns: Columns) -> set[str]:
    """Columns that changed for whoever is present now; the marker also for those who have gone."""
    here = columns.column(columns.marker) >= 0
    names = set()
    for c in columns.declared:
        new = columns.column(c.name)
        old = np.full(new.size, c.empty, new.dtype)  # rows that were added since are empty before
        old[: before[c.name].size] = before[c.name]
        if ((new != old) & (here | (c.name == columns.marker))).any():
            names.add(c.name)
    return names


@pytest.mark.parametrize("process", QUARTER, ids=lambda process: process.__name__)
def test_a_process_writes_only_columns_that_name_it(process, written, under_plan: RegionModel) -> None:
    declared = {
        (kind, c.name)
        for kind, columns in (("people", under_plan.people), ("firms", under_plan.firms))
        for c in columns.declared
        if process.__name__ in c.written_by
    }
    assert {(kind, name) for kind, name in written[process.__name__] if kind in ("people", "firms")} <= declared


@pytest.mark.parametrize("process", QUARTER, ids=lambda process: process.__name__)
def test_a_process_changes_only_aggregates_that_its_file_names(process, written) -> None:
    found = {(kind, name) for kind, name in written[process.__name__] if kind in ("economy", "places")}
    file = Path(inspect.getfile(process))
    if file in FILES:
        assert found <= set(re.findall(r"\b(economy|places)\.(\w+)", header(file).get("Writes", "")))
    else:  # of the model itself only the count of the population has one
        names = ("unemployment_rate", "quality", "base_quality", "digital_skill", "base_digital_skill")
        counted = {("economy", name) for name in names}
        assert found <= (counted if process.__name__ == "population_is_counted" else set())


def test_the_run_of_the_test_above_met_every_process_that_writes(written) -> None:
    """Else it would show nothing: all but the agencies and the last check changed something; visitors and freight
    write flows, and nobody takes a course of this plan."""
    silent = {name for name, columns in written.items() if not columns}
    silent -= {"visitors_come", "freight_chooses_mode", "adults_learn"}
    of_institutions = {"institutions_agree_and_deliver", "institutions_settle", "institutions_spend"}
    assert silent == {*of_institutions, "accounts_balance"}


def test_free_rows_stay_empty(under_plan: RegionModel) -> None:
    for columns in (under_plan.people, under_plan.firms):
        free = columns.column(columns.marker) < 0
        assert free.sum() == columns.free_count > 0
        assert set(np.flatnonzero(free)) == set(columns.free[: columns.free_count].tolist())
        for c in columns.declared:
            assert (columns.column(c.name)[free] == np.dtype(c.dtype).type(c.empty)).all(), c.name
