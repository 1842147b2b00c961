"""The page in a real browser: every chart draws its marks, nothing fails, nothing is fetched."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import xarray as xr

from regionsim.report.build import build_report
from tests.fixtures.results import synthetic, with_split

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("REGIONSIM_NO_BROWSER" in os.environ, reason="REGIONSIM_NO_BROWSER is set"),
]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=15000",
    "--window-size=1200,3000",
)


def rendered(page: Path, profile: Path) -> str:
    """The document as Chromium holds it after running the page's scripts."""
    browser = shutil.which("chromium")
    assert browser is not None, "chromium is not installed: run `make browser`, or set REGIONSIM_NO_BROWSER=1 to skip"
    command = [browser, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    return done.stdout


def charts(document: str) -> dict[str, str]:
    """The inside of each chart's place, by the chart's name."""
    figures = [figure.split("</figure>")[0] for figure in document.split("<figure")[1:]]
    return {re.findall(r"data-chart=\"([^\"]+)\"", figure)[0]: figure for figure in figures}


def marks(chart: str, kind: str) -> int:
    """Number of drawn shapes of a kind of mark ('area', 'line', 'symbol', 'rect', 'rule')."""
    groups = re.findall(rf'<g class="mark-{kind} role-mark[^>]*>(.*?)</g>', chart, flags=re.DOTALL)
    return sum(len(re.findall(r"<(?:path|line)\b[^>]*>", group)) for group in groups)


@pytest.fixture(scope="module")
def ds(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    return synthetic(tmp_path_factory.mktemp("results"), 9, first="2017Q1", last="2029Q4")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_chart_draws_its_marks(ds: xr.Dataset, tmp_path: Path, language: str) -> None:
    document = rendered(build_report(ds, tmp_path / "report.html", language), tmp_path / "profile")
    drawn = charts(document)
    assert len(drawn) >= 15
    for name, chart in drawn.items():
        assert chart.count("<svg") == 1, name
        assert "failed" not in chart, name
        width = float(re.findall(r"<svg[^>]*? width=\"([\d.]+)\"", chart)[0])
        assert width > 200, name
    fan = drawn["employment-fan"]
    assert marks(fan, "area") == 3
    assert marks(fan, "line") == 2
    assert marks(fan, "symbol") == 2  # the observed years within the data: 2017 and 2018
    for name, chart in drawn.items():
        if name.startswith("effect-"):
            assert marks(chart, "symbol") == 3, name  # after 1, 3 and 7 years
        if name.startswith("graduates-"):
            assert (marks(chart, "area"), marks(chart, "line")) == (2, 2), name
        if name.startswith("difference-"):
            assert (marks(chart, "area"), marks(chart, "line")) == (2, 1), name
    assert marks(drawn["who-sector"], "rect") == 4
    assert marks(drawn["who-arrondissement"], "rect") == 3


def test_bars_of_the_split_variance_are_drawn(ds: xr.Dataset, tmp_path: Path) -> None:
    drawn = charts(rendered(build_report(with_split(ds), tmp_path / "report.html"), tmp_path / "profile"))
    for name in ("uncertainty-effect", "uncertainty-level"):
        labels = set(re.findall(r"<text[^>]*>([^<]+)</text>", drawn[name]))
        assert "failed" not in drawn[name] and {"Residents in work", "% of the variance", "100"} <= labels, name
        assert marks(drawn[name], "rect") % 4 == 0 and marks(drawn[name], "rect") >= 4 * 5, name


def test_axes_are_titled_and_written_in_the_language(ds: xr.Dataset, tmp_path: Path) -> None:
    drawn = charts(rendered(build_report(ds, tmp_path / "report.html", "nl"), tmp_path / "profile"))
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawn["employment-fan"])
    assert "personen" in texts
    assert any(re.fullmatch(r"4\d\.\d{3}", text) for text in texts)
    assert "2024" in texts
    assert "start plan 2021Q1" in texts


def test_a_chart_that_fails_is_seen(ds: xr.Dataset, tmp_path: Path) -> None:
    """The counting above can fail: with one specification broken, that chart has no picture and says why."""
    page = build_report(ds, tmp_path / "report.html")
    html = page.read_text(encoding="utf-8")
    broken = re.sub(r'"employment-fan":\{"layer":\[', '"employment-fan":{"layer":[{"mark":"no such mark"},', html)
    assert broken != html
    page.write_text(broken, encoding="utf-8")
    drawn = charts(rendered(page, tmp_path / "profile"))
    assert "failed" in drawn["employment-fan"] and "<svg" not in drawn["employment-fan"]
    assert "<svg" in drawn["difference-employed_residents"]


def test_long_names_are_whole_and_on_two_lines(ds: xr.Dataset, tmp_path: Path) -> None:
    long = "Public, health, education and other services"
    named = ds.assign_attrs(labels=json.dumps({"sector": {"care": {"en": long}}}))
    chart = charts(rendered(build_report(named, tmp_path / "report.html"), tmp_path / "profile"))["who-sector"]
    (label,) = re.findall(r"<text[^>]*>((?:<tspan[^>]*>[^<]*</tspan>)+)</text>", chart)
    lines = re.findall(r">([^<>]+)</tspan>", label)
    assert len(lines) == 2 and " ".join(lines) == long
    assert "…" not in chart
