"""The page of a forecast in a real browser: every chart draws its marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from regionsim.report.forecast.page import build_forecast_page
from tests.browser.test_report_renders import charts, marks, pytestmark, rendered
from tests.fixtures.forecasts import NAMES, drivers_made_up, evidence_made_up, forecast_made_up

__all__ = ["pytestmark"]  # chromium, or REGIONSIM_NO_BROWSER


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_chart_draws_its_marks(tmp_path: Path, language: str) -> None:
    page = build_forecast_page(
        forecast_made_up(), evidence_made_up(), drivers_made_up(), tmp_path / "forecast.html", language
    )
    drawn = charts(rendered(page, tmp_path / "profile"))
    assert set(drawn) == {*(f"fan-{i}" for i in range(len(NAMES))), "coverage", "pit", "relative"}
    for name, chart in drawn.items():
        assert chart.count("<svg") == 1 and "failed" not in chart, name
    for i in range(len(NAMES)):
        assert (marks(drawn[f"fan-{i}"], "area"), marks(drawn[f"fan-{i}"], "line")) == (3, 2)
    assert (marks(drawn["coverage"], "line"), marks(drawn["coverage"], "symbol")) == (2, 24)
    assert marks(drawn["pit"], "rect") == 10
    assert marks(drawn["relative"], "symbol") == len(NAMES)
