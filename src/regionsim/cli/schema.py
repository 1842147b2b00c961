"""The keys a configuration may have and the values they may take; unknown keys are faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from regionsim.ensemble.engines import EngineSettings
from regionsim.model.settings import Governance
from regionsim.state.bodies import CATEGORIES_OF_ACTION, DOMAINS, INSTRUMENTS, KINDS
from regionsim.state.calendar import ordinal
from regionsim.state.errors import did_you_mean, listed
from regionsim.state.people import ACTIVITIES, EDUCATION


def _quarter(text: str) -> str:
    try:
        ordinal(text)
    except Exception as error:
        raise ValueError(str(error)) from None
    return text


# The description of every field says which values are allowed: it is what the user reads when one is not.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]+$", description="letters, digits, _ and -")]
Text = Annotated[str, Field(min_length=1, description="a text that is not empty")]
Quarter = Annotated[str, AfterValidator(_quarter), Field(description="a quarter like 2027Q1")]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False, description="a number, 0 or more")]
Count = Annotated[int, Field(ge=1, description="a whole number, 1 or more")]
Natural = Annotated[int, Field(ge=0, description="a whole number, 0 or more")]
Scale = Annotated[float, Field(gt=0, le=1, description="a number above 0 and at most 1")]
Switch = Annotated[bool, Field(strict=True, description="true or false")]
Entries = Annotated[dict[str, Any], Field(description="keys with their values")]


class Section(BaseModel):
    """A part of the configuration; no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RegionSection(Section):
    """Which tables, and the quarter of their census day."""

    name: Name
    tables: Text
    first: Quarter


class WorldSection(Section):
    """What happens to the region whatever it does."""

    name: Name
    brexit: Literal["none", "tca", "hard"]
    covid: Literal["none", "observed"]
    ageing: Literal["central", "fast", "slow"]


class TargetSection(Section):
    """Who may be treated; every condition given must hold."""

    unit: Literal["firm", "person", "place", "region"] = "firm"
    kinds: list[Literal["employer", "own_account"]] = ["employer"]
    tags: list[Name] = []
    sectors: list[Name] = []
    least_jobs: Amount = 0
    below_jobs: Amount | None = None
    max_age_q: Natural | None = None
    on_park: Switch = False
    activities: list[Literal[*ACTIVITIES]] = []  # type: ignore[valid-type]
    education: list[Literal[*EDUCATION]] = []  # type: ignore[valid-type]
    from_age: Natural = 0
    until_age: Natural | None = None
    seeks_from_q: Natural = 0
    technical: Switch = False
    subregion: Annotated[str, Field(description="a tag of municipalities.csv")] = ""
    coast: Switch = False
    at: list[Name] = []


class MeasureSection(Section):
    """One intervention of a plan (group intervention)."""

    mechanism: Text
    title_en: Text
    title_nl: Text
    pillar: Text
    domain: Literal[*DOMAINS]  # type: ignore[valid-type]
    dose: Amount
    unit: Text
    quarters: Count
    unit_cost_eur: Amount
    evidence: Text
    expected: Text = "not stated"
    covers: list[Text] = []
    categories: dict[Literal[*CATEGORIES_OF_ACTION], Amount] = {"shares_cost": 1.0}  # type: ignore[valid-type]
    actor: Literal[*KINDS] = "development_agency"  # type: ignore[valid-type]
    steering: Literal["finance", "regulation", "coordination", "data"] = "finance"
    period: Literal["quarter", "year"] = "quarter"
    own_funds_eur: Amount = 0
    project_eur: Amount = 0
    cooperative: Switch = False
    coalition: Annotated[str, Field(description="the code of a coalition of institutions.csv")] = ""
    cross_border: Switch = False
    supra_local: Switch = True
    regional: Switch = True
    added_value: Annotated[float, Field(ge=0, le=1, description="a number from 0 to 1")] = 0.5
    effects: Annotated[dict[str, str], Field(description="levers, each with the parameter that moves it")] = {}
    target: TargetSection = TargetSection()
    settings: Entries = {}
    parameters: Entries = {}


class GovernanceSection(Section):
    """The rules of a plan (group governance)."""

    instruments: list[Literal[*INSTRUMENTS]] = list(Governance.instruments)  # type: ignore[valid-type]
    early: Switch = Governance.early
    partners: Natural | None = Governance.partners
    partners_needed: Natural = Governance.partners_needed
    mandate: Switch = Governance.mandate
    selective: Switch = Governance.selective
    bundled: Switch = Governance.bundled
    quality: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=Governance.quality, description="a number above 0 and at most 1, or null"
    )
    transition: Switch = Governance.transition
    review_q: Natural = Governance.review_q


class PlanSection(Section):
    """A plan; its dose multiplies the dose of every measure."""

    name: Name
    title_en: Text
    title_nl: Text
    start: Quarter
    dose: Amount
    budget_eur: Amount | None = None
    budget_quarters: Count = 12
    parts: Annotated[Literal["pillar", "domain", "measure"], Field(description="pillar, domain, measure")] | None = None
    orders: Annotated[int, Field(ge=2, multiple_of=2, description="an even number, 2 or more")] = 8
    governance: GovernanceSection = GovernanceSection()
    measures: dict[str, MeasureSection]


