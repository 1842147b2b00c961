"""What a process does at run time is what its header says: every process, twelve years of fictland under a plan.

Whoever changes a column names it under Writes; whoever does something else when a column or a field of the economy or
of the institutions holds other values names it under Reads; and what is named is changed, or matters, at least once.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

from regionsim.model.quarter import QUARTER
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import prepare
from regionsim.state.bodies import Bodies
from regionsim.state.economy import Economy
from regionsim.state.firms import Firms
from regionsim.state.people import People
from regionsim.state.places import Places
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.watching import PRESENCE, changes, does_the_same, on_a_copy, told, writes_anyway
from tests.unit.processes.test_headers import COLUMNS, header

SCALE = 0.8  # below 1, where size rules and weights matter
QUARTERS = 48  # 2011Q1 to 2022Q4: school years, the plan from 2012, the pandemic, the new border
LOOKED_AT = (0, 1, 2, 6, 9, 37, 39, 40)  # of these, in which everything not named is given other values
NAMES = [f"{kind}.{c.name}" for kind, of in (("people", People), ("firms", Firms)) for c in of.declared]
PARTS = (("economy", Economy), ("bodies", Bodies), ("places", Places))
NAMES += [f"{part}.{f.name}" for part, of in PARTS for f in fields(of)]
DELIVERS = {"institutions_agree_and_deliver", "institutions_settle"}  # their measures look where they choose to

FAINT = {  # read, and too faint to show in a region as small as fictland, or with a lever that its plan does not move
    "deaths": {"people.municipality"},
    "graduates_decide_where_to_live": {"economy.amenity"},
    "graduates_return": {"economy.amenity"},
    "ports_handle_freight": {"places.terminal_capacity"},
    "job_seekers_train": {"people.municipality"},
    "firms_enter_and_leave_markets": {"firms.digital"},
    "firms_digitalise": {"firms.municipality"},  # where no measure lifts the ceiling, it is the same everywhere
    "dual_learners_start": {"firms.real_jobs"},
    "separations": {"firms.ln_tfp"},
}

by_process = pytest.mark.parametrize("process", QUARTER, ids=lambda process: process.__name__)
pytestmark = pytest.mark.xdist_group("reads_and_writes")


@dataclass
class Seen:
    """What the processes did, by process."""

    written: dict[str, set[str]] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(population_cache: None) -> Iterator[Seen]:
    found = Seen({p.__name__: set() for p in QUARTER}, {p.__name__: set() for p in QUARTER})
    with models.processes_of_the_quarter((people_are_reached, *(watched(process, found) for process in QUARTER))):
        model = RegionModel(prepare(models.settings(horizon="2022Q4", scale=SCALE)), 0, models.plan())
        yield found if model.run(QUARTERS) else found


def people_are_reached(now: Now) -> None:
    """What no measure of the plan moves: courses of adults, and students who learn in a firm."""
    rows = now.state.people.rows()[:200]
    now.levers.move("skill_course", 0.01, rows)
    now.levers.move("digital_course", 0.01, rows)
    now.levers.move("dual_student_places", 20.0)


def watched(process: models.Process, found: Seen) -> models.Process:
    """The same process, which first notes what it would do to copies of the present."""
    reads, writes = named(process, "Reads"), named(process, "Writes")
    written, read = found.written[process.__name__], found.read[process.__name__]

    @functools.wraps(process)
    def run(now: Now) -> None:
        written.update(changes(process, now))
        quiet = writes - written - PRESENCE
        written.update({name for name in quiet if writes_anyway(process, now, name)})
        asked = reads - read
        if now.quarter in LOOKED_AT and process.__name__ not in DELIVERS:
            asked |= set(NAMES) - reads - writes - read
        asked -= PRESENCE
        if asked:
            done = on_a_copy(now)
            process(done)
            known = told(done)
            read.update({name for name in asked if not does_the_same(process, known, now, name)})
        process(now)

    return run


def named(process: models.Process, key: str) -> set[str]:
    """Columns and fields of the economy under a key of the header; of new agents the columns the process may write."""
    text = header(Path(inspect.getfile(process))).get(key, "")
    found = set(re.findall(r"\b(?:people|firms|economy|bodies|places)\.\w+", text))
    for family in [name for name in found if name.endswith("_")]:  # places.terminal_*
        found = (found - {family}) | {name for name in NAMES if name.startswith(family)}
    if key == "Writes":
        found -= of_columns(found)
        for kind, columns in COLUMNS.items():
            found |= {f"{kind}.{name}" for name, c in columns.items() if process.__name__ in c.written_by}
    return found


@by_process
def test_a_process_changes_what_it_says_and_nothing_else(process: models.Process, seen: Seen) -> None:
    books = {"ledger", "bodies.committed_eur", "bodies.nav_eur"} if process.__name__ in DELIVERS else set()
    allowed = named(process, "Writes") | books
    assert listed(seen.written[process.__name__] - allowed) == ""


@by_process
def test_what_a_process_says_it_writes_it_does_write(process: models.Process, seen: Seen) -> None:
    others = {p for p in QUARTER if inspect.getfile(p) == inspect.getfile(process)}  # the economy and bodies: by file
    written = set().union(*(seen.written[p.__name__] for p in others))
    assert listed(of_columns(named(process, "Writes")) - seen.written[process.__name__]) == ""
    assert listed(named(process, "Writes") - written) == ""


@by_process
def test_a_process_looks_at_what_it_says_and_at_nothing_else(process: models.Process, seen: Seen) -> None:
    assert listed(seen.read[process.__name__] - named(process, "Reads") - named(process, "Writes")) == ""


@by_process
def test_what_a_process_says_it_reads_matters_to_it(process: models.Process, seen: Seen) -> None:
    """What it also writes is set aside: that it matters to itself alone cannot be told apart."""
    others = {p for p in QUARTER if inspect.getfile(p) == inspect.getfile(process)}
    read = set().union(*(seen.read[p.__name__] for p in others))
    written = set().union(*(named(p, "Writes") for p in others))
    assert listed(named(process, "Reads") - PRESENCE - written - read - FAINT.get(process.__name__, set())) == ""


@pytest.mark.parametrize("name", FAINT)
def test_what_is_too_faint_to_show_stands_in_the_code(name: str) -> None:
    (process,) = (process for process in QUARTER if process.__name__ == name)
    folder = Path(inspect.getfile(process)).parent  # formulas lie beside the process
    source = "".join(file.read_text(encoding="utf-8").split('"""', 2)[-1] for file in folder.glob("*.py"))
    assert all(re.search(rf"\.{read.split('.')[1]}\b", source) for read in FAINT[name])


def listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def of_columns(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith(("people", "firms"))}
