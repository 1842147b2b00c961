"""The header of each process file is true: parameters, levers, drivers and columns it names are those the code uses."""

from __future__ import annotations

import ast
import fnmatch
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from regionsim.model.quarter import QUARTER
from regionsim.state.economy import Economy
from regionsim.state.firms import Firms
from regionsim.state.levers import LEVERS
from regionsim.state.people import People
from tests.fixtures.models import ROOT, parameters

SOURCE = ROOT / "src" / "regionsim"
BLOCKS = {block: set(entries) for block, entries in parameters().blocks.items()}
FILES = sorted({Path(inspect.getfile(process)) for process in QUARTER if ".processes." in process.__module__})
FILES += [SOURCE / "processes" / "trade" / name for name in ("brexit.py", "covid.py")]
FILES += [SOURCE / "processes" / "migration" / "location_choice.py"]
FILES += [SOURCE / "model" / name for name in ("accounts.py", "exits.py")]
ALL_SOURCE = "\n".join(file.read_text(encoding="utf-8") for file in sorted(SOURCE.rglob("*.py")))
KEYS = ("Reads", "Writes", "Requests", "Levers", "Flows", "Drivers", "World", "Parameters")
COLUMNS = {"people": {c.name: c for c in People.declared}, "firms": {c.name: c for c in Firms.declared}}

by_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def header(file: Path) -> dict[str, str]:
    """The lines of the docstring that start with a key, continuation lines joined."""
    doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    found: dict[str, str] = {}
    key = ""
    for line in doc.splitlines():
        word = line.split(" ")[0]
        if word in KEYS and line.startswith(word + "  "):
            key = word
            found[key] = line.removeprefix(word).strip()
        elif key and line.startswith("   "):
            found[key] += " " + line.strip()
        else:
            key = ""
    return found


def named_parameters(file: Path) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """What each 'file.yaml -> name, na_*' of the header names: (block, pattern) -> parameters that exist."""
    found = {}
    for part in header(file).get("Parameters", "").split(";"):
        if not part.strip():
            continue
        matched = re.fullmatch(r"\s*(?:configs/parameters/)?(\w+)\.yaml\s*->\s*(.*)", part)
        assert matched, f"'{part}' is not 'file.yaml -> name, name'"
        for pattern in (name.strip() for name in matched[2].split(",")):
            hits = fnmatch.filter(BLOCKS.get(matched[1], ()), pattern)
            found[matched[1], pattern] = {(matched[1], hit) for hit in hits}
    return found


