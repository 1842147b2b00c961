"""`regionsim explain KIND/NAME`: mechanism, levers, parameters, evidence and assumptions in full."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from inspect import cleandoc
from pathlib import Path

from regionsim.cli.arguments import add_config_dir, parser
from regionsim.cli.catalogue import (
    EXPLAINED,
    all_parameters,
    measures_of,
    names_of,
    read_yaml,
    shown_range,
    shown_value,
)
from regionsim.cli.configs import options
from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.parameters import Parameter, parse_parameters

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
    from regionsim.interventions import MECHANISMS, levers_of
    from regionsim.state.levers import LEVERS

    file = options("intervention", config_dir)[name]
    raw = read_yaml(file)
    kind = MECHANISMS.get(str(raw.get("mechanism")))
    about = cleandoc(kind.__doc__ or "") if kind else "does not exist"
    lines = [f"{raw.get('title_en')} / {raw.get('title_nl')} (pillar {raw.get('pillar')})", str(file), ""]
    lines += _paragraph("Mechanism", f"{raw.get('mechanism')}. {about}")
    lines += ["", "Levers it may move"]
    for lever in sorted(levers_of(str(raw.get("mechanism")), raw.get("effects"))):
        lines += _paragraph(f"  {lever}", LEVERS[lever].meaning)
    dose, cost, length = (shown_value(raw.get(key)) for key in ("dose", "unit_cost_eur", "quarters"))
    lines += ["", f"Dose: {dose} {raw.get('unit')}, for {length} quarters; {cost} EUR a unit (assumptions)"]
    settings = raw.get("settings") or {}
    lines += [f"Rule: {key} = {shown_value(value)}" for key, value in settings.items()]
    parameters = list(parse_parameters({name: raw.get("parameters", {})}, str(file)))
    lines += ["", "Parameters", *(line for p in parameters for line in _parameter_lines(p, "  "))]
    lines += ["", *_paragraph("Evidence", str(raw.get("evidence"))), ""]
    assumed = [p.name.partition(".")[2] for p in parameters if p.status == "assumption"]
    lines += _paragraph("Assumptions", listed([*assumed, "dose", "unit cost"]))
    return "\n".join(lines)


def _plan(name: str, config_dir: Path | None) -> str:
    file = options("plan", config_dir)[name]
    raw = read_yaml(file)
    lines = [f"{raw.get('title_en')} / {raw.get('title_nl')}", str(file), "", f"Starts {raw.get('start')}"]
    known = options("intervention", config_dir)
    for measure, option in measures_of(raw).items():
        told = read_yaml(known[option]) if option in known else {}
        dose = f"{shown_value(told.get('dose'))} {told.get('unit')} for {told.get('quarters')} quarters"
        lines.append(f"  {measure}: {told.get('title_en')}; {dose}; regionsim explain intervention/{option}")
    comments = [
        line[1:].strip() for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    ]
    return "\n".join([*lines, "", *comments])


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
    "plan": _plan,
    "parameter": _parameter,
    "outcome": _outcome,
    "lever": _lever,
}
