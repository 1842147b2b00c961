"""The page and pictures of a forecast say what holds and what does not, in both languages, with a table per chart."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from regionsim.report.forecast.evidence import Evidence, far_from_nominal
from regionsim.report.forecast.page import build_forecast_page, write_pictures
from regionsim.report.forecast.pictures import file_name, light_colours
from regionsim.report.frame import chart_library
from tests.fixtures.forecasts import NAMES, drivers_made_up, evidence_made_up, forecast_made_up


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return evidence_made_up()


def page(tmp_path: Path, evidence: Evidence | None, language: str = "en", drivers: bool = True) -> str:
    path = build_forecast_page(
        forecast_made_up(), evidence, drivers_made_up() if drivers else None, tmp_path / "page.html", language
    )
    return path.read_text(encoding="utf-8").replace(chart_library(), "").replace("\u00a0", " ")


def test_charts_have_a_description_and_a_table(tmp_path: Path, evidence: Evidence) -> None:
    text = page(tmp_path, evidence)
    figures = [figure.split("</figure>")[0] for figure in text.split("<figure")[1:]]
    assert len(figures) == len(NAMES) + 3
    for figure in figures:
        assert re.search(r'role="img" aria-label="[^"]{20,}"', figure)
        assert figure.count("<table") == 1 and figure.count("<tr>") >= 4
    assert "NaN" not in text


def test_nothing_is_fetched(tmp_path: Path, evidence: Evidence) -> None:
    assert not re.findall(r"""(?:src|href)=["'](?!#)[^"']+""", page(tmp_path, evidence))


@pytest.mark.parametrize(("language", "met", "not_met"), [("en", "met", "NOT met"), ("nl", "gehaald", "NIET gehaald")])
def test_what_is_not_met_is_said(tmp_path: Path, language: str, met: str, not_met: str) -> None:
    narrow = evidence_made_up(spread=0.5)
    held = narrow.verdicts["met"]
    assert 0 < held.sum() < len(held)
    text = page(tmp_path, narrow, language)
    verdicts = text.split('id="verdicts"')[1].split("</section>")[0]
    assert verdicts.count(f">{not_met}<") == (~held).sum()
    assert verdicts.count(f">{met}<") == held.sum()
    assert f"{held.sum()} of {len(held)}" in text or f"{held.sum()} van de {len(held)}" in text
    assert "⚠" in text.split('id="scores"')[1]  # bands far too narrow


def test_all_held_is_said_only_then(tmp_path: Path, evidence: Evidence) -> None:
    every = replace(evidence, verdicts=evidence.verdicts.assign(met=True))
    assert f"all {len(every.verdicts)} promises of this page hold" in page(tmp_path, every)


def test_assumptions_carry_a_badge(tmp_path: Path, evidence: Evidence) -> None:
    inputs = page(tmp_path, evidence).split('id="inputs"')[1].split("</section>")[0]
    rows = {re.findall(r"<th scope=\"row\">([^<]+)", row)[0]: row for row in inputs.split("<tr>") if "row" in row}
    assert "⚠ assumption" in rows["tourism"] and "⚠" not in rows["exports"]
    assert "2024Q2" in rows["prix à l&#39;énergie"]


def test_a_forecast_that_was_not_tested_says_so(tmp_path: Path) -> None:
    text = page(tmp_path, None, drivers=False)
    assert "was not tested against the past" in text
    assert 'id="scores"' not in text and 'id="verdicts"' not in text


def test_the_bar_of_coverage() -> None:
    assert [far_from_nominal(x) for x in (0.69, 0.7, 0.8, 0.9, 0.91)] == [True, False, False, False, True]


def test_pictures_have_their_own_names_and_no_variable_colours(tmp_path: Path) -> None:
    made = write_pictures(forecast_made_up(), tmp_path)
    assert [path.name for path in made] == [file_name(name, set()) for name in NAMES]
    assert all(path.read_bytes()[:4] == b"\x89PNG" and path.stat().st_size > 5000 for path in made)
    assert set(light_colours()) >= {"--plan", "--ink", "--ink-soft", "--grid", "--axis", "--card"}


def test_names_of_pictures_suit_any_file_system() -> None:
    taken: set[str] = set()
    names = [file_name(name, taken) for name in ("a/b", "a b", "A_B", "a_b", "x" * 300, "é" * 100, "..", "ok")]
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name.encode()) < 120 and not set(name) & set('/\\:*?"<>| ') for name in names)
    assert names[-1] == "fan_ok.png"
