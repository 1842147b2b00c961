"""`regionsim validate`: run the baseline, hold it against the facts, the pandemic and history, write what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regionsim.data.tables import load_region
from regionsim.model.settings import Settings
from regionsim.validation.evidence import Evidence
from regionsim.validation.facts import FactResult, judge
from regionsim.validation.files import as_content, write_json, write_tables
from regionsim.validation.history import compare, score
from regionsim.validation.indicators import Indicator, judge_indicators
from regionsim.validation.promises import Promise, promises
from regionsim.validation.runs import run_draws, workers_for
from regionsim.validation.table import load_facts


@dataclass(frozen=True)
class Found:
    """What a validation found, as objects and as plain values, and the files that hold it."""

    facts: list[FactResult]
    indicators: list[Indicator]
    promised: list[Promise]
    content: dict[str, Any]
    files: list[Path]

    @property
    def kept(self) -> bool:
        """Whether every promise is kept."""
        return all(promise.kept for promise in self.promised)


def validate(
    settings: Settings, folder: Path, json_path: Path | None = None, say: Callable[[str], None] = print
) -> Found:
    """Run the draws to the last year of the facts, judge every row, write the tables (and JSON at `json_path`)."""
    facts = load_facts()
    settings = replace(settings, horizon=f"{last_year()}Q4")
    say(f"running {settings.draws} draws at scale {settings.scale:g} to {settings.horizon}, with their branches")
    setup, runs = run_draws(settings, workers_for(settings.draws), say)
    tables = load_region(settings.region)  # what is known today, also where the model knew less (as_of)
    evidence = Evidence(tables, setup.quarters, runs)
    judged, indicators = judge(facts, evidence), judge_indicators(evidence)
    years = compare(tables, runs)
    history = score(tables, years)
    promised = promises(judged, history)
    about = {
        "region": tables.name,
        "world": settings.world.name,
        "scale": settings.scale,
        "draws": settings.draws,
        "as_of": settings.as_of,
        "first": settings.first,
        "horizon": settings.horizon,
    }
    content = as_content(about, judged, indicators, history, promised)
    files = write_tables(folder, content, years)
    if json_path is not None:
        files.append(write_json(json_path, content))
    return Found(judged, indicators, promised, content, files)


def last_year() -> int:
    """The last year that any fact needs."""
    return max(part.year for fact in load_facts() for part in fact.parts)
