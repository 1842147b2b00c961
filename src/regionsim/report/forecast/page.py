"""One self-contained page about a forecast."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from regionsim.report.forecast.evidence import Evidence
from regionsim.report.forecast.outlook import Outlook
from regionsim.report.forecast.pictures import file_name, write_picture
from regionsim.report.forecast.scores import scores
from regionsim.report.forecast.sections import answer, fan_spec, fans, inputs, method, verdicts
from regionsim.report.frame import Frame, framed
from regionsim.report.text import Texts
from regionsim.results.files import write_text

SECTIONS = (answer, verdicts, fans, scores, inputs, method)


def build_forecast_page(
    ds: xr.Dataset, evidence: Evidence | None, drivers: xr.Dataset | None, out_path: Path, language: str = "en"
) -> Path:
    """Write the page and return its path; it needs no network and appears whole or not at all.

    ds: value(series, draw, period) with its history; evidence: None without a backtest; drivers: a region's
    value(driver, draw, quarter), for the list of what drives it. InputError for an unknown language.
    """
    view = Outlook(ds, Texts(language), evidence, drivers)
    t = view.text
    sections = [section for section in (make(view) for make in SECTIONS) if section is not None]
    head = t("forecast_eyebrow", source=str(ds.attrs["source"]), draws=ds.sizes["draw"])
    return write_text(out_path, framed(Frame(sections[0].title, head), sections, t))


def write_pictures(ds: xr.Dataset, folder: Path, language: str = "en") -> list[Path]:
    """A PNG of every series' fan chart."""
    view = Outlook(ds, Texts(language))
    taken: set[str] = set()
    names = {name: file_name(name, taken) for name in view.series}
    locale = view.text.number_locale
    return [write_picture(fan_spec(view, name), name, locale, folder / file) for name, file in names.items()]
