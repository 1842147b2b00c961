"""One self-contained page out of a collected dataset: its sections in order, in the frame of every page."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from regionsim.analysis.paired import RELIABLE_DRAWS
from regionsim.report.frame import Frame, framed
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
    """Write the page about one plan in one world of `ds` and return its path.

    Default: the plan of which all others are parts, else the first, in the world that was asked for first.
    `language` is 'en' or 'nl'. The file needs no network and appears whole or not at all. InputError for an unknown
    language, plan or world.
    """
    view = make_view(ds, language, plan, world)
    return write_text(out_path, render(view))


def render(view: View) -> str:
    """The page as HTML text."""
    t = view.text
    sections = [section for section in (make(view) for make in SECTIONS) if section is not None]
    frame = Frame(
        title=t("title", plan=view.plan_title(), region=view.region_title)
        if view.plan
        else t("title_baseline", region=view.region_title),
        eyebrow=t("eyebrow", region=view.region_title, world=view.world_title(view.world), n=view.draws),
        warning=t("few_draws", n=view.draws, enough=RELIABLE_DRAWS) if view.few_draws else "",
    )
    return framed(frame, sections, t)
