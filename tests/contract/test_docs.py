"""What the documents say is true: paths, links, commands, examples, processes, parameters, outcomes, figures."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pytest import MonkeyPatch

from regionsim.cli.catalogue import all_parameters, shown_value
from regionsim.cli.commands import MODULES
from regionsim.cli.configs import compose_settings
from regionsim.cli.forecast_files import TABLES
from regionsim.cli.forecast_keys import read_choices
from regionsim.cli.main import main
from regionsim.cli.scenarios import _parsed, checked_jobs
from regionsim.data.tables import load_region
from regionsim.drivers.paths import observe_drivers
from regionsim.interventions import MECHANISMS
from regionsim.model.quarter import QUARTER
from regionsim.model.setup import prepare
from regionsim.results.outcomes import OUTCOMES
from regionsim.state import calendar
from regionsim.state.firms import Firms
from regionsim.state.levers import LEVERS
from regionsim.state.parameters import Parameter
from regionsim.state.people import People
from regionsim.validation.bars import BARS
from tests.fixtures.results import synthetic

ROOT = Path(__file__).parents[2]
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for pattern in ("README.md", "docs/*.md", "experiments/*/README.md")
    for path in sorted(ROOT.glob(pattern))
}
NOTEBOOKS = sorted(ROOT.glob("experiments/*/*.ipynb"))
MODEL, HOW_TO = DOCUMENTS["docs/model.md"], DOCUMENTS["docs/how_to.md"]
TOP = ("src/", "configs/", "docs/", "tests/", "experiments/", "benchmarks/")
WRITTEN = {"results.zarr", "report.html", "effects.csv", "summary.json", "config.yaml", "forecast.nc", "forecast.html"}
WRITTEN |= {"drivers.nc", *TABLES.values()}  # by commands
WRITTEN |= {"validation.json", *(f"{name}.csv" for name in ("facts", "covid_indicators", "history", "history_years"))}
OF_OTHERS = {"NUMBA_CACHE_DIR", "__pycache__"}
PARAMETERS = {parameter.name: parameter for parameter in all_parameters(None)}
every_document = pytest.mark.parametrize("document", DOCUMENTS)


def blocks(page: str, language: str) -> list[str]:
    """Fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)


def prose(page: str) -> str:
    return re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)


def spans(page: str) -> list[str]:
    """What stands between backticks in the text."""
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", prose(page))]


def rows(page: str, *header: str) -> list[list[str]]:
    """Cells of the table with this header, up to where it ends."""
    lines = page.splitlines()
    start = lines.index(f"| {' | '.join(header)} |")
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    assert cells
    return cells


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


# Paths, links, words ------------------------------------------------------------------------------------------------


@every_document
def test_every_path_exists(document: str) -> None:
    paths = [span for span in spans(DOCUMENTS[document]) if span.startswith(TOP)]
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing


@every_document
def test_every_link_leads_somewhere(document: str) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)]+)\)", prose(DOCUMENTS[document])):
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        target = ROOT / Path(document).parent / path if path else ROOT / document
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert not broken


def anchors(page: str) -> set[str]:
    """Anchors of the headings, as they are made for a page on the web."""
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    """Every name in the code, the configuration files and the catalogues."""
    code = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    configs = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "configs").rglob("*.yaml"))
    stems = {path.stem for path in (ROOT / "configs").rglob("*.yaml")}
    return set(re.findall(r"\w+", f"{code} {configs}")) | stems | set(load_region("west_flanders").driver_roles["role"])


@every_document
def test_every_name_is_known(document: str, vocabulary: set[str]) -> None:
    own = set(re.findall(r"\w+", " ".join(blocks(DOCUMENTS[document], "yaml") + blocks(DOCUMENTS[document], "python"))))
    files = WRITTEN | {path.name for top in TOP for path in (ROOT / top).rglob("*.*")}
    unknown = []
    for span in spans(DOCUMENTS[document]):
        if not re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*", span) or span in files:
            continue
        unknown += [span for part in span.split(".") if part not in vocabulary | own | OF_OTHERS | {"block", "name"}]
    assert not unknown


# Commands and examples ------------------------------------------------------------------------------------------------


def commands(page: str) -> list[str]:
    """`regionsim` commands of code blocks and of the text, those with a NAME to fill in left out."""
    lines = [line for block in blocks(page, "bash") for line in block.splitlines()] + spans(page)
    found = [re.split(r"\s#", line)[0].strip() for line in lines if re.match(r"regionsim\s", line)]
    return [command for command in found if not re.search(r"[A-Z]{2,}|\.\.\.", command)]


