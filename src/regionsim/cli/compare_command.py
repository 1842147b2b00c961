"""`regionsim compare`: the effects of many plans, or of every measure alone at equal budget, from one command."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from regionsim.cli.arguments import add_config_dir, parser
from regionsim.cli.catalogue import EQUAL_BUDGET_EUR, EQUAL_BUDGET_QUARTERS
from regionsim.cli.configs import composer, options, scenario_name
from regionsim.state.errors import InputError, did_you_mean, listed

if TYPE_CHECKING:
    from argparse import Namespace

    import xarray as xr
    from rich.console import Console

    from regionsim.cli.compose import Job
    from regionsim.model.settings import Plan

EXAMPLES = """\
  regionsim compare measures                              every measure alone, each on the same budget
  regionsim compare plans pillar_one pillar_two pillar_three
  regionsim compare measures ensemble.draws=2 ensemble.scale=0.02    a quick look
  regionsim compare measures dual_learning starters_guidance --budget 6e6
  regionsim compare plans masterplan masterplan_after_8 world.brexit=hard --outcome gva"""
ABOUT = (
    "Run many plans from one shared past and set their effects side by side, sorted by the effect on jobs.\n"
    f"Measures: {EQUAL_BUDGET_EUR / 1e6:.0f} million EUR of public cost each in {EQUAL_BUDGET_QUARTERS} quarters; a "
    "capital project that\ncannot be had for that is run at its own cost and marked. The same command again goes on "
    "where it stopped."
)


def run(words: Sequence[str]) -> int:
    """Run the plans and print the table; 0, or 1 if units failed."""
    arguments = parser("compare", ABOUT, EXAMPLES)
    arguments.add_argument("what", choices=("measures", "plans"))
    arguments.add_argument("words", nargs="*", metavar="NAME or KEY=VALUE", help="plans to compare; overrides as usual")
    arguments.add_argument("--outcome", default="jobs", metavar="NAME", help="outcome of the printed table (jobs)")
    arguments.add_argument(
        "--budget", type=_amount, default=EQUAL_BUDGET_EUR, metavar="EUR", help="of every measure (measures only)"
    )
    arguments.add_argument("--output", type=Path, metavar="DIR", help="results folder (outputs/..._compare_...)")
    add_config_dir(arguments)
    given = arguments.parse_intermixed_args(list(words))
    from regionsim.analysis.compare import COMPARED

    names = [word for word in given.words if "=" not in word]
    words = [word for word in given.words if "=" in word]
    faults = _faults(given.what, names, given.outcome, COMPARED, given.config_dir)
    if faults:
        raise InputError("compare", faults)
    overrides = ["ensemble=compare", *words]
    if given.what == "measures":
        job, left_out = measures_alone(names, overrides, given.config_dir, given.budget)
    else:
        job, left_out = plans_together(names, overrides, given.config_dir), []
    if job.settings.design is not None:
        raise InputError("design", "compare takes random draws; allowed: none, or regionsim -m plan=... design=...")
    folder = given.output or Path(job.output) / _folder_name(job, given, names, words)
    return _run(job, folder.expanduser().resolve(), given, left_out)


def _amount(text: str) -> float:
    """A sum of money above 0."""
    try:
        eur = float(text)
    except ValueError:
        eur = 0.0
    if not 0.0 < eur < float("inf"):
        raise ArgumentTypeError(f"got '{text}'; allowed: a number above 0, in EUR")
    return eur


def _folder_name(job: Job, given: Namespace, names: list[str], words: list[str]) -> str:
    """By all that can change a number, so that no comparison replaces the results of another."""
    chosen = [f"of={'-'.join(dict.fromkeys(names))}"] if names else []
    budget = [f"budget={given.budget:g}"] if given.budget != EQUAL_BUDGET_EUR else []
    return scenario_name(str(job.config["region"]["name"]), f"compare_{given.what}", [*chosen, *budget, *words])


def _faults(what: str, names: list[str], outcome: str, outcomes: Sequence[str], config_dir: Path | None) -> list[str]:
    group = "plan" if what == "plans" else "intervention"
    allowed = [name for name in options(group, config_dir) if name != "none"]
    faults = [
        f"{group} '{name}' is unknown{did_you_mean(name, allowed)}; allowed: {listed(allowed)}"
        for name in names
        if name not in allowed
    ]
    if what == "plans" and not names:
        faults.append(f"plans: give the names of some; allowed: {listed(allowed)}")
    if outcome not in outcomes:
        faults.append(f"--outcome '{outcome}' is unknown{did_you_mean(outcome, outcomes)}; allowed: {listed(outcomes)}")
    return faults


def measures_alone(
    names: list[str], overrides: Sequence[str], config_dir: Path | None, budget_eur: float = EQUAL_BUDGET_EUR
) -> tuple[Job, list[str]]:
    """The job with one plan a measure, all (or those named) at equal budget; and the measures without a dose."""
    chosen = dict.fromkeys(names or options("intervention", config_dir))
    added = [f"+intervention@plan.measures.{name}={name}" for name in chosen]
    parts = ["plan=none", "plan.name=all", "plan.parts=measure"]
    budget = [f"plan.budget_eur={budget_eur!r}", f"plan.budget_quarters={EQUAL_BUDGET_QUARTERS}"]
    (job,) = _jobs([[*parts, *added, *budget, *overrides]], config_dir)
    plans = job.settings.plans[1:]
    return _with_plans(job, plans), [name for name in chosen if name not in {plan.name for plan in plans}]


def plans_together(names: list[str], overrides: Sequence[str], config_dir: Path | None) -> Job:
    """The job of the first plan with all the others beside it."""
    jobs = _jobs([[f"plan={name}", *overrides] for name in dict.fromkeys(names)], config_dir)
    return _with_plans(jobs[0], [job.settings.plans[1] for job in jobs])


def _jobs(scenarios: Sequence[Sequence[str]], config_dir: Path | None) -> list[Job]:
    """The checked job of every scenario. Raises InputError with the faults of all, each told once."""
    from regionsim.cli.compose import config_error, lines_of
    from regionsim.cli.overrides import checked_job, composed_as_far_as_possible

    jobs, faults = [], dict[str, None]()
    with composer(config_dir) as hydra:
        for overrides in scenarios:
            try:
                jobs.append(checked_job(*composed_as_far_as_possible(hydra, overrides)))
            except InputError as error:
                faults |= dict.fromkeys(lines_of(error))
    if faults:
        raise config_error(list(faults))
    return jobs


def _with_plans(job: Job, plans: Sequence[Plan]) -> Job:
    from regionsim.analysis.compare import KEPT
    from regionsim.model.settings import NO_PLAN

    return replace(job, settings=replace(job.settings, plans=(NO_PLAN, *plans), outcomes=KEPT))


def _run(job: Job, folder: Path, given: Namespace, left_out: list[str]) -> int:
    from functools import partial

    from regionsim.cli.study import WIDTH_OF_A_COMPARISON, Study, run

    study = Study(folder, [job.settings], job.engine.settings, {**job.config, "compared": given.what})
    return run(study, partial(_findings, given, left_out), WIDTH_OF_A_COMPARISON)


def _findings(given: Namespace, left_out: list[str], console: Console, ds: xr.Dataset, folder: Path) -> list[str]:
    from regionsim.analysis.summary import write_summary
    from regionsim.analysis.tables import comparing
    from regionsim.cli.analysis_files import write_tables
    from regionsim.cli.compare_findings import print_comparison

    found = comparing(ds, given.outcome)
    names = write_tables(found, folder)
    write_summary(ds, folder / "summary.json")
    print_comparison(console, ds, found["ranking"], given.outcome, left_out, given.budget)
    return [*names, "summary.json"]
