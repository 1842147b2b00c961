"""`regionsim forecast`: fit, simulate, test against the past, write dataset, tables, pictures and page."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from regionsim.cli.arguments import parser
from regionsim.cli.forecast_keys import Choices, read_choices, table_of_keys
from regionsim.state.errors import InputError
from regionsim.state.threads import one_thread

if TYPE_CHECKING:
    from regionsim.cli.forecast_input import Input
    from regionsim.cli.progress import Bar, Lines
    from regionsim.drivers.forecast import Paths
    from regionsim.report.forecast.evidence import Evidence

INTERRUPTED = 130
ABOUT = """\
Forecast a region's series from outside, or any series of your own: sample paths of all series together,
tested by forecasting again from every past origin. Prints how good the forecast is, and where it is not."""
EXAMPLES = """\
  regionsim forecast                                   the series that drive West Flanders
  regionsim forecast data=my.csv                       series of your own
  regionsim forecast data=my.csv every=4               a first look: every fourth origin
  regionsim forecast data=my.csv transform=level       values may be 0 or negative
  regionsim forecast data=my.csv until=2030Q4 backtest=false
  regionsim forecast as_of=2019Q4 language=nl          as far as the data of that quarter; page in Dutch

A CSV file has a column 'period' and one column for each series, or the columns series, period, value:
  period,visitors,jobs          series,period,value
  2010Q1,1021,310.5             visitors,2010Q1,1021
Periods: 2010Q1, 2010-03, 2010-01-31 or 2010. Separators: comma, semicolon (then 1,5 is a number too), tab."""


def run(words: Sequence[str]) -> int:
    """Forecast; 0 done, 130 interrupted; InputError for bad choices or data."""
    arguments = parser("forecast", f"{ABOUT}\n\nkeys:\n{table_of_keys()}", EXAMPLES)
    arguments.add_argument("choices", nargs="*", metavar="KEY=VALUE", help="any of the keys above")
    choices = read_choices(arguments.parse_args(list(words)).choices)
    try:
        with one_thread():
            return _forecast(choices)
    except KeyboardInterrupt:
        print("\ninterrupted: no file is half-written", file=sys.stderr)
        return INTERRUPTED


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """The folder, made before anything is computed, so that one that cannot be written is told at once.

    If nothing comes into it, it is removed again.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError("output", f"'{folder}' cannot be written: {error.strerror}") from None
    try:
        yield
    finally:
        if not any(folder.iterdir()):
            folder.rmdir()


def _forecast(choices: Choices) -> int:
    from rich.console import Console

    from regionsim.cli.forecast_files import write_all
    from regionsim.cli.forecast_findings import print_findings
    from regionsim.cli.forecast_input import read_input
    from regionsim.cli.progress import watching
    from regionsim.cli.study import WIDTH_OF_A_LOG
    from regionsim.drivers.dataset import forecast_dataset

    found = read_input(choices)
    until = _until(choices, found)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_A_LOG)
    with _writable(choices.folder), watching(console, "origin") as progress:
        progress.note("fitting and simulating")
        paths = _paths(choices, found, until)
        evidence = _evidence(choices, found, progress) if choices.backtest else None
        progress.note("paths of all drivers")
        dataset = forecast_dataset(paths, choices.seed, found.vintage, found.source, found.units)
        drivers = found.drivers(str(dataset["period"].values[-1])) if found.drivers is not None else None
        progress.note("writing")
        files = write_all(choices, dataset, evidence, drivers)
    print_findings(console, dataset, evidence, drivers)
    for what, file in files.items():
        console.print(f"{what:<9}{file}", soft_wrap=True, highlight=False)
    return 0


def _until(choices: Choices, found: Input) -> int:
    """Ordinal of the last period of the paths: as far as backtested after the last observation, or as chosen."""
    from regionsim.drivers.forecast import MEMBER_STEPS
    from regionsim.drivers.periods import last_of_paths

    last = max(s.last for s in found.series)
    if choices.until is None:
        return last + MEMBER_STEPS
    return last_of_paths(choices.until, last, found.series[0].periods)


def _paths(choices: Choices, found: Input, until: int) -> Paths:
    from regionsim.drivers.forecast import forecast

    return forecast(found.series, until, choices.draws, choices.seed)


def _evidence(choices: Choices, found: Input, progress: Bar | Lines) -> Evidence:
    """Forecast again from past origins, side by side, and score."""
    from regionsim.cli.forecast_tables import evidence_of
    from regionsim.drivers.backtest.origins import backtest, origins_of
    from regionsim.state.machine import cores

    workers = choices.workers or cores()
    progress.begin(len(origins_of(found.series, choices.every)), 0)
    done = backtest(found.series, choices.seed, workers, choices.every, progress.finished)
    progress.note("tables and tests")
    return evidence_of(done, found.series[0].periods, None if found.annual is None else found.annual())