class EnsembleSection(Section):
    """Sample size, draws, horizon, and whether the variance is split."""

    scale: Scale
    draws: Count
    first_draw: Natural
    seed: Natural
    horizon: Quarter
    as_of: Quarter | None
    foresight: Switch
    variance_split: Switch


class DesignSection(Section):
    """Points of the priors to run at, instead of random draws."""

    method: Literal["none", "morris", "sobol", "random"]
    number: Count
    repeats: Count
    by: Literal["block", "parameter"]
    parameters: Annotated[list[str], Field(description="a list of blocks or of single parameters")]


class SlurmSection(Section):
    """What SLURM is asked for, for every worker."""

    queue: str | None = None
    account: str | None = None
    walltime: Text = "04:00:00"
    memory: Text = "2GB"
    job_extra_directives: Annotated[list[str], Field(description="lines for #SBATCH")] = []


class EngineSection(Section):
    """Where units are computed."""

    kind: Literal["serial", "processes", "dask", "slurm"]
    workers: Annotated[int, Field(ge=1)] | None = Field(
        description="a whole number, 1 or more, or null: one per core"
    )
    memory_gb: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="a number above 0, or null: what is free"
    )
    address: Annotated[str, Field(pattern=r"^(tcp|tls|ucx|ws|wss)://.+")] | None = Field(
        default=None, description="the address of a Dask scheduler such as tcp://host:8786, or null"
    )
    slurm: SlurmSection = SlurmSection()

    @property
    def settings(self) -> EngineSettings:
        """What the ensemble is told."""
        slurm = self.slurm.model_dump()
        return EngineSettings(self.kind, self.workers, self.memory_gb, self.address, slurm)


class ReportSection(Section):
    """The page."""

    language: Literal["en", "nl"]


class Scenario(Section):
    """The whole configuration; parameter blocks are checked by state/parameters.py."""

    output: Text
    name: Annotated[
        str, Field(min_length=1, pattern=r"^[^/\\]+$", description="a folder name without / or \\")
    ]
    region: RegionSection
    world: WorldSection
    plan: PlanSection
    parameters: Entries
    ensemble: EnsembleSection
    design: DesignSection
    engine: EngineSection
    report: ReportSection


def faults_of(error: ValidationError) -> list[str]:
    """One line per fault: the key as one would override it, what it is, what is allowed."""
    return [_fault(fault) for fault in error.errors(include_url=False)]


def _fault(fault: Any) -> str:
    path = [str(part) for part in fault["loc"]]
    key = ".".join(path)
    if fault["type"] == "extra_forbidden":
        allowed = list(_keys_at(path[:-1]))
        return f"{key}: unknown key{did_you_mean(path[-1], allowed)}; allowed: {listed(allowed)}"
    if fault["type"] == "missing":
        return f"{key}: is missing; allowed: {_allowed(path)}"
    meant = did_you_mean(str(fault["input"]), _words(path))
    return f"{key}: got {_shown(fault['input'])}{meant}; allowed: {_allowed(path)}"


def _keys_at(path: list[str]) -> Iterator[str]:
    section = _section_at(path)
    return iter(section.model_fields if section is not None else ())


def _section_at(path: list[str]) -> type[Section] | None:
    """The section that a path of keys leads to; None where it leads to no section."""
    section: type[Section] | None = Scenario
    for part in path:
        if section is PlanSection and part == "measures":
            section = None
        elif section is None:
            section = MeasureSection
        else:
            kind = section.model_fields[part].annotation
            section = kind if isinstance(kind, type) and issubclass(kind, Section) else None
    return section


def _allowed(path: list[str]) -> str:
    section = _section_at(path[:-1])
    if section is None or path[-1] not in section.model_fields:
        return f"a section with the keys {listed(_keys_at(path))}"
    field = section.model_fields[path[-1]]
    if _words(path):
        return listed(_words(path))
    described = field.description or _described(field.annotation)
    return described or f"a section with the keys {listed(_keys_at(path))}"


def _words(path: list[str]) -> tuple[str, ...]:
    """The words a field allows, if it allows only certain ones."""
    section = _section_at(path[:-1])
    field = None if section is None else section.model_fields.get(path[-1])
    kind = None if field is None else field.annotation
    return get_args(kind) if get_origin(kind) is Literal else ()


def _described(kind: Any) -> str:
    """Description of an optional type: that of the part that is not None."""
    for part in getattr(kind, "__args__", ()):
        for note in getattr(part, "__metadata__", ()):
            if getattr(note, "description", None):
                return f"{note.description}, or null"
    return ""


def _shown(value: Any) -> str:
    return "nothing (null)" if value is None else repr(value) if isinstance(value, str) else str(value)
