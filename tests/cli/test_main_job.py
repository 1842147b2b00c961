"""The main job: what it writes, prints and finds again."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from regionsim.report.build import build_report
from regionsim.results.store import attribute, read_results
from tests.cli.conftest import SMALL, Command

FOLDER = "outputs/fictland_masterplan_ensemble-smoke"
WRITTEN = {
    "config.yaml", "drivers.nc", "effects.csv", "parameters.csv", "report.html", "results.zarr", "summary.json",
    "units", "units.json",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page takes seconds; only the test that wants one builds it."""
    monkeypatch.setattr("regionsim.report.build.build_report", _noted)


def _noted(dataset: object, path: Path, language: str) -> Path:
    path.write_text(f"<html lang={language}>")
    return path


def named(ended_folder: Path) -> Path:
    """The one results folder under outputs."""
    (found,) = [path for path in (ended_folder / "outputs").iterdir() if path.is_dir()]
    return found


def test_it_writes_everything_prints_effects_and_says_where(small: Command) -> None:
    ended = small("name=first")
    assert ended.code == 0, ended.err
    folder = ended.folder / "outputs" / "first"
    assert {path.name for path in folder.iterdir()} == WRITTEN
    dataset = read_results(folder)
    assert dict(dataset.sizes)["draw"] == 2
    assert list(dataset.plan.values) == ["none", "masterplan"]
    assert "Residents in work" in ended.out and "80 % range" in ended.out
    assert str(folder / "report.html") in ended.out
    assert str(folder / "results.zarr") in ended.out
    assert "Public cost up to 2029Q4" in ended.out
    assert "are assumptions" in ended.out
    few = small("name=few", "plan=technical_education").out  # a plan of many measures counts them instead
    assert "are assumptions" in few and "dual_learning: retention, dose" in few
    assert "With 2 draws these ranges say little" in ended.out
    assert json.loads((folder / "summary.json").read_text())["plans"]["masterplan"]["start"] == "2027Q1"
    effects = pd.read_csv(folder / "effects.csv")
    work = effects[(effects.outcome == "employed_residents") & (effects.quarters == 12)].iloc[0]
    told = yaml.safe_load((folder / "config.yaml").read_text())
    doses = sum(measure["dose"] for measure in told["plan"]["measures"].values())
    cells = dataset["employed_residents"].sizes
    assert work["mean"] == pytest.approx(
        doses * cells["arrondissement"] * cells["age_group"] / told["ensemble"]["scale"]
    )