def examples(page: str) -> dict[str, str]:
    """YAML files that a document shows, by the path in a comment at their head."""
    return {re.findall(r"^# (\w+/\S+)$", block, flags=re.MULTILINE)[0]: block for block in blocks(page, "yaml")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: MonkeyPatch) -> Path:
    """A user's folder, entered: the configuration files of the how-to, a region of his own, a folder of results."""
    for name, content in examples(HOW_TO).items():
        assert re.fullmatch(r"my_configs/\w+/\w+\.yaml", name)
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    shutil.copytree(ROOT / "tests/fixtures/regions/fictland", tmp_path / "my_region")
    (tmp_path / "outputs/west_flanders_masterplan").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mechanisms(monkeypatch: MonkeyPatch) -> None:
    """Mechanisms that the examples register are forgotten afterwards."""
    for name in re.findall(r'mechanism="(\w+)"', HOW_TO):
        monkeypatch.setitem(MECHANISMS, name, None)  # type: ignore[arg-type]


class ParsedError(Exception):
    """Arguments were found right, and nothing was run."""


@every_document
def test_every_command_composes(document: str, folder: Path, monkeypatch: MonkeyPatch) -> None:
    from argparse import ArgumentParser

    monkeypatch.setattr("regionsim.cli.scenarios._check_regions", lambda jobs: None)  # other tests read the tables
    real = ArgumentParser.parse_args

    def only_parse(self: ArgumentParser, words: list[str]) -> None:
        raise ParsedError(real(self, words))

    for command in commands(DOCUMENTS[document]):
        first, *rest = words = shlex.split(command)[1:]
        if first in ("report", "validate", "compare", "status", "analyse"):  # those that run something
            with monkeypatch.context() as patch, pytest.raises(ParsedError):
                patch.setattr(ArgumentParser, "parse_args", only_parse)
                patch.setattr(ArgumentParser, "parse_intermixed_args", only_parse)
                main(words)
            overrides = [word for word in rest if "=" in word and not word.startswith("json=")]
            assert not overrides or compose_settings(overrides), command
        elif first == "forecast":
            assert read_choices(rest), command
        elif first in MODULES or {"--help", "--version"} & set(words):
            assert main(words) == 0, command
        else:
            assert checked_jobs(_parsed(words)[0]), command


def test_example_files_compose(folder: Path, mechanisms: None) -> None:
    run_python(mechanism_files())
    for name in examples(HOW_TO):
        _, group, file = Path(name).with_suffix("").parts
        added = ["plan=none", "plan.name=alone", f"+intervention@plan.measures.{file}={file}"]
        settings = compose_settings(added if group == "intervention" else [f"{group}={file}"], "my_configs")
        assert settings.plans[0].name == "none"
        if group in ("plan", "intervention"):
            assert settings.plans[1].measures


def mechanism_files() -> list[str]:
    return [block for block in blocks(HOW_TO, "python") if block.startswith("# src/")]


def run_python(code: list[str]) -> None:
    """Run blocks one after the other, as cells of one notebook."""
    cells: dict[str, object] = {"__name__": "documents"}
    for block in code:
        exec(compile(block, "a block of the documents", "exec"), cells)


