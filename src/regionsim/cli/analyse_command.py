"""`regionsim analyse PATH`: stored results asked again: other outcomes, sensitivity, conditions of failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from regionsim.cli.arguments import parser
from regionsim.cli.study import WIDTH_OF_A_COMPARISON, console_of
from regionsim.state.errors import InputError, did_you_mean, listed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ABOUT = """\
Ask stored results without running the model. What is asked (all that the results can answer, if nothing is named):

  effects       paired differences with no plan, up to each horizon
  ranking       plans side by side: effect, spending, cost of a job and of a EUR of value added
  robustness    how often a plan is best over worlds and draws, and what is lost where another was better
  up_to         what plans that start at different times have brought up to the same quarter
  shocks        what the other worlds cost against the first one, with and without each plan
  attribution   what each part of a package contributes (Shapley), beside what it does alone
  draws         how many draws are enough for each effect
  sensitivity   which parameters matter: indices of a design (design=morris, sobol, random), else rank correlations
  flips         parameters on which it depends which plan is better
  discovery     under which conditions the effect of a plan stays at or below the threshold"""
EXAMPLES = """\
  regionsim analyse outputs/west_flanders_masterplan
  regionsim analyse outputs/which_pillar_works ranking attribution --outcome gva
  regionsim analyse outputs/hard_brexit_resilience discovery --outcome jobs --threshold 100
  regionsim analyse outputs/west_flanders_masterplan sensitivity flips --csv tables"""


@dataclass(frozen=True)
class Asked:
    """Stored results, and what is asked of them."""

    ds: xr.Dataset
    folder: Path
    outcome: str
    plan: str | None
    threshold: float
    console: Console

    @property
    def designed(self) -> bool:
        """Whether the draws are the points of a design: no sample, so that they have no ranges."""
        from regionsim.ensemble.run import DESIGN_FILE

        return (self.folder / DESIGN_FILE).is_file()


def run(words: Sequence[str]) -> int:
    """Print what was asked; 0, or 2 for what the results cannot answer."""
    arguments = parser("analyse", ABOUT, EXAMPLES)
    arguments.add_argument("path", type=Path, metavar="PATH", help="a results folder")
    arguments.add_argument("what", nargs="*", metavar="WHAT", help="of the list above")
    arguments.add_argument("--outcome", default="jobs", metavar="NAME", help="regionsim list outcomes (jobs)")
    arguments.add_argument("--plan", metavar="NAME", help="of a discovery; the first of the results")
    arguments.add_argument("--threshold", type=float, default=0.0, metavar="X", help="of a discovery, in units (0)")
    arguments.add_argument("--csv", type=Path, metavar="DIR", help="also write every table there")
    given = arguments.parse_intermixed_args(list(words))
    unknown = [f"'{w}' is unknown{did_you_mean(w, ANALYSES)}; allowed: {listed(ANALYSES)}" for w in given.what
               if w not in ANALYSES]  # fmt: skip
    if unknown:
        raise InputError("analyse", unknown)
    from regionsim.results.store import read_results

    folder = given.path.parent if given.path.suffix == ".zarr" else given.path
    console = console_of(WIDTH_OF_A_COMPARISON)
    asked = Asked(read_results(given.path), folder, given.outcome, given.plan, given.threshold, console)
    _check(asked)
    found = _answers(asked, given.what)
    if given.csv is not None:
        from regionsim.results.files import write_text

        for name, table in found.items():
            write_text(given.csv / f"{name}.csv", table.to_csv(index=False))
            print(f"also     {given.csv / f'{name}.csv'}")
    return 0


def _check(asked: Asked) -> None:
    """Raise InputError for an outcome or a plan that the results do not hold."""
    from regionsim.analysis.select import plans
    from regionsim.results.outcomes import OUTCOMES

    outcomes = [name for name, about in OUTCOMES.items() if name in asked.ds.data_vars and about.good]
    faults = []
    if asked.outcome not in outcomes:
        hint = did_you_mean(asked.outcome, outcomes)
        faults.append(f"--outcome '{asked.outcome}' is none of these results{hint}; allowed: {listed(outcomes)}")
    if asked.plan is not None and asked.plan not in plans(asked.ds):
        hint = did_you_mean(asked.plan, plans(asked.ds))
        faults.append(f"--plan '{asked.plan}' is none of these results{hint}; allowed: {listed(plans(asked.ds))}")
    if faults:
        raise InputError("analyse", faults)


def _answers(asked: Asked, what: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Print every answer; tables by name. What was named and has no answer is a fault, told after the others."""
    import pandas as pd

    found, faults = dict[str, pd.DataFrame](), list[str]()
    for name in what or ANALYSES:
        try:
            found |= {name: ANALYSES[name](asked)}
        except InputError as error:
            faults += [f"{name}: {error.where}: {fault}" for fault in error.faults]
    if faults and what:
        raise InputError("analyse", faults)
    return found


def _of_a_sample(asked: Asked) -> None:
    if asked.designed:
        raise InputError("design.json", "draws at the points of a design have indices alone: ask for sensitivity")


