"""`regionsim report PATH...`: build the page again from stored results; no model runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regionsim.cli.arguments import parser
from regionsim.cli.schema import ReportSection
from regionsim.state.errors import InputError

EXAMPLES = """\
  regionsim report outputs/west_flanders_masterplan --language nl
  regionsim report outputs/*/ """


def run(words: Sequence[str]) -> int:
    """Build one page per path; prints where each lies."""
    arguments = parser("report", "Build reports again from stored results.", EXAMPLES)
    arguments.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a results folder, or its results.zarr"
    )
    languages = ReportSection.model_fields["language"].annotation.__args__  # type: ignore[union-attr]
    arguments.add_argument("--language", choices=languages, default="en")
    arguments.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it (default: beside the results)"
    )
    given = arguments.parse_args(list(words))
    if given.output is not None and len(given.paths) > 1:
        raise InputError("--output", f"is one file, and {len(given.paths)} results are given; leave it out")
    for page in _built(given.paths, given.output, given.language):
        print(page)
    return 0


def _built(paths: Sequence[Path], output: Path | None, language: str) -> list[Path]:
    """The pages, after all results were found readable."""
    from regionsim.report.build import build_report
    from regionsim.results.store import read_results

    datasets, faults = {}, []
    for path in paths:
        try:
            datasets[path] = read_results(path)
        except InputError as error:
            faults += [f"{error.where}: {fault}" for fault in error.faults]
    if faults:
        raise InputError("report", faults)
    beside = {path: path.parent if path.suffix in (".zarr", ".nc") else path for path in paths}
    pages = {path: output or beside[path] / "report.html" for path in paths}
    return [build_report(datasets[path], page.resolve(), language) for path, page in pages.items()]