@pytest.mark.slow
@pytest.mark.parametrize("document", [name for name, page in DOCUMENTS.items() if blocks(page, "python")])
def test_python_blocks_run(document: str, folder: Path, mechanisms: None, population_cache: None) -> None:
    run_python(blocks(DOCUMENTS[document], "python"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_output(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)


# The model's own page -------------------------------------------------------------------------------------------------


def test_the_quarter_is_told_in_order() -> None:
    told = rows(MODEL, "nr", "process", "what it does", "file")
    assert [named(process)[0] for _, process, _, _ in told] == [process.__name__ for process in QUARTER]
    for _, process, _, file in told:
        assert f"def {named(process)[0]}(" in (ROOT / named(file)[0]).read_text(encoding="utf-8")


@every_document
def test_every_parameter_exists(document: str) -> None:
    columns = {f"people.{c.name}" for c in People.declared} | {f"firms.{c.name}" for c in Firms.declared}
    owners = {name.partition(".")[0] for name in PARAMETERS}
    words = re.findall(r"(?<![\w./])([a-z_]+\.[a-z_]\w*)(?![\w(])", prose(DOCUMENTS[document]))
    unknown = {word for word in words if word.partition(".")[0] in owners} - set(PARAMETERS) - columns
    assert not {word for word in unknown if word.rpartition(".")[2] not in ("yaml", "csv", "py", "md", "nc")}


def told(parameter: Parameter) -> str:
    """How docs/model.md writes a parameter; edit the page to this where it differs."""
    value = parameter.value
    shown = "a list" if isinstance(value, tuple) and len(value) > 6 else shown_value(value)
    shown = f"[{shown}]" if isinstance(value, tuple) and len(value) <= 6 else shown
    return f"`{parameter.name}` {shown} ({parameter.status}{', drawn' if parameter.distribution else ''})"


def test_every_parameter_is_told_as_it_is() -> None:
    page = " ".join((MODEL + DOCUMENTS["docs/measures.md"]).split())
    assert not [told(parameter) for parameter in PARAMETERS.values() if told(parameter) not in page]


def test_the_page_of_measures_is_what_the_files_say() -> None:
    from regionsim.cli.measures_page import page

    assert DOCUMENTS["docs/measures.md"] == page()


def test_the_calibrated_parameters_are_listed_as_fitted() -> None:
    fitted = next(item for item in re.split(r"\n\* ", MODEL) if item.startswith("**Fitted**"))
    calibrated = {name for name, parameter in PARAMETERS.items() if parameter.status == "calibrated"}
    assert {name for name in named(fitted) if "." in name} == calibrated


def test_every_outcome_has_its_concept() -> None:
    table = rows(MODEL, "outcome", "what it counts, and where its level comes from", "where its change comes from")
    outcomes = [name for cell, *_ in table for name in named(cell)]
    assert sorted(outcomes) == sorted(OUTCOMES)


def test_levers_are_told_as_they_are() -> None:
    table = rows(MODEL, "lever", "over", "neutral", "moved by", "felt in")
    assert {named(cells[0])[0] for cells in table} == set(LEVERS)
    for cells in table:
        (name,), over, neutral, movers, felt = named(cells[0]), cells[1], cells[2], named(cells[3]), named(cells[4])
        lever = LEVERS[name]
        rule = {"add": "adds", "multiply": "multiplies", "highest": "highest"}[lever.combine]
        assert (over, neutral) == (lever.over, f"{lever.neutral:g}, {rule}")
        assert set(movers) == {m for m, kind in MECHANISMS.items() if name in kind.may_move | kind.moves_always}
        assert set(felt) <= {process.__name__ for process in QUARTER}


def test_drivers_are_told_as_they_are() -> None:
    found = {}
    block = compose_settings([]).parameters.central().drivers
    for name, series in observe_drivers(load_region("west_flanders"), block, 5.0, 1).series.items():
        family, _, member = name.partition("/")
        by = " by arrondissement" if member.isdigit() else " by origin" if family == "tourism_nights" else " by age"
        last = calendar.text(series.last) if len(series.values) else "none"
        found[f"`{family}`" + (by if member else "")] = (series.source, last, series.model)
    table = rows(MODEL, "driver", "made of", "last observation", "after it")
    assert {cells[0]: (cells[1], cells[2], cells[3]) for cells in table} == found


def test_bars_are_told_as_they_are() -> None:
    told_bars = {cells[0]: (cells[1], cells[2]) for cells in rows(MODEL, "series", "bar", "tag")}
    wanted = {b.name: (f"{b.judged} error at most {b.limit:g} {'%' if b.relative else 'points'}", b.tag) for b in BARS}
    assert told_bars == wanted


def test_figures_of_an_experiment_are_made_again(tmp_path: Path) -> None:
    figures = import_module("experiments.figures")
    made, _ = figures.first_look(synthetic(tmp_path))
    assert len(made.splitlines()) > 4 and "P 1.00" in made
    page = DOCUMENTS["experiments/first_look/README.md"]
    once = figures.rewritten(page, made)
    assert made in once and figures.rewritten(once, made) == once


@pytest.mark.slow
def test_the_fit_is_told_as_it_is(population_cache: None) -> None:
    fit = prepare(compose_settings(["ensemble=smoke"])).population.fit.set_index("margin")
    for margin, cells, total, error, exact in fit_rows():
        row = fit.loc[margin]
        assert (number(cells), number(total), exact == "yes") == (row["cells"], row["total"], row["constraint"]), margin
        assert number(error) == round(row["total_absolute_error"]), margin


def fit_rows() -> Iterator[list[str]]:
    yield from rows(MODEL, "margin", "cells", "total", "error", "exact")