def used_parameters(file: Path) -> set[tuple[str, str]]:
    """Parameters that the code reads: now.parameters.block.name, through a local name, or getattr with a prefix."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        local = dict(_local_names(function))
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and (block := _block(node.value, local)):
                found.add((block, node.attr))
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr":
                block, prefix = _block(node.args[0], local), getattr(node.args[1], "values", [None])[0]
                if block and isinstance(prefix, ast.Constant):
                    found |= {(block, name) for name in BLOCKS[block] if name.startswith(prefix.value)}
        for argument in function.args.args:  # a formula that takes a whole block
            if getattr(argument.annotation, "id", "") == "Block":
                names = {
                    n.attr for n in ast.walk(function) if getattr(getattr(n, "value", 0), "id", "") == argument.arg
                }
                found |= {(block, name) for name in names for block in BLOCKS if name in BLOCKS[block]}
    return {(block, name) for block, name in found if name in BLOCKS[block]}


def _block(node: ast.expr, local: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return local.get(node.id, "")
    of_parameters = isinstance(node, ast.Attribute) and getattr(node.value, "attr", "") == "parameters"
    return node.attr if of_parameters and node.attr in BLOCKS else ""


def _local_names(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=True))
            for name, what in pairs:
                if isinstance(name, ast.Name) and (block := _block(what, {})):
                    yield name.id, block


def columns_named(text: str) -> set[str]:
    return set(re.findall(r"\b(?:people|firms)\.\w+", text))


@by_file
def test_a_process_file_says_what_it_reads_and_changes(file: Path) -> None:
    told = header(file)
    assert "Reads" in told or "Drivers" in told
    assert "Writes" in told or "Requests" in told


@by_file
def test_parameters_named_are_those_that_are_read(file: Path) -> None:
    named = named_parameters(file)
    assert [pattern for pattern, hits in named.items() if not hits] == []
    assert set().union(*named.values()) == used_parameters(file)


@by_file
def test_levers_named_are_those_that_are_felt(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    felt = set(re.findall(r"levers\.(?:over_rows|region|dense)[\[(]\"(\w+)\"", source))
    named = {name.strip() for name in header(file).get("Levers", "").split(",") if name.strip()}
    assert named == felt
    assert named <= set(LEVERS)


@by_file
def test_columns_named_exist(file: Path) -> None:
    told = header(file)
    for key in ("Reads", "Writes"):
        for name in columns_named(told.get(key, "")):
            kind, column = name.split(".")
            assert column in COLUMNS[kind], name
        for name in re.findall(r"\beconomy\.(\w+)", told.get(key, "")):
            assert name in {field.name for field in fields(Economy)}, name


@by_file
def test_columns_written_are_those_that_name_the_process_as_writer(file: Path) -> None:
    """Of new agents the header says 'new rows of ...'; a requested exit is the column `exit`."""
    told = header(file)
    processes = {p.__name__ for p in QUARTER if Path(inspect.getfile(p)) == file}
    declared = {
        f"{kind}.{name}"
        for kind, columns in COLUMNS.items()
        for name, c in columns.items()
        if processes & {*c.written_by}
    }
    named = columns_named(told.get("Writes", ""))
    for kind in re.findall(r"new rows of (\w+)", told.get("Writes", "")):
        named |= {name for name in declared if name.startswith(kind)}
    if "Requests" in told:
        named |= declared & {"people.exit"}
    assert named == declared


def test_whoever_is_said_to_write_a_column_is_a_process_or_the_synthesis() -> None:
    known = {process.__name__ for process in QUARTER} | {"synthesis"}
    written_by = {name for columns in COLUMNS.values() for column in columns.values() for name in column.written_by}
    assert written_by <= known


@pytest.mark.parametrize(
    ("column", "process"),
    [(f"{kind}.{name}", p) for kind, cs in COLUMNS.items() for name, c in cs.items() for p in QUARTER
     if p.__name__ in c.written_by],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)  # fmt: skip
def test_whoever_is_said_to_write_a_column_does_so_in_the_code(column: str, process) -> None:
    """Assigns to it, or calls what does: the two ends of a job, or the release of rows."""
    source = Path(inspect.getfile(process)).read_text(encoding="utf-8")
    if "leave_job" in source or "take_job" in source:
        source += (SOURCE / "processes" / "labour" / "jobs.py").read_text(encoding="utf-8")
    if "leave_for_work" in source:
        source += (SOURCE / "processes" / "education" / "school_year.py").read_text(encoding="utf-8")
    if "fill_abilities" in source or "fill_workability" in source:
        source += (SOURCE / "state" / "abilities.py").read_text(encoding="utf-8")
    name = column.split(".")[1]
    assigned = re.search(rf"\.{name}\[.*\]\s*[-+*/|&]?=[^=]", source)
    assert assigned or (name in ("place", "kind") and ".release(" in source)


@pytest.mark.parametrize(
    ("block", "name"), [(block, name) for block, names in sorted(BLOCKS.items()) for name in sorted(names)]
)
def test_every_parameter_is_read_somewhere(block: str, name: str) -> None:
    """As an attribute, or by the prefix of a family: f"trade_cost_{form}"."""
    prefixes = [name[: i + 1] for i, letter in enumerate(name) if letter == "_"]
    family = "|".join(re.escape(prefix) for prefix in prefixes) or "(?!)"
    pattern = re.compile(rf"\.{name}\b|\bf\"(?:{family})\{{")
    assert pattern.search(ALL_SOURCE), f"configs/parameters/{block}.yaml: {name}"