def test_the_same_command_takes_up_what_is_there(
    small: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FAKE_MODEL", str(tmp_path))
    first = small()
    again = small()
    assert (first.code, again.code) == (0, 0)
    assert len((tmp_path / "begun").read_text().splitlines()) == 2
    assert "2 of them stored already" in again.out
    assert again.files == first.files


def test_provenance_holds_the_configuration_that_ran(small: Command) -> None:
    ended = small("ensemble.seed=7", "name=x")
    dataset = read_results(ended.folder / "outputs" / "x")
    told = attribute(dataset, "provenance", {})["config"]
    assert told == yaml.safe_load((ended.folder / "outputs" / "x" / "config.yaml").read_text())
    assert told["ensemble"]["seed"] == 7


def test_the_split_is_a_table_and_goes_when_it_is_no_longer_asked_for(small: Command) -> None:
    words = ("name=x", "ensemble.draws=4")
    ended = small(*words, "ensemble.variance_split=true")
    assert ended.code == 0, ended.err
    folder = ended.folder / "outputs" / "x"
    assert "16 units" in ended.out and str(folder / "variance_split.csv") in ended.out
    table = pd.read_csv(folder / "variance_split.csv")
    assert set(table["of"]) == {"level", "effect"} and set(table["source"]) == {"driver", "parameter", "chance"}
    assert "variance_split" in json.loads((folder / "summary.json").read_text())
    again = small(*words)
    assert "4 units, 4 of them stored already" in again.out
    assert {path.name for path in folder.iterdir()} == WRITTEN
    assert "variance_split" not in json.loads((folder / "summary.json").read_text())


def test_plan_none_shows_the_baseline(small: Command) -> None:
    ended = small("plan=none")
    assert ended.code == 0, ended.err
    assert "without a plan" in ended.out and "80 % range in 2029Q4" in ended.out
    folder = named(ended.folder)
    assert {path.name for path in folder.iterdir()} == WRITTEN - {"effects.csv"}


def test_a_dose_of_zero_has_no_effect(small: Command) -> None:
    ended = small("plan.dose=0")
    assert ended.code == 0, ended.err
    assert pd.read_csv(named(ended.folder) / "effects.csv")["no_effect"].all()


def test_a_sweep_is_one_dataset_of_worlds_and_plans_with_its_tables(small: Command) -> None:
    ended = small("-m", "world.brexit=none,hard", "plan=none,starters,facilities", "ensemble.draws=1")
    assert ended.code == 0, ended.err
    folder = named(ended.folder)
    assert folder.name.startswith("fictland_sweep")
    found = read_results(folder)
    worlds = ["brexit_hard-covid_observed-ageing_central", "brexit_none-covid_observed-ageing_central"]
    assert (list(found.world.values), list(found.plan.values)) == (worlds, ["none", "starters", "facilities"])
    assert len(list((folder / "units").glob("*.nc"))) == 2  # both plans branch from the past of a world and draw
    assert {"compare.csv", "ranking.csv", "robustness.csv"} <= {path.name for path in folder.iterdir()}
    assert "worst world" in ended.out and "brexit_hard" in ended.out
    again = small("-m", "world.brexit=none,hard", "plan=none,starters,facilities", "ensemble.draws=1")
    assert "2 units, 2 of them stored already" in again.out
    alone = small("world.brexit=hard", "plan=starters", "ensemble.draws=1", "name=alone")
    one = read_results(alone.folder / "outputs" / "alone").employed_residents
    assert one.equals(found.employed_residents.sel(world=worlds[:1], plan=["none", "starters"]))


def test_what_else_a_sweep_varies_names_plans_and_worlds_or_makes_studies(small: Command) -> None:
    later = small("-m", "plan=starters", "plan.start=2027Q1,2028Q1", "ensemble.draws=1", "name=later")
    assert later.code == 0, later.err
    found = read_results(later.folder / "outputs" / "later")
    assert list(found.plan.values) == ["none", "starters[start=2027Q1]", "starters[start=2028Q1]"]
    number = "parameters.labour.search_restored.value"
    harder = small("-m", "plan=none", f"{number}=0.4,0.6", "ensemble.draws=1", "name=harder")
    worlds = read_results(harder.folder / "outputs" / "harder").world.values
    assert [str(world).partition("[")[2] for world in worlds] == [f"labour.search_restored=0.{n}]" for n in (4, 6)]
    seeds = small("-m", "plan=none", "ensemble.seed=1,2", "ensemble.draws=1")
    assert "study 2 of 2" in seeds.out


def test_parts_of_a_whole_are_shared_out(small: Command) -> None:
    ended = small("-m", "plan=starters,facilities,pillar_three,technical_education", "ensemble.draws=2", "name=parts")
    assert ended.code == 0, ended.err
    assert not (ended.folder / "outputs" / "parts" / "attribution.csv").exists()  # unions of two are not there
    ended = small("-m", "plan=pillar_two,pillar_three,pillars_two_three", "ensemble.draws=2", "name=two")
    table = pd.read_csv(ended.folder / "outputs" / "two" / "attribution.csv")
    assert list(dict.fromkeys(table.player)) == ["pillar_two", "pillar_three", "package", "synergy"]
    assert "share of the whole" in ended.out


def test_status_tells_how_far_a_run_is(small: Command, regionsim: Command) -> None:
    small("name=x", "plan=none")
    ended = regionsim("status", "outputs/x")
    assert (ended.code, ended.out) == (0, "outputs/x: 2 units, 2 done; collected\n")
    (ended.folder / "outputs" / "x" / "units").rename(ended.folder / "elsewhere")
    ended = regionsim("status", "outputs/x")
    assert (ended.code, ended.out) == (1, "outputs/x: 2 units, 2 missing\n")
    assert "holds no units.json" in regionsim("status", "outputs").err


def test_a_sweep_over_the_pandemic_runs_both_worlds(small: Command) -> None:
    ended = small("-m", "world.covid=none,observed", "plan=none", "ensemble.draws=1")
    assert ended.code == 0, ended.err
    worlds = ["brexit_tca-covid_none-ageing_central", "brexit_tca-covid_observed-ageing_central"]
    assert list(read_results(named(ended.folder)).world.values) == worlds


def test_configs_of_ones_own_and_any_folder_of_results(regionsim: Command, tmp_path: Path) -> None:
    plan = tmp_path / "mine" / "plan" / "only_places.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_text(
        "defaults:\n  - /intervention@measures.dual_learning: dual_learning\n  - _self_\n"
        "name: only_places\ntitle_en: Places\ntitle_nl: Plaatsen\nstart: 2028Q1\ndose: 2.0\n"
    )
    ended = regionsim(
        "--config-dir", str(plan.parent.parent), *SMALL, "plan=only_places", f"output={tmp_path}/out"
    )
    assert ended.code == 0, ended.err
    assert ended.files == []
    (folder,) = (tmp_path / "out").iterdir()
    dataset = read_results(folder)
    assert [row["dose"] for row in attribute(dataset, "measures", [])] == [3000.0]


def test_a_failed_unit_ends_with_code_1_and_says_how_to_go_on(
    small: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FAKE_MODEL", str(tmp_path))
    (tmp_path / "fail_1").touch()
    ended = small()
    assert ended.code == 1
    assert "1 of 2 units failed, 1 are stored" in ended.err
    assert "draw 1: ValueError: accounts of people do not balance" in ended.err
    assert "the same command computes only what is missing" in ended.err
    assert "Traceback" not in ended.err
    assert "report.html" not in {Path(file).name for file in ended.files}
    (tmp_path / "fail_1").unlink()
    assert small().code == 0


def test_a_page_lies_beside_the_store_it_is_built_from(small: Command, regionsim: Command) -> None:
    folder = small("name=x", "plan=none").folder / "outputs" / "x"
    (folder / "report.html").unlink()
    assert regionsim("report", str(folder / "results.zarr")).out.strip() == str(folder / "report.html")


def test_the_language_of_the_page(small: Command) -> None:
    ended = small("report=nl", "name=x")
    assert (ended.folder / "outputs/x/report.html").read_text() == "<html lang=nl>"


@pytest.mark.slow
def test_a_page_is_built_again_without_a_model(
    small: Command, regionsim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regionsim.report.build.build_report", build_report)
    folder = small("name=x").folder / "outputs" / "x"
    english = (folder / "report.html").read_text()
    ended = regionsim("report", str(folder), "--language", "nl", "--output", "bladzijde.html")
    assert ended.code == 0, ended.err
    page = Path(ended.out.strip())
    assert page.name == "bladzijde.html" and 'lang="nl"' in page.read_text()
    assert (folder / "report.html").read_text() == english
