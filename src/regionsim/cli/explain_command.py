"""`regionsim explain KIND/NAME`: mechanism, levers, parameters, evidence and assumptions in full."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from regionsim.cli.arguments import add_config_dir, parser
from regionsim.cli.catalogue import (
    EXPLAINED,
    all_parameters,
    names_of,
    shown_range,
    shown_value,
)
from regionsim.cli.configs import options
from regionsim.cli.yaml_files import read_yaml
from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.parameters import Parameter

WIDTH = 100


def run(words: Sequence[str]) -> int:
    """Print what is known about one thing."""
    forms = "\n".join(f"  regionsim explain {kind}/NAME" for kind in EXPLAINED)
    arguments = parser(
        "explain", "Explain one thing in full: what it does, its numbers and what they rest on.", forms
    )
    arguments.add_argument("what", metavar="KIND/NAME", help=f"KIND is one of: {', '.join(EXPLAINED)}")
    add_config_dir(arguments)
    given = arguments.parse_args(list(words))
    print(explained(given.what, given.config_dir))
    return 0


def explained(what: str, config_dir: Path | None = None) -> str:
    """The explanation of KIND/NAME as text. Raises InputError with the allowed names for an unknown one."""
    kind, _, name = what.partition("/")
    if kind not in EXPLAINED or not name:
        allowed = listed(f"{known}/NAME" for known in EXPLAINED)
        raise InputError(
            f"'{what}'", f"cannot be explained{did_you_mean(kind, EXPLAINED)}; allowed: {allowed}"
        )
    names = names_of(kind, config_dir)
    if name not in names:
        near = listed(n for n in names if n.split(".")[0] == name.split(".")[0]) or listed(names)
        raise InputError(f"{kind} '{name}'", f"is unknown{did_you_mean(name, names)}; allowed: {near}")
    return EXPLANATIONS[kind](name, config_dir)


def _intervention(name: str, config_dir: Path | None) -> str:
    from regionsim.cli.compose import measure_of_file
    from regionsim.model.story import story

    file = options("intervention", config_dir)[name]
    measure = measure_of_file(name, file)
    lines = [str(file), ""]
    for heading, words in story(measure, _overhead(config_dir)).items():
        lines += _paragraph(heading, words)
    lines += [f"Rule: {key} = {shown_value(value)}" for key, value in measure.settings.items()]
    lines += ["", "Parameters", *(line for p in measure.parameters for line in _parameter_lines(p, "  "))]
    return "\n".join(lines)


def _overhead(config_dir: Path | None) -> float:
    found = next(p for p in all_parameters(config_dir) if p.name == "institutions.overhead")
    return float(found.value)  # type: ignore[arg-type]


def _mechanism(name: str, config_dir: Path | None) -> str:
    from regionsim.interventions import MECHANISMS
    from regionsim.model.story import mechanism

    kind = MECHANISMS[name]
    files = options("intervention", config_dir).items()
    users = [measure for measure, file in files if read_yaml(file).get("mechanism") == name]
    lines = _paragraph(name, mechanism(name))
    lines += _paragraph("Takes", listed(sorted(kind.units)))
    lines += _paragraph("Moves", listed(sorted(kind.may_move | kind.moves_always)) or "nothing")
    settings = (f"{key} (default {value})" if value is not None else key for key, value in kind.settings.items())
    optional = (f"{parameter} (optional)" for parameter in kind.may_have)
    lines += _paragraph("Settings", listed(settings) or "none")
    lines += _paragraph("Parameters", listed([*kind.needs, *optional, "those that effects name"]))
    return "\n".join([*lines, *_paragraph("Used by", listed(users) or "none")])


def _governance(name: str, config_dir: Path | None) -> str:
    file = options("governance", config_dir)[name]
    raw = {**read_yaml(options("governance", config_dir)["default"]), **read_yaml(file)}
    lines = [_comments(file), str(file), ""]
    shown = {key: "by the rule" if value is None else shown_value(value) for key, value in raw.items()}
    lines += [f"{key}: {value or 'none'}" for key, value in shown.items() if key != "defaults"]
    return "\n".join([*lines, "", f"Choose it with: governance@plan.governance={name}"])


def _comments(file: Path) -> str:
    """The comment at the head of a file."""
    lines = [line[1:].strip() for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    return "\n".join(textwrap.wrap(" ".join(lines), WIDTH))


def _plan(name: str, config_dir: Path | None) -> str:
    from regionsim.cli.configs import compose_settings
    from regionsim.model.budget import planned_cost_eur

    file, overhead = options("plan", config_dir)[name], _overhead(config_dir)
    settings = compose_settings([f"plan={name}"], config_dir)
    plan = settings.plans[-1]
    lines = [f"{plan.title_en} / {plan.title_nl}", str(file), "", _comments(file), "", f"Starts {plan.start}"]
    costs = {measure.name: planned_cost_eur(measure, overhead) * 1e-6 for measure in plan.measures}
    for measure in plan.measures:
        mark = ", indivisible: left out" if measure.indivisible and not measure.dose else ""
        dose = f"{measure.dose:g} {measure.unit} a {measure.period} for {measure.quarters} quarters"
        lines.append(f"  {measure.name}: {measure.title_en}; {dose}; {costs[measure.name]:,.1f} million EUR{mark}")
    rules = plan.governance
    total = sum(costs.values())
    lines += ["", f"Total planned public cost: {total:,.1f} million EUR, overhead included (assumed doses)"]
    lines += _paragraph("Instruments of coordination", listed(rules.instruments) or "none")
    return "\n".join([*lines, f"Partners needed: {rules.partners_needed}; regionsim explain intervention/NAME"])


def _parameter(name: str, config_dir: Path | None) -> str:
    found = next(p for p in all_parameters(config_dir) if p.name == name)
    lines = _parameter_lines(found, "")
    if name.split(".")[0] in options("parameters", config_dir):
        lines += ["", f"Change it with: regionsim parameters.{name}.value=..."]
    return "\n".join(lines)


def _outcome(name: str, _: Path | None) -> str:
    from regionsim.results.outcomes import OUTCOMES

    o = OUTCOMES[name]
    lines = [
        f"{o.title_en} / {o.title_nl}",
        *_paragraph("Definition", o.definition),
        f"Unit: {o.unit} ({o.kind})",
    ]
    scaling = "divided by the scale of the run" if o.scaling == "count" else "as it is at any scale"
    lines += [f"By: {listed(('world', 'plan', 'draw', 'quarter', *o.dims))}", f"Small scale: {scaling}"]
    return "\n".join(lines)


def _lever(name: str, config_dir: Path | None) -> str:
    from regionsim.interventions import levers_of
    from regionsim.state.levers import LEVERS

    lever = LEVERS[name]
    raws = {measure: read_yaml(file) for measure, file in options("intervention", config_dir).items()}
    moves = {m: levers_of(str(raw.get("mechanism")), raw.get("effects")) for m, raw in raws.items()}
    measures = [measure for measure, levers in moves.items() if name in levers]
    movers = sorted({str(raws[measure].get("mechanism")) for measure in measures})
    combine = {"add": "contributions add up", "multiply": "contributions multiply", "highest": "the highest counts"}[
        lever.combine
    ]
    lines = [*_paragraph(name, lever.meaning), f"Ranges over: {lever.over}; unit: {lever.unit}"]
    lines += [f"Neutral value: {lever.neutral:g}, at the start of every quarter; {combine}"]
    return "\n".join(
        [*lines, f"Moved by mechanisms: {listed(movers)}", f"Used by interventions: {listed(measures)}"]
    )


def _parameter_lines(parameter: Parameter, indent: str) -> list[str]:
    short = parameter.name.partition(".")[2] if indent else parameter.name
    lines = [f"{indent}{short} = {shown_value(parameter.value)} ({parameter.unit})"]
    told = [
        ("range over draws", shown_range(parameter)),
        ("status", parameter.status),
        ("source", parameter.source),
    ]
    for what, words in [*told, ("note", parameter.note)]:
        lines += _paragraph(f"{indent}  {what}", words) if words else []
    return lines


def _paragraph(head: str, words: str) -> list[str]:
    """'head: words', wrapped, later lines indented below the first."""
    indent = " " * (len(head) - len(head.lstrip()) + 2)
    return textwrap.wrap(f"{head}: {' '.join(words.split())}", WIDTH, subsequent_indent=indent)


EXPLANATIONS: dict[str, Callable[[str, Path | None], str]] = {
    "intervention": _intervention,
    "mechanism": _mechanism,
    "plan": _plan,
    "governance": _governance,
    "parameter": _parameter,
    "outcome": _outcome,
    "lever": _lever,
}
