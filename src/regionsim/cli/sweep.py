"""From the jobs of a sweep to studies: jobs that can share their past are one set of runs and one dataset.

Jobs that differ in their plan alone branch from one history; jobs that differ in world or parameters stand beside each
other as worlds of one dataset. What else differs (scale, draws, region) makes studies of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from regionsim.cli.compose import Job
from regionsim.cli.configs import scenario_name
from regionsim.cli.study import Study
from regionsim.model.settings import NO_PLAN, Plan, Settings, World
from regionsim.state.parameters import Parameters

OF_PLAN = ("plan.", "governance", "intervention")  # keys that make another plan, not another world


class Composed(NamedTuple):
    """A checked job, the overrides it was composed with, and whether a launcher of Hydra's is to run it."""

    job: Job
    overrides: Sequence[str]
    launched: bool = False


def studies(jobs: Sequence[Composed]) -> list[Study]:
    """The studies of a command line, in the order of its jobs."""
    groups: list[tuple[Settings, dict[int, Composed]]] = []
    for number, composed in enumerate(jobs):
        shared = _shared(composed.job.settings)
        group = next((members for other, members in groups if other == shared), None)
        if group is None:
            groups.append((shared, group := {}))
        group[number] = composed
    return [_study(members) for _, members in groups]


def _shared(settings: Settings) -> Settings:
    """What the scenarios of one dataset have in common."""
    return replace(settings, world=World(), parameters=Parameters({}), plans=(NO_PLAN,))


def _study(numbered: Mapping[int, Composed]) -> Study:
    members = list(numbered.values())
    job = members[0].job
    varying = _varying(members)
    worlds, plans = _world_labels(members, varying), _plan_labels(members, varying)
    scenarios: dict[str, dict[str, Plan]] = {}
    settings: dict[str, Settings] = {}
    for i, (each, *_) in enumerate(members):
        settings.setdefault(worlds[i], each.settings)
        of_world = scenarios.setdefault(worlds[i], {})
        of_world |= {label: replace(plan, name=label) for label, plan in plans[i].items()}
    together = [
        replace(settings[label], world=replace(settings[label].world, name=label), plans=(NO_PLAN, *of_world.values()))
        for label, of_world in scenarios.items()
    ]
    config = dict(job.config)
    if len(members) > 1:
        config["sweep"] = [list(member.overrides) for member in members]
    by_number = dict(zip(numbered, worlds, strict=True))
    return Study(_folder(members, varying), together, job.engine.settings, config, by_number)


def _folder(members: Sequence[Composed], varying: Mapping[str, list[str]]) -> Path:
    """The folder of the only job; of several, one whose name says what varies, unless they were given one name."""
    job = members[0].job
    if len({member.job.name for member in members}) == 1:
        return job.folder
    fixed = [word for word in members[0].overrides if word.partition("=")[0] not in varying]
    swept = [f"{'plans' if key == 'plan' else key}={','.join(values)}" for key, values in varying.items()]
    name = scenario_name(str(job.config["region"]["name"]), "sweep", [*fixed, *swept])
    return replace(job, name=name).folder


def _varying(members: Sequence[Composed]) -> dict[str, list[str]]:
    """Overrides that are not the same in all jobs: their values by key, in order."""
    values: dict[str, dict[str, None]] = {}
    for member in members:
        for word in member.overrides:
            key, _, value = str(word).partition("=")
            values.setdefault(key.lstrip("+~"), {})[value] = None
    return {key: list(each) for key, each in values.items() if len(each) > 1}


def _world_labels(members: Sequence[Composed], varying: Mapping[str, list[str]]) -> list[str]:
    """A name for the world of each job: its own where one name means one thing, else with the overrides that vary."""
    each = [member.job.settings for member in members]
    several = _ambiguous([(one.world.name, (one.world, one.parameters)) for one in each])
    words = [_words(member, varying, _is_of_world) for member in members]
    return [one.world.name + (word if one.world.name in several else "") for one, word in zip(each, words, strict=True)]


def _plan_labels(members: Sequence[Composed], varying: Mapping[str, list[str]]) -> list[dict[str, Plan]]:
    """The plans of each job by name, as `_world_labels`."""
    each = [member.job.settings.plans[1:] for member in members]
    several = _ambiguous([(plan.name, plan) for plans in each for plan in plans])
    labels = []
    for member, plans in zip(members, each, strict=True):
        words = _words(member, varying, _is_plan if len(plans) > 1 else _is_of_plan)  # parts do not name their plan
        labels.append({plan.name + (words if plan.name in several else ""): plan for plan in plans})
    return labels


def _ambiguous(named: Sequence[tuple[str, Any]]) -> set[str]:
    """Names that mean several things."""
    first: dict[str, Any] = {}
    return {name for name, thing in named if first.setdefault(name, thing) != thing}


def _words(member: Composed, varying: Mapping[str, list[str]], counts: Callable[[str], bool]) -> str:
    """'[start=2029Q1]': those of a job's overrides that vary and count; '' for none."""
    parts = [_short(word) for word in member.overrides if _key(word) in varying and counts(_key(word))]
    return f"[{','.join(parts)}]" if parts else ""


def _key(word: str) -> str:
    return word.partition("=")[0].lstrip("+~")


def _is_plan(key: str) -> bool:
    return key == "plan" or _is_of_plan(key)


def _is_of_plan(key: str) -> bool:
    return key.startswith(OF_PLAN)


def _is_of_world(key: str) -> bool:
    return not _is_plan(key) and not key.startswith("world")


def _short(word: str) -> str:
    """'start=2029Q1' of 'plan.start=2029Q1', 'labour.quit=.02' of 'parameters.labour.quit.value=.02'."""
    return re.sub(r"^(plan|parameters|world)\.|\.value(?==)|@[^=]*(?==)", "", word.lstrip("+~"))
