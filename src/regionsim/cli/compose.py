"""From a composed configuration to checked settings: configuration frameworks stop here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from regionsim.cli.configs import configs_folder
from regionsim.cli.schema import EngineSection, MeasureSection, ReportSection, Scenario, faults_of
from regionsim.cli.yaml_files import read_yaml
from regionsim.ensemble.designs import at_points
from regionsim.ensemble.parts import in_parts
from regionsim.ensemble.units import FEWEST_DRAWS, too_few_to_split
from regionsim.model.budget import at_budget
from regionsim.model.settings import NO_PLAN, Governance, Measure, Plan, Settings, Target, World
from regionsim.state.calendar import LAST_QUARTER, ordinal
from regionsim.state.errors import InputError, did_you_mean, listed
from regionsim.state.parameters import parse_parameters

if TYPE_CHECKING:
    from omegaconf import DictConfig


@dataclass(frozen=True)
class Job:
    """One scenario to run: what is computed, by which engine, reported in which language, written where."""

    name: str
    output: str
    settings: Settings
    engine: EngineSection
    report: ReportSection
    config: Mapping[str, Any]  # the resolved configuration, plain values

    @property
    def folder(self) -> Path:
        """Folder of the results, absolute."""
        return (Path(self.output) / self.name).expanduser().resolve()


def job_of(config: DictConfig) -> Job:
    """Checked job of a composed configuration (Hydra's own part may be in it). Raises InputError with every fault."""
    plain = plain_values(config)
    faults = _parameter_faults(plain) + _length_faults(plain) + _mechanism_faults(plain)
    try:
        scenario = Scenario.model_validate(plain)
    except ValidationError as error:
        raise config_error(faults_of(error) + faults) from None
    for check in (_order_faults, _foresight_faults, _split_faults, _category_faults):
        faults = check(scenario) + faults
    if faults:
        raise config_error(faults)
    plans = _plans(scenario)
    settings = Settings(
        region=_region(scenario.region.tables),
        parameters=parse_parameters(scenario.parameters),
        world=World(**scenario.world.model_dump()),
        plans=(NO_PLAN, *plans),
        first=scenario.region.first,
        **scenario.ensemble.model_dump(),
    )
    if scenario.design.method != "none":
        chosen = scenario.design
        settings = at_points(
            settings, chosen.method, chosen.number, chosen.repeats, chosen.by, chosen.parameters
        )
    return Job(scenario.name, scenario.output, settings, scenario.engine, scenario.report, plain)


def plain_values(config: DictConfig) -> dict[str, Any]:
    """Interpolations resolved, no framework types, without Hydra's part. Raises InputError for what has no value."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    if "hydra" in config:
        HydraConfig.instance().set_config(config)
    plain = dict[str, Any]()
    try:
        for key in map(str, config):
            if key != "hydra":
                value = config[key]
                nested = OmegaConf.is_config(value)
                plain[key] = OmegaConf.to_container(value, resolve=True, throw_on_missing=True) if nested else value
    except OmegaConfBaseException as error:
        raise InputError(
            str(getattr(error, "full_key", "configuration")), str(error).splitlines()[0]
        ) from None
    return plain


def config_error(faults: list[str]) -> InputError:
    """All faults of a configuration as one error; a single one carries its key itself."""
    if len(faults) == 1 and ": " in faults[0]:
        where, _, what = faults[0].partition(": ")
        return InputError(where, what)
    return InputError("configuration", faults)


def lines_of(error: InputError) -> list[str]:
    """The faults of a configuration error, each with its key."""
    return (
        list(error.faults)
        if error.where == "configuration"
        else [f"{error.where}: {f}" for f in error.faults]
    )


def _parameter_faults(plain: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parameters, those of the plan's measures included."""
    blocks = {"parameters": plain.get("parameters")}
    blocks |= {
        f"plan.measures.{name}": {"parameters": raw.get("parameters", {})} for name, raw in _measures(plain)
    }
    faults = []
    for where, block in blocks.items():
        try:
            parse_parameters(block if isinstance(block, Mapping) else {})
        except InputError as error:
            faults += [f"{where}: {fault}" for fault in error.faults]
    return faults


def _length_faults(plain: Mapping[str, Any]) -> list[str]:
    """Parameters with more or fewer numbers than those that come with regionsim, which the model counts on."""
    faults = []
    blocks = plain.get("parameters")
    for block, entries in (blocks.items() if isinstance(blocks, Mapping) else ()):
        for name, wanted in _lengths(str(block)).items():
            entry = entries.get(name) if isinstance(entries, Mapping) else None
            value = entry.get("value") if isinstance(entry, Mapping) else None
            if value is not None and _length(value) != wanted:
                allowed = "a number" if wanted is None else f"a list of {wanted} numbers"
                faults.append(f"parameters.{block}.{name}.value: got {value}; allowed: {allowed}")
    return faults


@cache
def _lengths(block: str) -> dict[str, int | None]:
    """How many numbers each parameter of a block of regionsim's own has; None for one that is no list."""
    file = configs_folder() / "parameters" / f"{block}.yaml"
    own = read_yaml(file) if file.is_file() else {}
    return {name: _length(fields["value"]) for name, fields in own.items()}


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, list | tuple) else None


