"""What there is to list and to explain: configuration files, outcomes, levers, parameters, processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from regionsim.cli.configs import options
from regionsim.cli.yaml_files import Stamp, read_yaml, stamp
from regionsim.state.parameters import Parameter, Parameters, parse_parameters

if TYPE_CHECKING:
    from regionsim.data.tables import RegionTables

EQUAL_BUDGET_EUR, EQUAL_BUDGET_QUARTERS = 24e6, 12  # 2.0 million EUR a quarter and measure (assumption)
EXPLAINED = ("intervention", "mechanism", "plan", "governance", "parameter", "outcome", "lever")
FEW = 6  # measures that are named in the list of plans
Files = tuple[tuple[str, Path, Stamp], ...]


@dataclass(frozen=True)
class Listing:
    """A table to print: column titles and rows of texts."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def all_parameters(config_dir: Path | None) -> Parameters:
    """The parameters of every block and of every intervention, as their files give them."""
    groups = (options(group, config_dir) for group in ("parameters", "intervention"))
    return _parameters(*(tuple((name, file, stamp(file)) for name, file in found.items()) for found in groups))


@lru_cache(maxsize=4)
def _parameters(blocks: Files, measures: Files) -> Parameters:
    raw = {name: read_yaml(file) for name, file, _ in blocks}
    raw |= {name: read_yaml(file).get("parameters", {}) for name, file, _ in measures}
    return parse_parameters(raw)


def shown_value(value: Any) -> str:
    """A parameter's value as text: up to six digits, lists shortened."""
    if isinstance(value, list | tuple):
        shown = [shown_value(item) for item in value[:6]]
        return ", ".join([*shown, "..."] if len(value) > 6 else shown)
    return f"{value:g}" if isinstance(value, float) else str(value)


def shown_range(parameter: Parameter) -> str:
    """The distribution a draw samples from, as text; 'fixed' without one."""
    if parameter.distribution is None:
        return "fixed"
    kind, numbers = parameter.distribution
    return f"{kind} {', '.join(f'{number:g}' for number in numbers)}"


def interventions(config_dir: Path | None) -> Listing:
    """Interventions: what they are, how they work, at which dose and cost."""
    rows = []
    for name, file in options("intervention", config_dir).items():
        raw = read_yaml(file)
        dose = f"{shown_value(raw.get('dose'))} {raw.get('unit')}"
        cost = f"{shown_value(raw.get('unit_cost_eur'))} EUR"
        rows.append(
            (name, str(raw.get("title_en")), str(raw.get("pillar")), str(raw.get("mechanism")), dose, cost)
        )
    return Listing(("intervention", "title", "pillar", "mechanism", "dose", "unit cost"), rows)


def measures_of(raw: Mapping[str, Any], config_dir: Path | None = None) -> dict[str, str]:
    """Measure -> file of group intervention, as a plan's defaults list names them, those of included plans first."""
    found: dict[str, str] = {}
    known = options("plan", config_dir)
    for entry in raw.get("defaults") or []:
        if isinstance(entry, str) and entry in known:
            found |= measures_of(read_yaml(known[entry]), config_dir)
        for key, option in entry.items() if isinstance(entry, dict) else ():
            group, _, package = str(key).partition("@")
            if group.strip("/ ").removeprefix("override ") in ("intervention", "/intervention"):
                found[package.removeprefix("measures.") or str(option)] = str(option)
    return found


def mechanisms(_: Path | None) -> Listing:
    """The kinds of measures: what each does."""
    from regionsim.interventions import MECHANISMS

    rows = [(name, ", ".join(sorted(kind.units)), (kind.__doc__ or "").strip().splitlines()[0])
            for name, kind in MECHANISMS.items()]  # fmt: skip
    return Listing(("mechanism", "for", "what it does"), rows)


def governance(config_dir: Path | None) -> Listing:
    """Rules under which a plan is carried out."""
    rows = []
    for name, file in options("governance", config_dir).items():
        text = file.read_text(encoding="utf-8").splitlines()
        rows.append((name, " ".join(line[1:].strip() for line in text if line.startswith("#"))))
    return Listing(("governance", "what it is"), rows)


def plans(config_dir: Path | None) -> Listing:
    """Plans: title, start, measures."""
    rows = []
    for name, file in options("plan", config_dir).items():
        raw = read_yaml(file)
        measures = list(dict.fromkeys([*measures_of(raw, config_dir), *(raw.get("measures") or {})]))
        few = ", ".join(measures) or "none"
        shown = few if len(measures) <= FEW else f"{len(measures)} measures: regionsim explain plan/{name}"
        rows.append((name, str(raw.get("title_en")), str(raw.get("start")), shown))
    return Listing(("plan", "title", "start", "measures"), rows)


def worlds(config_dir: Path | None) -> Listing:
    """Worlds: the files of the group, and the forms of each of their keys."""
    from regionsim.cli.schema import WorldSection

    allowed = {key: ", ".join(get_args(field.annotation)) for key, field in WorldSection.model_fields.items()}
    rows = []
    for name, file in options("world", config_dir).items():
        raw = read_yaml(file)
        rows += [(name, f"world.{key}", str(raw.get(key)), forms) for key, forms in allowed.items() if forms]
    return Listing(("world", "key", "value", "allowed"), rows)


