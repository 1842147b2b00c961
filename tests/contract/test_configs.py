"""Every configuration file composes and keeps the rules; new files are found by themselves."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from regionsim.cli.catalogue import all_parameters
from regionsim.cli.commands import MODULES
from regionsim.cli.compose import Job
from regionsim.cli.configs import GROUPS, compose_settings, options
from regionsim.cli.help import text
from regionsim.cli.scenarios import _parsed, checked_jobs
from regionsim.cli.schema import EnsembleSection, GovernanceSection, MeasureSection, TargetSection, WorldSection
from regionsim.cli.yaml_files import read_yaml
from regionsim.interventions import MECHANISMS, levers_of
from regionsim.model.settings import Governance, Measure, Settings, Target, World
from regionsim.state.levers import LEVERS
from regionsim.state.parameters import STATUSES, Parameter

ROOT = Path(__file__).parents[2]
CHOICES = [
    f"{group}={name}"
    for group in GROUPS
    if group not in ("parameters", "intervention", "governance", "experiment")  # tests/cli/test_experiments.py
    for name in options(group)
]
MEASURES = sorted(options("intervention"))
PARAMETERS = {parameter.name: parameter for parameter in all_parameters(None)}


def jobs(*words: str) -> list[Job]:
    args, _ = _parsed(words)
    return [composed.job for composed in checked_jobs(args)]


@pytest.mark.parametrize("choice", CHOICES)
def test_every_file_of_every_group_composes(choice: str) -> None:
    (job,) = jobs(choice)
    assert job.settings.plans[0].name == "none"


def test_every_file_lies_in_a_group_and_every_parameter_file_is_a_block() -> None:
    folders = {path.parent.name for path in (ROOT / "configs").rglob("*.yaml")} - {"configs"}
    assert folders <= {*GROUPS, "experiment"}
    assert set(options("parameters")) <= set(compose_settings().parameters.blocks)


@pytest.mark.parametrize("name", MEASURES)
def test_every_intervention_works_in_a_plan_of_its_own(name: str) -> None:
    settings = compose_settings(
        ["plan=none", "plan.name=alone", f"+intervention@plan.measures.{name}={name}"]
    )
    (measure,) = settings.plans[1].measures
    assert measure.name == name
    kind = MECHANISMS[measure.mechanism]
    moves = levers_of(measure.mechanism, measure.effects)
    assert moves <= set(LEVERS) and set(measure.effects) <= kind.may_move
    assert (moves and measure.dose > 0 and measure.unit_cost_eur > 0) or measure.mechanism == "open_slot"
    assert measure.title_en != measure.title_nl
    assert len(measure.evidence) > 40


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_parameter_says_where_it_comes_from(name: str) -> None:
    parameter = PARAMETERS[name]
    assert parameter.unit and parameter.source
    assert parameter.status in STATUSES
    low, high = support(parameter)
    values = parameter.value if isinstance(parameter.value, tuple) else (parameter.value,)
    assert all(low <= value <= high for value in values)


def support(parameter: Parameter) -> tuple[float, float]:
    """The range that the draws of a parameter lie in."""
    if parameter.distribution is None:
        return float("-inf"), float("inf")
    kind, numbers = parameter.distribution
    if kind == "lognormal":
        return 0.0, float("inf")
    return (numbers[2], numbers[3]) if kind == "normal" else (numbers[0], numbers[-1])


def test_sections_match_what_the_model_is_told() -> None:
    def names(kind: type) -> set[str]:
        return {field.name for field in fields(kind)}

    assert {"name", "indivisible", *MeasureSection.model_fields} == names(Measure)
    assert set(TargetSection.model_fields) == names(Target)
    assert set(GovernanceSection.model_fields) == names(Governance)
    assert set(WorldSection.model_fields) == names(World)
    assert set(EnsembleSection.model_fields) <= names(Settings)


def test_no_configuration_names_an_address_or_a_place_outside_the_project() -> None:
    for file in (ROOT / "configs").rglob("*.yaml"):
        words = file.read_text()
        assert not re.search(r"https?://|/tmp|/work|\.\./", words), file
        assert read_yaml(file) or file.stem == "none", file


def commands(page: str) -> Iterator[str]:
    """The `regionsim` commands of a text: of code blocks in Markdown, of indented lines in the help page."""
    for line in page.splitlines():
        found = re.match(r"\s*(?:\$ )?regionsim\b(?!:)(.*)", line)
        if found and not found[1].startswith(("/", "-", ".")):
            yield re.split(r"\s{3,}|\s#", found[1])[0].strip()


def runnable(page: str) -> list[str]:
    return [words for words in commands(page) if not re.search(r"[A-Z]{2,}|\.\.\.", words)]


def test_commands_that_the_help_shows_compose() -> None:
    shown = runnable(text())
    assert shown
    for command in shown:
        words = shlex.split(command)
        if words[:1] and (words[0] in MODULES or {"--help", "--cfg", "-sc"} & set(words)):
            continue
        assert jobs(*words), command