def _mechanism_faults(plain: Mapping[str, Any]) -> list[str]:
    """Measures whose mechanism does not exist, or that give it something else than it takes."""
    from regionsim.interventions import MECHANISMS

    faults = []
    for name, raw in _measures(plain):
        where, mechanism = f"plan.measures.{name}", raw.get("mechanism")
        if mechanism in MECHANISMS:
            faults += _measure_faults(where, raw, mechanism, MECHANISMS[mechanism])
        elif isinstance(mechanism, str):
            hint = did_you_mean(mechanism, MECHANISMS)
            faults.append(f"{where}.mechanism: got '{mechanism}'{hint}; allowed: {listed(MECHANISMS)}")
    return faults


def _measure_faults(where: str, raw: Mapping[str, Any], mechanism: str, kind: Any) -> list[str]:
    """What is wrong with the levers, settings, parameters and target of a measure, by its mechanism."""
    effects, target = raw.get("effects") or {}, raw.get("target") or {}
    levers = [str(lever) for lever in effects] if isinstance(effects, Mapping) else []
    faults = [
        f"{where}.effects.{lever}: mechanism '{mechanism}' may not move it{did_you_mean(lever, kind.may_move)}; "
        f"allowed: {listed(sorted(kind.may_move)) or 'none'}"
        for lever in levers
        if lever not in kind.may_move
    ]
    unit = target.get("unit", "firm") if isinstance(target, Mapping) else None
    if unit is not None and unit not in kind.units:
        faults.append(f"{where}.target.unit: got '{unit}'; mechanism '{mechanism}' takes: {listed(sorted(kind.units))}")
    required = [key for key, value in kind.settings.items() if value is None]
    faults += _other_keys(f"{where}.settings", raw.get("settings", {}), tuple(kind.settings), required, mechanism)
    named = [str(effects[lever]) for lever in levers]
    needs = tuple(dict.fromkeys((*kind.needs, *named)))
    given = raw.get("parameters", {})
    return faults + _other_keys(f"{where}.parameters", given, (*needs, *kind.may_have), needs, mechanism)


def _other_keys(where: str, given: Any, takes: Sequence[str], needs: Sequence[str], mechanism: str) -> list[str]:
    """Keys that a mechanism needs and does not get, or gets and does not take."""
    if not isinstance(given, Mapping):
        return []
    keys = [str(key) for key in given]
    words = f"mechanism '{mechanism}' takes: {listed(takes) or 'none'}"
    unknown = [f"{where}.{key}: unknown key{did_you_mean(key, takes)}; {words}" for key in keys if key not in takes]
    return unknown + [f"{where}.{key}: is missing; {words}" for key in needs if key not in keys]