def regions(config_dir: Path | None) -> Listing:
    """Regions whose tables come with regionsim or stand in a folder of the user's configuration."""
    rows = []
    for name, file in options("region", config_dir).items():
        raw = read_yaml(file)
        rows.append((name, str(raw.get("tables")), str(raw.get("first"))))
    return Listing(("region", "tables", "first quarter"), rows)


def drivers(config_dir: Path | None) -> Listing:
    """What comes from outside the default region: unit, last observation, how it goes on, what it is made of."""
    from regionsim.cli.configs import compose_settings
    from regionsim.data.tables import load_region
    from regionsim.drivers.paths import observe_drivers
    from regionsim.state.calendar import text

    settings = compose_settings(["plan=none"], config_dir)
    p = settings.parameters.central()
    tables = load_region(settings.region, settings.as_of)
    series = observe_drivers(tables, p.drivers, float(p.demography.age_at_birth_sd), settings.seed).series
    rows = [(n, s.unit, text(s.last) if len(s.values) else "none", s.model, s.source) for n, s in series.items()]
    return Listing(("driver", "unit", "last observed", "then", "made of"), rows)


def institutions(config_dir: Path | None) -> Listing:
    """Who acts in the default region, and what their places are for; every municipality acts too."""
    from regionsim.state.bodies import SERVES

    tables = _default_region(config_dir)
    name_of = dict(zip(tables.labels.municipalities, tables.labels.municipality_names, strict=True))
    rows = []
    for i in tables.institutions.astype(str).to_dict("records"):
        at, serves = name_of.get(i["municipality"], ""), SERVES[i["kind"]]
        domains = i["domains"].replace(";", ", ")
        rows.append((i["institution"], i["kind"], i["name_en"], at, serves, domains, i["status"]))
    return Listing(("institution", "kind", "name", "at", "serves", "acts in", "status"), rows)


def funds(config_dir: Path | None) -> Listing:
    """Funds that may share the cost of a measure in the default region, and their rules."""
    rows = [
        (
            str(f["fund"]), str(f["name_en"]), f"{f['cofin_rate']:.0%}", f"{f['cofin_rate_transition']:.0%}",
            f"{f['payment_lag_q']} quarters", str(f["min_partners"]), "yes" if f["cross_border_required"] else "no",
            str(f["domains"]).replace(";", ", "), str(f["status"]),
        )
        for f in _default_region(config_dir).funds.to_dict("records")
    ]  # fmt: skip
    columns = ("pays at most", "in transition", "after", "partners", "across the border", "for", "status")
    return Listing(("fund", "name", *columns), rows)


def _default_region(config_dir: Path | None) -> RegionTables:
    from regionsim.cli.configs import compose_settings
    from regionsim.data.tables import load_region

    return load_region(compose_settings(["plan=none"], config_dir).region)


def outcomes(_: Path | None) -> Listing:
    """The catalogue of outcomes."""
    from regionsim.results.outcomes import OUTCOMES

    rows = [(o.name, o.title_en, o.unit, o.kind, ", ".join(o.dims)) for o in OUTCOMES.values()]
    return Listing(("outcome", "title", "unit", "kind", "by"), rows)


def levers(_: Path | None) -> Listing:
    """What an intervention may move."""
    from regionsim.state.levers import LEVERS

    rows = [
        (n, lever.over, shown_value(lever.neutral), lever.combine, lever.meaning)
        for n, lever in LEVERS.items()
    ]
    return Listing(("lever", "over", "neutral", "combines", "meaning"), rows)


def parameters(config_dir: Path | None) -> Listing:
    """Every number of the model with unit, range, status and source."""
    rows = [
        (p.name, shown_value(p.value), p.unit, shown_range(p), p.status, p.source)
        for p in all_parameters(config_dir)
    ]
    return Listing(("parameter", "value", "unit", "range", "status", "source"), rows)


def processes(_: Path | None) -> Listing:
    """The quarter, in order."""
    from regionsim.model.quarter import QUARTER

    rows = [(str(i), p.__name__, (p.__doc__ or "").strip().splitlines()[0]) for i, p in enumerate(QUARTER, 1)]
    return Listing(("", "process", "what it does"), rows)


KINDS: dict[str, Callable[[Path | None], Listing]] = {
    "interventions": interventions,
    "mechanisms": mechanisms,
    "plans": plans,
    "governance": governance,
    "worlds": worlds,
    "regions": regions,
    "institutions": institutions,
    "funds": funds,
    "outcomes": outcomes,
    "levers": levers,
    "drivers": drivers,
    "parameters": parameters,
    "processes": processes,
}


def names_of(kind: str, config_dir: Path | None = None) -> list[str]:
    """Names that `regionsim explain KIND/NAME` knows of one kind in EXPLAINED."""
    from regionsim.interventions import MECHANISMS
    from regionsim.results.outcomes import OUTCOMES
    from regionsim.state.levers import LEVERS

    if kind == "parameter":
        return [parameter.name for parameter in all_parameters(config_dir)]
    catalogues: dict[str, Iterable[str]] = {"outcome": OUTCOMES, "lever": LEVERS, "mechanism": MECHANISMS}
    return list(catalogues.get(kind) or options(kind, config_dir))


def explained_names(config_dir: Path | None = None) -> list[str]:
    """Everything that can be explained, as KIND/NAME."""
    return [f"{kind}/{name}" for kind in EXPLAINED for name in names_of(kind, config_dir)]
