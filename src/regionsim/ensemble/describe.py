"""What a results file says about itself: region, world, plans, assumptions, published history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from regionsim.model.settings import Measure, Settings, World
from regionsim.model.story import story
from regionsim.state.parameters import STATUSES, Parameter

if TYPE_CHECKING:
    from regionsim.data.tables import RegionTables

BREXIT_TITLES = {
    "none": ("no Brexit", "geen brexit"),
    "tca": ("Brexit as it happened", "brexit zoals hij kwam"),
    "hard": ("hard Brexit", "harde brexit"),
}
AGEING_TITLES = {
    "central": ("", ""),
    "fast": ("; people live longer than expected", "; mensen leven langer dan verwacht"),
    "slow": ("; people live less long than expected", "; mensen leven minder lang dan verwacht"),
}
COVID_TITLES = {
    "observed": ("", ""),
    "none": ("; no pandemic", "; geen pandemie"),
}
DOSE_SOURCE = "the plan gives no amounts"


def describe(scenarios: Sequence[Settings], tables: RegionTables) -> dict[str, Any]:
    """Attributes of the collected dataset, as plain values (the report and the summary read them)."""
    first = scenarios[0]
    region = tables["region"].set_index("key")["value"]
    plans = first.plans[1:]
    measures = [(plan.name, measure) for plan in plans for measure in plan.measures]
    known = first.parameters.blocks.get("institutions", {})
    overhead = float(known["overhead"].value) if "overhead" in known else 0.0  # type: ignore[arg-type]
    return {
        "region": {key: str(region[key]) for key in ("name", "title_en", "title_nl")},
        "worlds": [settings.world.name for settings in scenarios],  # as they were asked for, the first to compare with
        "world": {settings.world.name: _world(settings.world) for settings in scenarios},
        "plan_start": {plan.name: plan.start for plan in plans},
        "plan_titles": {plan.name: {"en": plan.title_en, "nl": plan.title_nl} for plan in plans},
        "measures": [{"plan": plan, **_measure(measure, overhead)} for plan, measure in measures],
        "labels": labels(tables),
        "assumptions": assumptions(scenarios),
        "history": history(tables),
    }


def assumptions(scenarios: Sequence[Settings]) -> list[dict[str, Any]]:
    """Every number the run was told, with unit, source and status; doses and unit costs of measures included.

    A number that is another one in another world stands there once more, with the world's name.
    """
    rows = {_as_key(row): row for row in _told(scenarios[0])}
    for settings in scenarios[1:]:
        rows |= {
            key: {**row, "world": settings.world.name}
            for key, row in ((_as_key(row), row) for row in _told(settings))
            if key not in rows
        }
    return list(rows.values())


def _as_key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["name"], str(row["value"])


def _told(settings: Settings) -> list[dict[str, Any]]:
    rows = [_row(parameter) for parameter in settings.parameters]
    for measure in (measure for plan in settings.plans for measure in plan.measures):
        rows += [_row(parameter) for parameter in measure.parameters]
        told = {"dose": (measure.dose, measure.unit), "unit_cost_eur": (measure.unit_cost_eur, "EUR")}
        for name, (value, unit) in told.items():
            row = {"name": f"{measure.name}.{name}", "value": value, "unit": unit}
            rows.append({**row, "status": "assumption", "source": DOSE_SOURCE})
    return rows


def labels(tables: RegionTables) -> dict[str, dict[str, dict[str, str]]]:
    """Names of places and sectors by dim and code, in the report's languages."""
    of = tables.labels
    places = {
        "municipality": zip(of.municipalities, of.municipality_names, of.municipality_names, strict=True),
        "arrondissement": zip(
            of.arrondissements, of.arrondissement_names, of.arrondissement_names, strict=True
        ),
        "sector": zip(of.sectors, of.sector_names_en, of.sector_names_nl, strict=True),
    }
    return {dim: {code: {"en": en, "nl": nl} for code, en, nl in rows} for dim, rows in places.items()}


def history(tables: RegionTables) -> dict[str, dict[str, float]]:
    """Published series in the run's own concept: census level in the first year, then the survey's change.

    Empty where the tables have no such series.
    """
    people, survey = tables["census_people"], tables["labour_history"]
    level = float(people.loc[people["activity"] == "employed", "persons"].sum())
    employed = survey[survey["indicator"] == "employed"].set_index("year")["value"].dropna()
    census_year = int(str(tables["region"].set_index("key")["value"]["census_day"])[:4])
    if census_year not in employed.index:
        return {}
    since = employed[employed.index >= census_year] / float(employed[census_year])
    return {"employed_residents": {str(year): level * float(index) for year, index in since.items()}}


def _world(world: World) -> Mapping[str, str]:
    parts = BREXIT_TITLES[world.brexit], COVID_TITLES[world.covid], AGEING_TITLES[world.ageing]
    titles = ["".join(part[i] for part in parts) for i in (0, 1)]
    english, dutch = (title[:1].upper() + title[1:] for title in titles)
    forms = {key: value for key, value in asdict(world).items() if key != "name"}
    return {"title_en": english, "title_nl": dutch, **forms}


def _measure(measure: Measure, overhead: float) -> dict[str, Any]:
    statuses = [parameter.status for parameter in measure.parameters]
    return {
        "measure": measure.name,
        "title_en": measure.title_en,
        "title_nl": measure.title_nl,
        "pillar": measure.pillar,
        "evidence": measure.evidence,
        "expected": measure.expected,
        "story": story(measure, overhead),
        "covers": list(measure.covers),
        "indivisible": measure.indivisible,
        "project_eur": measure.project_eur,
        "status": max(statuses, key=STATUSES.index, default="assumption"),  # as weak as its weakest parameter
        "dose": measure.dose,
        "unit": measure.unit,
        "unit_cost_eur": measure.unit_cost_eur,
    }


def _row(parameter: Parameter) -> dict[str, Any]:
    value = list(parameter.value) if isinstance(parameter.value, tuple) else parameter.value
    return {
        "name": parameter.name,
        "value": value,
        "unit": parameter.unit,
        "status": parameter.status,
        "source": parameter.source,
    }