def _measures(plain: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The plan's measures as far as they have the right form; the form itself is checked by the schema."""
    plan = plain.get("plan")
    measures = plan.get("measures") if isinstance(plan, Mapping) else None
    entries = measures.items() if isinstance(measures, Mapping) else ()
    return [(str(name), raw) for name, raw in entries if isinstance(raw, Mapping)]


def _region(tables: str) -> str | Path:
    """A name stays a name; what looks like a folder becomes an absolute path."""
    path = Path(tables).expanduser()
    return path.resolve() if path.name != tables or path.is_dir() else tables


def _order_faults(scenario: Scenario) -> list[str]:
    """Quarters must follow one another: first, then the plan, then the horizon."""
    first, horizon = ordinal(scenario.region.first), ordinal(scenario.ensemble.horizon)
    faults = []
    after = f"allowed: a quarter after region.first, {scenario.region.first}"
    if not first < horizon <= ordinal(LAST_QUARTER):
        faults.append(f"ensemble.horizon: got {scenario.ensemble.horizon}; {after}, and up to {LAST_QUARTER}")
    elif scenario.plan.measures and not first < ordinal(scenario.plan.start) <= horizon:
        until = f"and up to ensemble.horizon, {scenario.ensemble.horizon}"
        faults.append(f"plan.start: got {scenario.plan.start}; {after}, {until}")
    if scenario.plan.name == NO_PLAN.name and scenario.plan.measures:
        faults.append(f"plan.name: '{NO_PLAN.name}' is the plan without measures; allowed: any other name")
    return faults


def _foresight_faults(scenario: Scenario) -> list[str]:
    """A replay needs a quarter after which the rest knows nothing."""
    if scenario.ensemble.foresight and scenario.ensemble.as_of is None:
        return ["ensemble.foresight: got true without ensemble.as_of; allowed: with a quarter such as 2014Q4 there"]
    return []


def _split_faults(scenario: Scenario) -> list[str]:
    """To split the variance, there must be draws that have nothing in common."""
    ensemble = scenario.ensemble
    if ensemble.variance_split and scenario.design.method != "none":
        return ["ensemble.variance_split: got true with a design; allowed: true with design=none"]
    if ensemble.variance_split and ensemble.draws < FEWEST_DRAWS:
        return [f"ensemble.draws: {too_few_to_split(ensemble.draws)}"]
    return []


def _category_faults(scenario: Scenario) -> list[str]:
    """The agency's roles in a measure are shares of one."""
    return [
        f"plan.measures.{name}.categories: got {dict(section.categories)}; allowed: shares that add up to 1"
        for name, section in scenario.plan.measures.items()
        if abs(sum(section.categories.values()) - 1.0) > 1e-9
    ]


def _plans(scenario: Scenario) -> tuple[Plan, ...]:
    """The plan beside 'none', or the plans that its division into parts asks for."""
    chosen = scenario.plan
    measures = tuple(_measure(name, section, chosen.dose) for name, section in chosen.measures.items())
    rules = chosen.governance.model_dump()
    governance = Governance(**{**rules, "instruments": tuple(rules["instruments"])})
    plan = Plan(chosen.name, chosen.start, measures, chosen.title_en, chosen.title_nl, governance)
    if plan.name == NO_PLAN.name:
        return ()
    budgeted = _budgeted(scenario)
    return (budgeted(plan),) if chosen.parts is None else in_parts(plan, chosen.parts, chosen.orders, budgeted)


def _budgeted(scenario: Scenario) -> Callable[[Plan], Plan]:
    """What sets the doses of a plan, or of a part of it, by its budget."""
    eur, quarters = scenario.plan.budget_eur, scenario.plan.budget_quarters
    if eur is None:
        return lambda plan: plan
    overhead = float(scenario.parameters["institutions"]["overhead"]["value"])
    return lambda plan: at_budget(plan, eur, quarters, overhead)


def measure_of_file(name: str, file: Path) -> Measure:
    """The measure of one file of group intervention. Raises InputError with what is wrong with it."""
    try:
        return _measure(name, MeasureSection.model_validate(read_yaml(file)), 1.0)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)]
        raise InputError(str(file), faults) from None


def _measure(name: str, section: MeasureSection, factor: float) -> Measure:
    values = section.model_dump()
    values["dose"] = section.dose * factor
    values["covers"] = tuple(section.covers)
    values["parameters"] = parse_parameters({name: section.parameters})
    target: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values["target"].items()
    }
    values["target"] = Target(**target)
    return Measure(name=name, **values)
