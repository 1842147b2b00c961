"""`regionsim compare`: the effects of many plans, or of every measure alone at equal budget, from one command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from regionsim.cli.arguments import add_config_dir, parser
from regionsim.cli.catalogue import EQUAL_BUDGET_EUR, EQUAL_BUDGET_QUARTERS
from regionsim.cli.configs import options
from regionsim.state.errors import InputError, did_you_mean, listed

if TYPE_CHECKING:
    from regionsim.model.settings import Plan, Settings

EXAMPLES = """\
  regionsim compare measures                              every measure alone, each on the same budget
  regionsim compare plans pillar_one pillar_two pillar_three
  regionsim compare measures ensemble.draws=2 ensemble.scale=0.02    a quick look
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
    arguments.add_argument("--output", type=Path, metavar="DIR", help="results folder (outputs/compare_...)")
    add_config_dir(arguments)
    given = arguments.parse_intermixed_args(list(words))
    from regionsim.analysis.compare import COMPARED

    names = [word for word in given.words if "=" not in word]
    overrides = ["ensemble=compare", *(word for word in given.words if "=" in word)]
    faults = _faults(given.what, names, given.outcome, COMPARED, given.config_dir)
    if faults:
        raise InputError("compare", faults)
    if given.what == "measures":
        settings, left_out = measures_alone(names, overrides, given.config_dir)
    else:
        settings, left_out = plans_together(names, overrides, given.config_dir), []
    folder = given.output or Path("outputs") / f"compare_{given.what}"
    return _run(settings, overrides, folder.expanduser().resolve(), given, left_out)


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


def measures_alone(names: list[str], overrides: Sequence[str], config_dir: Path | None) -> tuple[Settings, list[str]]:
    """Settings with one plan a measure, all (or those named) at equal budget; and the measures without a dose."""
    from regionsim.analysis.compare import KEPT
    from regionsim.cli.configs import compose_settings
    from regionsim.model.budget import at_budget
    from regionsim.model.settings import NO_PLAN

    chosen = names or list(options("intervention", config_dir))
    added = [f"+intervention@plan.measures.{name}={name}" for name in chosen]
    settings = compose_settings(["plan=none", "plan.name=all", *added, *overrides], config_dir)
    overhead = float(settings.parameters.central().institutions.overhead)
    whole = settings.plans[1]
    plans: list[Plan] = []
    for measure in whole.measures:
        if measure.dose > 0:
            named = replace(whole, name=measure.name, title_en=measure.title_en, title_nl=measure.title_nl)
            alone = replace(named, measures=(measure,))
            plans.append(at_budget(alone, EQUAL_BUDGET_EUR, EQUAL_BUDGET_QUARTERS, overhead))
    left_out = [measure.name for measure in whole.measures if measure.dose <= 0]
    return replace(settings, plans=(NO_PLAN, *plans), outcomes=KEPT), left_out


def plans_together(names: list[str], overrides: Sequence[str], config_dir: Path | None) -> Settings:
    """Settings of the first plan with all the others beside it."""
    from regionsim.analysis.compare import KEPT
    from regionsim.cli.configs import compose_settings
    from regionsim.model.settings import NO_PLAN

    all_settings = [compose_settings([f"plan={name}", *overrides], config_dir) for name in dict.fromkeys(names)]
    plans = (settings.plans[1] for settings in all_settings)
    return replace(all_settings[0], plans=(NO_PLAN, *plans), outcomes=KEPT)


def _run(settings: Settings, overrides: Sequence[str], folder: Path, given: object, left_out: list[str]) -> int:
    import sys

    from rich.console import Console

    from regionsim.analysis.compare import comparison, ranking
    from regionsim.cli.compare_findings import print_comparison
    from regionsim.cli.job import WIDTH_OF_A_LOG, what_to_do
    from regionsim.cli.progress import watching
    from regionsim.ensemble.engines import EngineSettings
    from regionsim.ensemble.run import UnfinishedError, run_ensemble
    from regionsim.results.files import write_text
    from regionsim.results.store import read_results

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_A_LOG + 40)
    try:
        with watching(console) as progress:
            results = run_ensemble(settings, EngineSettings(), folder, progress, {"overrides": list(overrides)})
    except UnfinishedError as error:
        print(f"regionsim: {error}\n{what_to_do(folder)}", file=sys.stderr)
        return 2 if error.of_surroundings else 1
    ds = read_results(results)
    outcome: str = given.outcome  # type: ignore[attr-defined]
    write_text(folder / "compare.csv", comparison(ds).to_csv(index=False))
    table = ranking(ds, outcome)
    write_text(folder / "ranking.csv", table.to_csv(index=False))
    print_comparison(console, ds, table, outcome, settings, left_out)
    for name in ("compare.csv", "ranking.csv", "results.nc"):
        console.print(f"written  {folder / name}", soft_wrap=True, highlight=False)
    return 0
