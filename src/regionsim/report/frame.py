"""The frame of every page: sections and charts in one file, nothing loaded from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import jinja2
import vl_convert

from regionsim.report.charts import CONFIG
from regionsim.report.content import Section
from regionsim.report.text import Texts


@dataclass(frozen=True)
class Frame:
    """Title of the window, the line above the heading, and a warning below it where there is one."""

    title: str
    eyebrow: str
    warning: str = ""


def framed(frame: Frame, sections: Sequence[Section], t: Texts) -> str:
    """The page as HTML text; the first section is its head."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("regionsim.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    charts = {chart.id: chart.spec for section in sections for chart in section.charts}
    embedded = {"charts": charts, "config": CONFIG, "locale": t.number_locale}
    page = environment.get_template("page.html")
    return page.render(t=t, frame=frame, sections=sections, specs=_inline_json(embedded), bundle=chart_library())


def _inline_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in; NaN stops the page here, not in a browser."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def vegalite_version() -> str:
    """The version of Vega-Lite of the charts, as vl_convert offers it."""
    wanted = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    offered: list[str] = vl_convert.get_vegalite_versions()
    return wanted if wanted in offered else offered[-1]


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that sets window.vegaEmbed, in the version of the charts."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vegalite_version())
    return bundle.replace("</script", "<\\/script")