def _effects(asked: Asked) -> pd.DataFrame:
    from regionsim.cli.findings import print_findings

    effects = _effect_table(asked)
    print_findings(asked.console, asked.ds)
    return effects


def _draws(asked: Asked) -> pd.DataFrame:
    from regionsim.cli.analysis_findings import print_enough_draws

    effects = _effect_table(asked)
    print_enough_draws(asked.console, effects)
    return effects


def _effect_table(asked: Asked) -> pd.DataFrame:
    import pandas as pd

    from regionsim.analysis.effects import effect_table

    _of_a_sample(asked)
    return pd.concat([effect_table(asked.ds, plan).assign(plan=plan) for plan in _plans(asked, 1)])


def _plans(asked: Asked, least: int) -> list[str]:
    from regionsim.analysis.select import plans

    if len(plans(asked.ds)) < least:
        raise InputError("plans", f"the results hold {len(plans(asked.ds))} beside none; needed: {least}")
    return plans(asked.ds)


def _ranking(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.compare import COMPARED, ranking
    from regionsim.cli.compare_findings import print_comparison

    _of_a_sample(asked)
    _plans(asked, 2)
    if asked.outcome not in COMPARED:
        raise InputError("--outcome", f"'{asked.outcome}' is not compared; allowed: {listed(COMPARED)}")
    table = ranking(asked.ds, asked.outcome)
    print_comparison(asked.console, asked.ds, table, asked.outcome)
    return table


def _robustness(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.robustness import payoffs, regret_table
    from regionsim.cli.compare_findings import print_robustness

    _of_a_sample(asked)
    _plans(asked, 1)
    table = regret_table(payoffs(asked.ds, asked.outcome), asked.threshold).assign(outcome=asked.outcome)
    print_robustness(asked.console, table, asked.outcome, asked.ds)
    return table


def _up_to(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.up_to import up_to
    from regionsim.cli.analysis_findings import print_up_to

    _of_a_sample(asked)
    _plans(asked, 1)
    table = up_to(asked.ds, [asked.outcome])
    print_up_to(asked.console, table)
    return table


def _shocks(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.select import first_world, worlds
    from regionsim.analysis.shocks import shocks
    from regionsim.cli.analysis_findings import print_shocks

    _of_a_sample(asked)
    if len(worlds(asked.ds)) < 2:
        raise InputError("worlds", "the results hold one; a shock is the difference between two")
    table = shocks(asked.ds, first_world(asked.ds), [asked.outcome])
    print_shocks(asked.console, table)
    return table


def _attribution(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.attribution import attribution_table
    from regionsim.analysis.players import players
    from regionsim.cli.compare_findings import print_attribution

    _of_a_sample(asked)
    parts, orders = players(asked.ds)
    if not parts:
        raise InputError("plans", "no parts with all their unions; run with plan.parts=pillar, or domain")
    table = attribution_table(asked.ds, parts, outcomes=[asked.outcome], orders=orders)
    print_attribution(asked.console, table, asked.outcome)
    return table


def _sensitivity(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.dependence import correlations, indices
    from regionsim.cli.analysis_files import design_of, parameters_of
    from regionsim.cli.analysis_findings import print_indices

    if asked.designed:
        table = indices(asked.ds, design_of(asked.folder), [asked.outcome])
    else:
        table = correlations(asked.ds, parameters_of(asked.folder), [asked.outcome])
    if table.empty:
        raise InputError("draws", f"{asked.ds.sizes['draw']}; a correlation needs 9 or more")
    print_indices(asked.console, table)
    return table


def _flips(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.dependence import rankings_that_flip
    from regionsim.cli.analysis_files import parameters_of
    from regionsim.cli.analysis_findings import print_flips

    _plans(asked, 2)
    table = rankings_that_flip(asked.ds, parameters_of(asked.folder), [asked.outcome])
    print_flips(asked.console, table)
    return table


def _discovery(asked: Asked) -> pd.DataFrame:
    from regionsim.analysis.dependence import LEAST_CASES, failures
    from regionsim.cli.analysis_files import parameters_of
    from regionsim.cli.analysis_findings import print_discovery
    from regionsim.results.outcomes import OUTCOMES

    plan = asked.plan or _plans(asked, 1)[0]
    found = failures(asked.ds, parameters_of(asked.folder), asked.outcome, plan, asked.threshold)
    what = f"the gain of {plan} in {OUTCOMES[asked.outcome].title_en.lower()} is {asked.threshold:g} or less"
    print_discovery(asked.console, found, what, asked.ds.sizes["world"] * asked.ds.sizes["draw"], LEAST_CASES)
    return found.trajectory


ANALYSES: dict[str, Callable[[Asked], pd.DataFrame]] = {
    "effects": _effects,
    "ranking": _ranking,
    "robustness": _robustness,
    "up_to": _up_to,
    "shocks": _shocks,
    "attribution": _attribution,
    "draws": _draws,
    "sensitivity": _sensitivity,
    "flips": _flips,
    "discovery": _discovery,
}
