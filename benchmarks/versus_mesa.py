"""The same four rules as an object-per-agent Mesa model and as this project's compiled loops over columns.

    python -m benchmarks.versus_mesa [--residents 10000] [--steps 24]

Ageing, leaving home, deaths and separations of the real region's people: as Mesa agents (people_as_objects.py) at
10,000 residents, and by the project's own processes at 10,000 and at all residents, in one run on one thread. Both
models must agree agent by agent after the last step, or this stops. The last line of stdout is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import ONE_THREAD, say, settings_at

os.environ.update(ONE_THREAD)  # before the libraries that read it are imported, all in functions below

if TYPE_CHECKING:
    from benchmarks.people_as_objects import PeopleAsObjects
    from regionsim.model.region_model import RegionModel

RESIDENTS, STEPS, WARM_UP = 10_000, 24, 2
HOW = (
    "agent-steps per second: people in the model (residents, commuters into the region) at the start of a step over "
    "the seconds of the step, median over steps, one thread; an agent-step is all four rules for one person, the "
    "owners' ageing of the firms and the removal of the dead included on both sides"
)


def our_step(model: RegionModel) -> None:
    """One quarter of the four rules by the project's own processes."""
    import numpy as np

    from regionsim.model.exits import exits_resolved

    now = model.now()
    now.flows["closing"] = np.zeros(model.firms.capacity, np.bool_)  # firms stay: their closing is not compared
    for process in (*rules(), exits_resolved):
        process(now)
    model.state.quarter += 1


def rules() -> tuple[Callable[[Any], None], ...]:
    """The four processes that are compared, in the order of the quarter."""
    from regionsim.processes.demography.ageing import ageing
    from regionsim.processes.demography.deaths import deaths
    from regionsim.processes.demography.young_adults_leave_home import young_adults_leave_home
    from regionsim.processes.labour.separations import separations

    return ageing, young_adults_leave_home, deaths, separations


def agent_steps_per_s(step: Callable[[], None], people: Callable[[], int], steps: int) -> float:
    """Median rate over `steps` steps, after the warm-up."""
    rates = []
    for k in range(WARM_UP + steps):
        there, start = people(), time.perf_counter()
        step()
        seconds = time.perf_counter() - start
        if k >= WARM_UP:
            rates.append(there / seconds)
    return statistics.median(rates)


def check_identical(objects: PeopleAsObjects, columns: RegionModel) -> int:
    """How many people were compared; raises SystemExit that names the first differences between the two models."""
    from benchmarks.people_as_objects import COMPARED

    ids = objects.ids.tolist()
    here = {ids[agent.index]: agent for agent in objects.people}
    there = {int(row.id): row for row in columns.people}
    faults = [f"person {who} is in one model only" for who in here.keys() ^ there.keys()]
    for who in here.keys() & there.keys():
        agent, row = here[who], there[who]
        employer = columns.firms.a.id[row.employer] if row.employer >= 0 else None
        works_for = None if agent.employer is None else agent.employer.key
        faults += [
            f"person {who}: {name} {getattr(agent, name)} and {getattr(row, name)}"
            for name in COMPARED
            if getattr(agent, name) != getattr(row, name)
        ]
        if employer != works_for:
            faults.append(f"person {who}: employer {works_for} and {employer}")
    firms = {int(row.id): (int(row.jobs), int(row.owner_age_q)) for row in columns.firms}
    if firms != {firm.key: (firm.jobs, firm.owner_age_q) for firm in objects.firms}:
        faults.append("jobs or owners' ages of firms differ")
    if faults:
        raise SystemExit(f"the models differ in {len(faults)} places, e.g. " + "; ".join(sorted(faults)[:5]))
    return len(here)


def compared(residents: int, steps: int) -> dict[str, Any]:
    """Run both models at the same size and ours at 1:1."""
    import mesa

    from benchmarks.people_as_objects import PeopleAsObjects
    from regionsim.model.region_model import RegionModel
    from regionsim.model.setup import prepare

    say("preparing the region at 1:1")
    whole = RegionModel(prepare(settings_at(1.0)))
    everyone = whole.outcomes["residents"]
    say(f"preparing a sample of about {residents} residents")
    setup = prepare(settings_at(residents / everyone))
    columns, objects = RegionModel(setup), PeopleAsObjects(RegionModel(setup))
    sizes = {"same_size": columns.outcomes["residents"], "one_to_one": everyone}
    say(f"{WARM_UP} + {steps} steps of ours at this size, of Mesa's, of ours at 1:1")
    ours_small = agent_steps_per_s(lambda: our_step(columns), lambda: len(columns.people), steps)
    mesas = agent_steps_per_s(objects.step, lambda: len(objects.people), steps)
    agents = check_identical(objects, columns)
    ours = agent_steps_per_s(lambda: our_step(whole), lambda: len(whole.people), steps)
    return {
        "benchmark": "versus_mesa",
        "ratio": round(ours / mesas, 1),
        "ratio_same_size": round(ours_small / mesas, 1),
        "agent_steps_per_s": {
            "mesa": round(mesas), "ours_same_size": round(ours_small), "ours_one_to_one": round(ours),
        },
        "residents": {name: round(size) for name, size in sizes.items()},
        "steps": steps,
        "rules": [rule.__name__ for rule in rules()],
        "identical": True,
        "agents_compared": agents,
        "mesa": mesa.__version__,
        "how": HOW,
    }  # fmt: skip


def main() -> None:
    """Print the comparison as JSON, last."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.versus_mesa", description="Compares with an object-per-agent Mesa model; JSON last."
    )
    parser.add_argument("--residents", type=int, default=RESIDENTS, metavar="N",
                        help="residents in the model of objects (default: %(default)s)")  # fmt: skip
    parser.add_argument("--steps", type=int, default=STEPS, metavar="N",
                        help="timed steps after the warm-up, at most 100 (default: %(default)s)")  # fmt: skip
    chosen = parser.parse_args()
    if chosen.residents < 1000:
        parser.error(f"--residents: {chosen.residents} is too few to time; at least 1000")
    if not 1 <= chosen.steps <= 100:
        parser.error(f"--steps: {chosen.steps} is not 1 to 100")
    print(json.dumps(compared(chosen.residents, chosen.steps)))


if __name__ == "__main__":
    main()
