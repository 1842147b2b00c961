"""One self-contained page out of a collected dataset: sections in order, charts inside, nothing loaded from outside."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import jinja2
import vl_convert
import xarray as xr

from regionsim.analysis.paired import RELIABLE_DRAWS
from regionsim.report.charts import CONFIG
from regionsim.report.content import Section
from regionsim.report.sections.answer import answer
from regionsim.report.sections.effects import effects
from regionsim.report.sections.employment import employment
from regionsim.report.sections.graduates import graduates
from regionsim.report.sections.measures import compare, measures
from regionsim.report.sections.sources import assumptions, checks, provenance
from regionsim.report.sections.uncertainty import uncertainty
from regionsim.report.sections.who_gains import who_gains
from regionsim.report.view import View, make_view
from regionsim.results.files import write_text

SECTIONS = (
    answer,
    employment,
    effects,
    uncertainty,
    graduates,
    who_gains,
    compare,
    measures,
    assumptions,
    checks,
    provenance,
)


def build_report(
    ds: xr.Dataset, out_path: Path | str, language: str = "en", plan: str | None = None, world: str | None = None
) -> Path:
    """Write the page about one plan in one world of `ds` (default: the first of each) and return its path.

    `language` is 'en' or 'nl'. The file needs no network and appears whole or not at all. InputError for an unknown
    language, plan or world.
    """
    view = make_view(ds, language, plan, world)
    return write_text(out_path, render(view))


def render(view: View) -> str:
    """The page as HTML text."""
    sections = [section for section in (make(view) for make in SECTIONS) if section is not None]
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("regionsim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("page.html")
    return page.render(
        t=view.text,
        view=view,
        sections=sections,
        specs=_inline_json(_embedded(view, sections)),
        bundle=chart_library(),
        enough=RELIABLE_DRAWS,
    )


def _embedded(view: View, sections: list[Section]) -> dict[str, Any]:
    """What the page's script reads: every chart's specification, the common configuration, the number format."""
    charts = {chart.id: chart.spec for section in sections for chart in section.charts}
    return {"charts": charts, "config": CONFIG, "locale": view.text.number_locale}


def _inline_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in; NaN stops the page here, not in a browser."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that sets window.vegaEmbed, in the version of the charts."""
    wanted = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    offered: list[str] = vl_convert.get_vegalite_versions()
    version = wanted if wanted in offered else offered[-1]
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    return bundle.replace("</script", "<\\/script")
