"""The page: one file that needs nothing else, with every section, number and table in its language."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.effects import total_effect
from regionsim.report.build import build_report
from regionsim.report.frame import chart_library
from regionsim.report.sections.employment import history_dots
from regionsim.report.view import decimal_year, make_view
from regionsim.state.errors import InputError
from tests.fixtures.results import graduates_added, jobs_added, synthetic, with_split

SHORT = {"first": "2019Q1", "last": "2024Q4"}


class Page(HTMLParser):
    """Elements by name with their attributes, the texts, and the chart specifications of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.html = path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._inside = [""]
        self._texts: list[str] = []
        self.data = ""
        self.feed(self.html)
        self.text = re.sub(r"\s+", " ", " ".join(self._texts))
        self.charts = json.loads(self.data)["charts"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._inside.append("charts" if dict(attrs).get("id") == "charts" else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside[-1] == "charts":
            self.data += data
        elif not self._inside[-1]:
            self._texts.append(data)

    def ids(self) -> list[str]:
        return [str(attrs["id"]) for tag, attrs in self.elements if "id" in attrs]


@pytest.fixture(scope="module")
def page(ds: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(build_report(ds, tmp_path_factory.mktemp("report") / "report.html"))


def test_the_page_needs_no_other_file_and_no_network(page: Page) -> None:
    for tag, attrs in page.elements:
        for name in ("src", "href", "srcset", "action", "data"):
            assert (attrs.get(name) or "#").startswith("#"), (tag, attrs)
        assert tag not in ("link", "iframe", "img", "object")
    policy = next(attrs["content"] for tag, attrs in page.elements if attrs.get("http-equiv"))
    assert policy is not None and "default-src 'none'" in policy
    css = page.html[page.html.index("<style>") : page.html.index("</style>")]
    assert "url(" not in css and "@import" not in css
    assert "http" not in page.data


def test_all_sections_stand_in_order(page: Page) -> None:
    order = ["answer", "employment", "effects", "graduates", "who-gains", "measures", "assumptions", "checks"]
    found = [name for name in page.ids() if name in [*order, "provenance"]]
    assert found == [*order, "provenance"]
    links = [attrs["href"] for tag, attrs in page.elements if tag == "a"]
    assert {link.removeprefix("#") for link in links if link} <= set(page.ids())


def test_the_answer_gives_mean_range_and_probability(page: Page) -> None:
    jobs = np.mean([[jobs_added(draw, q) for q in range(28)] for draw in range(12)], axis=1)
    assert round(jobs.mean(), -1) == 150
    assert (round(np.quantile(jobs, 0.1), -1), round(np.quantile(jobs, 0.9), -1)) == (110, 180)
    assert "On average over the 7 years from its start to the end of 2027, “Growth plan” leads to" in page.text
    told = "about 150 more residents in work (80 % range +110 to +180; above zero in 12 of 12 draws)"
    assert told in page.text
    kept = np.mean([[graduates_added(draw, q) for q in range(28)] for draw in range(12)])
    assert f"about {kept:.0f} more young graduates, but the direction is uncertain" in page.text
    assert "there could also be fewer (80 % range" in page.text and "above zero in 10 of 12 draws)" in page.text


def test_the_answer_sets_the_value_added_beside_the_cost(page: Page, ds: xr.Dataset) -> None:
    gain = total_effect(ds, "gva", "growth").isel(world=0, quarter=slice(40, 68)).sum("quarter").mean().item()
    assert f"Added up over that time, value added is about {gain:.0f} million EUR of 2011 higher (80 %" in page.text
    assert "the public cost is 25.2 million EUR (the same in all 12 draws)" in page.text


def test_the_headline_figures_are_averages_and_sums_since_the_start(page: Page) -> None:
    tiles = [tile.split("</div>")[0] for tile in page.html.split('<div class="tile">')[1:]]
    values = [re.findall(r'class="value">([^<]*)<', tile)[0] for tile in tiles]
    units = [re.findall(r'class="unit">([^<]*)<', tile)[0] for tile in tiles]
    assert [values[0], values[1], values[3]] == ["+150", "+41", "25.2"]
    assert units[0] == units[1] == "persons, on average over 7 years"
    assert units[2:] == ["million EUR of 2011, in total over 7 years", "million EUR, in total over 7 years"]
    assert ["direction uncertain" in tile for tile in tiles] == [False, True, False, False]
    assert all("from 2021Q1 to 2027Q4" in tile for tile in tiles)


def test_every_small_chart_says_what_it_measures(page: Page) -> None:
    figures = {re.findall(r'data-chart="([^"]+)"', part)[0]: part for part in page.html.split("<figure")[1:]}
    assert "persons, average since the start" in figures["effect-employed_residents"]
    assert "percentage points, average since the start" in figures["effect-unemployment_rate"]
    assert "million EUR of 2011, sum since the start" in figures["effect-gva"]
    assert "jobs, average since the start" in figures["who-sector"]


def test_the_parts_of_a_region_add_up_to_its_average(page: Page) -> None:
    (rows,) = [rows for rows in page.charts["who-arrondissement"]["datasets"].values() if "group" in rows[0]]
    jobs = np.mean([[jobs_added(draw, q) for q in range(28)] for draw in range(12)])
    assert sum(row["mean"] for row in rows) == pytest.approx(jobs)


def test_a_plan_that_takes_away_is_not_sold_as_a_gain(ds: xr.Dataset, tmp_path: Path) -> None:
    worse = ds.copy(deep=True)
    worse["employed_residents"] = ds["employed_residents"].isel(plan=[1, 0]).assign_coords(plan=ds["plan"])
    text = Page(build_report(worse, tmp_path / "r.html")).text
    assert "about 150 fewer residents in work (80 % range −180 to −110; above zero in 0 of 12 draws)" in text


def test_an_effect_of_next_to_nobody_is_hardly_a_change(ds: xr.Dataset, tmp_path: Path) -> None:
    little = ds.copy(deep=True)
    none = ds["young_graduates"].sel(plan="none")
    little["young_graduates"].loc[{"plan": "growth"}] = none + xr.DataArray([0.5, -0.1] * 6, dims="draw")
    text = Page(build_report(little, tmp_path / "r.html")).text
    told = "hardly any change in the number of young graduates (average +0.2; 80 % range −0.1 to +0.5; above zero in 6"
    assert told in text


def test_a_plan_that_changes_nothing_says_so(ds: xr.Dataset, tmp_path: Path) -> None:
    idle = ds.copy(deep=True)
    idle["employed_residents"].loc[{"plan": "growth"}] = ds["employed_residents"].sel(plan="none")
    text = Page(build_report(idle, tmp_path / "r.html")).text
    assert "no change in the number of residents in work (the same without the plan in all 12 draws)" in text


def test_every_chart_has_a_place_words_and_a_table(page: Page) -> None:
    places = [attrs for tag, attrs in page.elements if "data-chart" in attrs]
    assert sorted(str(place["data-chart"]) for place in places) == sorted(page.charts)
    assert len(page.charts) >= 15
    assert all(place["role"] == "img" and len(place["aria-label"] or "") > 40 for place in places)
    assert page.html.count("<figure") == len(places) == page.html.count("Show the data")
    for figure in page.html.split("<figure")[1:]:
        assert "<tbody>\n<tr>" in figure.split("</figure>")[0]


def test_charts_fill_their_place_in_colours_of_the_page(page: Page) -> None:
    for spec in page.charts.values():
        assert spec["width"] == "container"
        assert "$schema" not in spec
    css = page.html[page.html.index("<style>") : page.html.index("</style>")]
    used = set(re.findall(r"var\((--[a-z-]+)\)", page.data))
    assert used and all(f"{name}:" in css for name in used)
    assert "prefers-color-scheme: dark" in css and "@media print" in css


def test_the_employment_chart_shows_history_baseline_and_plan(page: Page) -> None:
    values = list(page.charts["employment-fan"]["datasets"].values())
    assert any({"x": 2011.5, "y": 46_000} in rows for rows in values)
    bands = [rows for rows in values if "low" in rows[0]]
    assert len(bands) == 3
    plan_lines = [rows for rows in values if set(rows[0]) == {"y", "x"} and rows[0]["x"] == 2020.75]
    assert len(plan_lines) == 1  # the plan's line leaves the baseline at its start


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Where the uncertainty comes from", "drivers and parameters together", "% of the variance")),
        ("nl", ("Waar de onzekerheid vandaan komt", "drijfveren en parameters samen", "% van de variantie")),
    ],
)
def test_a_split_variance_is_a_section_of_two_charts(
    ds: xr.Dataset, tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    split = Page(build_report(with_split(ds), tmp_path / "r.html", language))
    assert split.ids().index("effects") < split.ids().index("uncertainty") < split.ids().index("graduates")
    assert {"uncertainty-effect", "uncertainty-level"} <= set(split.charts)
    for each in words:
        assert each in split.text or each in split.data
    (bars,) = [rows for rows in split.charts["uncertainty-effect"]["datasets"].values() if rows[0]["part"] == "chance"]
    assert bars[0]["end"] == pytest.approx(100, abs=0.01)


def test_the_split_of_few_draws_is_not_sold_as_sure(ds: xr.Dataset, tmp_path: Path) -> None:
    text = Page(build_report(with_split(ds), tmp_path / "r.html")).text
    assert "Only 12 draws: these shares are not reliable. Run at least 16." in text


def test_a_run_that_did_not_split_the_variance_has_no_such_section(page: Page) -> None:
    assert "uncertainty" not in page.ids() and not any(name.startswith("uncertainty") for name in page.charts)


def test_a_split_without_a_plan_shows_levels(ds: xr.Dataset, tmp_path: Path) -> None:
    alone = Page(build_report(with_split(ds.sel(plan=["none"])), tmp_path / "r.html"))
    assert list(alone.charts) == ["employment-fan", "uncertainty-level"]
    assert "in 2032Q4" in alone.text


def test_sources_that_work_together_are_named(ds: xr.Dataset, tmp_path: Path) -> None:
    split = with_split(ds)
    table = json.loads(split.attrs["variance_split"])
    assert "work together on" not in Page(build_report(split, tmp_path / "r.html")).text
    table["low"] = [value and 0.5 for value in table["low"]]
    told = Page(build_report(split.assign_attrs(variance_split=json.dumps(table)), tmp_path / "s.html")).text
    assert "The sources work together on residents" in told


def test_text_from_data_cannot_become_markup(page: Page, ds: xr.Dataset, tmp_path: Path) -> None:
    assert "&lt;a book&gt;" in page.html and "<a book>" not in page.html
    named = ds.assign_attrs(plan_titles=json.dumps({"growth": {"en": "</script><b>Plan"}}))
    other = Page(build_report(named, tmp_path / "r.html"))
    assert "b" not in {tag for tag, _ in other.elements}
    assert "</script><b>" not in other.html


def test_tables_hold_measures_assumptions_checks_and_sources(page: Page) -> None:
    for words in ("II.A", "Apprenticeships", "50 places a year", "4,000 EUR", "assumption: a trial elsewhere"):
        assert words in page.text
    assert "3 parameters with a stated source: 1 assumption, 1 recalled and 1 verified" in page.text
    assert "dual.effect" in page.text
    assert "balance in each of 88 quarters of all 24 runs" in page.text
    for words in ("Code fingerprint", "numpy", "ab12", "Seeds by draw"):
        assert words in page.text


def test_accounts_that_do_not_balance_are_not_hidden(ds: xr.Dataset, tmp_path: Path) -> None:
    wrong = ds.copy(deep=True)
    wrong["residual_people"][0, 0, 0, 0] = 3
    text = Page(build_report(wrong, tmp_path / "r.html")).text
    assert "do not use these results" in text and "does not balance" in text


def test_the_page_in_dutch(ds: xr.Dataset, tmp_path: Path) -> None:
    dutch = Page(build_report(ds, tmp_path / "r.html", "nl"))
    assert ("html", {"lang": "nl"}) in dutch.elements
    for words in ("Wat doet “Groeiplan”", "Fictieland", "meer werkende inwoners", "25,2 miljoen EUR", "procentpunten"):
        assert words in dutch.text
    assert "ongeveer 41 meer jonge afgestudeerden, maar de richting is onzeker" in dutch.text
    assert "Gemiddeld over de 7 jaar van de start tot het einde van 2027 leidt “Groeiplan” tot" in dutch.text
    for words in (" draws", "range", "Show", "persons", "million"):
        assert words not in dutch.text
    assert json.loads(dutch.data)["locale"]["decimal"] == ","


def test_few_draws_are_said_plainly(tmp_path: Path) -> None:
    few = Page(build_report(synthetic(tmp_path, 7, **SHORT), tmp_path / "r.html"))
    enough = Page(build_report(synthetic(tmp_path, 8, **SHORT), tmp_path / "s.html"))
    assert "Only 7 draws: the ranges on this page are not reliable" in few.text
    assert "not reliable" not in enough.text


def test_a_single_draw_makes_a_page(tmp_path: Path) -> None:
    assert "Only 1 draws" in Page(build_report(synthetic(tmp_path, 1, **SHORT), tmp_path / "r.html")).text


def test_several_plans_and_worlds_stand_side_by_side(tmp_path: Path) -> None:
    many = synthetic(tmp_path, 3, plans=("none", "growth", "more"), worlds=("calm", "storm"), **SHORT)
    first = Page(build_report(many, tmp_path / "r.html"))
    table = first.html[first.html.index('id="compare"') :].split("</section>")[0]
    assert table.count("<tr>") == 1 + 4
    assert "world: Calm" in first.text
    other = Page(build_report(many, tmp_path / "s.html", plan="more", world="storm"))
    assert "What does “more” do" in other.text and "world: Storm" in other.text


def test_without_a_plan_the_page_shows_the_baseline(ds: xr.Dataset, tmp_path: Path) -> None:
    alone = Page(build_report(ds.sel(plan=["none"]), tmp_path / "r.html"))
    assert list(alone.charts) == ["employment-fan"]
    assert "hold no plan" in alone.text


def test_a_page_needs_none_of_the_optional_attributes(ds: xr.Dataset, tmp_path: Path) -> None:
    bare = ds.copy()
    bare.attrs = {"plan_start": ds.attrs["plan_start"]}
    text = Page(build_report(bare, tmp_path / "r.html")).text
    assert "What does “growth” do to the firms, workers and young people of the region" in text


def test_labels_come_from_the_run(ds: xr.Dataset, tmp_path: Path) -> None:
    labels = {"sector": {"crafts": {"en": "Arts and crafts", "nl": "Ambacht"}}}
    named = ds.assign_attrs(labels=json.dumps(labels))
    assert "Arts and crafts" in Page(build_report(named, tmp_path / "r.html")).text


def test_unknown_plan_world_and_language_are_told(ds: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        build_report(ds, tmp_path / "r.html", plan="groth", world="calm")
    assert len(error.value.faults) == 2 and "did you mean 'growth'" in error.value.faults[0]
    with pytest.raises(InputError, match="known: en, nl"):
        build_report(ds, tmp_path / "r.html", "fr")
    assert list(tmp_path.iterdir()) == []


def test_equal_results_give_equal_pages(ds: xr.Dataset, tmp_path: Path) -> None:
    one, two = build_report(ds, tmp_path / "a.html"), build_report(ds, tmp_path / "b.html")
    assert one.read_bytes() == two.read_bytes()


def test_the_chart_library_cannot_end_its_script() -> None:
    assert "</script" not in chart_library()


def test_observed_years_stand_in_mid_year() -> None:
    assert history_dots({"2012": 5.0, "2013Q2": 6.0}) == [(2012.5, 5.0), (2013.25, 6.0)]
    assert decimal_year("2027Q4") == 2027.75


def test_horizons_in_words(ds: xr.Dataset) -> None:
    view = make_view(ds, "en", None, None)
    assert [view.after(moment) for moment in view.horizons] == ["1 year", "3 years", "7 years"]
    assert [view.span(moment) for moment in view.horizons] == ["the year", "the 3 years", "the 7 years"]
