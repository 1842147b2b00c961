"""Charts of a page as PNG files, in the colours of the light page."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import vl_convert

from regionsim.report.charts import CONFIG
from regionsim.report.frame import vegalite_version
from regionsim.results.files import whole_file

WIDTH, SCALE = 760, 2.0
LONGEST = 80  # bytes of a name, so that every file system takes the file's


def write_picture(spec: dict[str, Any], title: str, locale: dict[str, Any], path: Path) -> Path:
    """Draw a chart's specification with a title above it."""
    drawn = {**copy.deepcopy(spec), "width": WIDTH, "title": {"text": title, "anchor": "start", "offset": 24}}
    drawn["config"] = {**CONFIG, "background": "var(--card)", "title": {"color": "var(--ink)", "fontSize": 15}}
    text = re.sub(r"var\((--[a-z-]+)\)", lambda found: light_colours()[found[1]], json.dumps(drawn))
    png = vl_convert.vegalite_to_png(text, vl_version=vegalite_version(), scale=SCALE, format_locale=locale)
    with whole_file(path) as temporary:
        temporary.write_bytes(png)
    return path


@cache
def light_colours() -> dict[str, str]:
    """The colours of the page's style sheet before any rule for dark or print."""
    style = (resources.files("regionsim.report") / "templates" / "style.css").read_text(encoding="utf-8")
    first = style.split("}")[0]
    return dict(re.findall(r"(--[a-z-]+):\s*(#[0-9a-f]+)", first))


def file_name(series: str, taken: set[str]) -> str:
    """'fan_<series>.png' without characters that a file system refuses; names that would be the same get a mark."""
    plain = re.sub(r"[^\w.+-]+", "_", series).strip("._") or "series"
    cut = plain.encode()[:LONGEST].decode(errors="ignore")
    name = f"fan_{cut}.png"
    if cut != plain or name.lower() in taken:
        name = f"fan_{cut}-{hashlib.sha256(series.encode()).hexdigest()[:8]}.png"
    taken.add(name.lower())
    return name
