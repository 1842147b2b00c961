"""`regionsim forecast`: what it writes and prints, that nothing arbitrary moves a number, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from regionsim.data.tables import REGIONS
from tests.cli.conftest import Command

ROOT = Path(__file__).parents[2]
SERIES = ["gdp_be", "gdp_de", "unemployment_rate_be"]
QUICK = ("every=9", "draws=60")
PATIENCE = 120.0  # seconds
WORKERS = {1: "one", 2: "two"}
TABLES = {"scores.csv", "scores_by_series.csv", "tests.csv", "verdicts.csv", "energy.csv", "backtest.csv"}
NAMES = TABLES | {"forecast.nc", "forecast.html", "summary.json", *(f"fan_{name}.png" for name in SERIES)}
SCALES = {"gdp_be": 1e3, "gdp_de": 1e6, "unemployment_rate_be": 1e-3}
pytestmark = pytest.mark.xdist_group("forecast_command")  # the forecasts are made by one worker, not by each


def published(path: Path, scales: dict[str, float] | None = None) -> Path:
    """Three published series as a file of one's own: of different length, in other units with `scales`."""
    table = pd.read_csv(REGIONS / "west_flanders" / "drivers.csv")
    table = table[table["series"].isin(SERIES)].pivot(index="period", columns="series", values="value")
    (table * pd.Series(scales or dict.fromkeys(SERIES, 1.0))).to_csv(path)
    return path


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    return subprocess.Popen(
        [sys.executable, "-m", "regionsim.cli.main", "forecast", *words],
        cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def ended(run: subprocess.Popen[str]) -> str:
    out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err
    assert "Traceback" not in err
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four forecasts: with one worker and with two; in other units, twice at once into one folder."""
    here = tmp_path_factory.mktemp("forecasts")
    published(here / "my.csv")
    published(here / "scaled.csv", SCALES)
    runs = [started(here, "data=my.csv", *QUICK, f"workers={n}", f"output={folder}") for n, folder in WORKERS.items()]
    told = [ended(run) for run in runs]
    (here / "told.txt").write_text(told[-1])
    for run in [started(here, "data=scaled.csv", *QUICK, "workers=1", "output=scaled") for _ in range(2)]:
        ended(run)
    return here


@pytest.mark.parametrize("name", ["one", "two", "scaled"])
def test_everything_is_written_and_nothing_else(folder: Path, name: str) -> None:
    assert {path.name for path in (folder / name).iterdir()} == NAMES


def test_the_dataset_holds_history_and_paths(folder: Path) -> None:
    ds = xr.load_dataset(folder / "two" / "forecast.nc")
    assert ds["value"].dims == ("series", "draw", "period")
    assert list(ds["series"].values) == SERIES
    assert {"model", "seed", "vintage", "hash"} <= set(ds.attrs) and ds.sizes["draw"] == 60
    for name in SERIES:
        last = list(ds["period"].values).index(ds["last_observed"].sel(series=name).item())
        values = ds["value"].sel(series=name).transpose("draw", "period").values
        observed = pd.read_csv(folder / "my.csv", index_col="period")[name].dropna()
        begins = list(ds["period"].values).index(observed.index[0])
        np.testing.assert_array_equal(values[:, begins : last + 1], np.tile(observed.to_numpy(), (60, 1)))
        assert (values[:, last + 1 :].std(axis=0) > 0).all()
    summary = json.loads((folder / "two" / "summary.json").read_text())
    assert summary["vintage"] == ds.attrs["vintage"] and len(summary["verdicts"]) >= 4
    assert (folder / "two" / "fan_gdp_be.png").read_bytes()[:4] == b"\x89PNG"


def test_the_terminal_tells_how_good_it_is_and_where_everything_lies(folder: Path) -> None:
    told = (folder / "told.txt").read_text()
    for words in ("origin 8 of 8", "random_walk", "in 80 %", "PIT sd", "outside the pandemic", "true size at 5 %"):
        assert words in told, words
    verdicts = pd.read_csv(folder / "two" / "verdicts.csv")
    assert told.count("NOT met") == (~verdicts["met"]).sum()
    assert str(folder / "two" / "forecast.html") in told
    best = verdicts.loc[verdicts["kind"] == "crps", "benchmark"].iloc[0]
    assert f"{best} *" in told


def test_members_far_from_their_coverage_are_marked(folder: Path) -> None:
    scores = pd.read_csv(folder / "two" / "scores.csv")
    far = scores[(scores["coverage_80"] - 0.8).abs() > 0.1]
    told = (folder / "told.txt").read_text()
    assert told.count("  ! ") == len(far) > 0


def test_the_number_of_workers_moves_nothing(folder: Path) -> None:
    one, two = (xr.load_dataset(folder / name / "forecast.nc") for name in ("one", "two"))
    xr.testing.assert_identical(one, two)
    for table in TABLES:
        assert (folder / "one" / table).read_text() == (folder / "two" / table).read_text(), table


def test_the_unit_moves_nothing(folder: Path) -> None:
    plain, scaled = (xr.load_dataset(folder / which / "forecast.nc")["value"] for which in ("one", "scaled"))
    plain_rows, rows = (pd.read_csv(folder / which / "backtest.csv") for which in ("one", "scaled"))
    np.testing.assert_allclose(rows["scaled_crps"], plain_rows["scaled_crps"], rtol=1e-6)
    for name, scale in SCALES.items():
        np.testing.assert_allclose(scaled.sel(series=name) / scale, plain.sel(series=name), rtol=1e-6)
        here = rows["series"] == name
        np.testing.assert_allclose(rows["median"][here] / scale, plain_rows["median"][here], rtol=1e-6)


def test_a_region_has_its_drivers_too(tmp_path: Path) -> None:
    words = ("as_of=2018Q4", "until=2021Q4", "backtest=false", "draws=3", "output=out", "language=nl")
    told = ended(started(tmp_path, *words))
    ds, drivers = (xr.load_dataset(tmp_path / "out" / f"{name}.nc") for name in ("forecast", "drivers"))
    assert set(ds["last_observed"].values) == {"2018Q4"} and str(ds["period"].values[-1]) == "2021Q4"
    assert drivers["value"].dims == ("driver", "draw", "quarter") and drivers["value"].shape[1:] == (3, 44)
    assumed = drivers["driver"].values[drivers["assumption"].values.astype(bool)]
    assert f"{len(assumed)} of {drivers.sizes['driver']} drivers are assumption paths" in told
    page = (tmp_path / "out" / "forecast.html").read_text(encoding="utf-8")
    assert "West-Vlaanderen" in page and page.count("⚠ aanname") == len(assumed) > 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    published(tmp_path / "my.csv")
    run = started(tmp_path, "data=my.csv", "workers=2")
    assert run.stdout is not None
    while "origins" not in run.stdout.readline():
        assert run.poll() is None
    time.sleep(3)  # workers are starting or at work
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    out, err = run.communicate(timeout=30)
    assert run.returncode == 130, err
    assert "interrupted" in err and "Traceback" not in err + out
    assert [path.name for path in tmp_path.rglob("*")] == ["my.csv"] or not list((tmp_path / "outputs").rglob("*"))


def test_one_series_without_a_backtest_and_what_an_earlier_forecast_left(regionsim: Command, tmp_path: Path) -> None:
    table = pd.read_csv(published(tmp_path / "my.csv"))[["period", "gdp_be"]].dropna()
    table.rename(columns={"gdp_be": "BBP: één/twee"}).to_csv(tmp_path / "one.csv", index=False)
    out = tmp_path / "out"
    out.mkdir()
    for stale in ("scores.csv", "fan_other.png", "drivers.nc", "notes.txt"):
        (out / stale).touch()
    words = ("backtest=false", "draws=40", "language=nl", "until=2040Q4", f"output={out}")
    done = regionsim("forecast", f"data={tmp_path / 'one.csv'}", *words)
    assert done.code == 0, done.err
    assert "Not tested against the past" in done.out
    found = {path.name for path in out.iterdir()}
    (picture,) = (name for name in found if name.startswith("fan_"))
    assert found == {"forecast.nc", "forecast.html", "summary.json", "notes.txt", picture}
    page = (out / "forecast.html").read_text(encoding="utf-8")
    assert '<html lang="nl">' in page and "niet getoetst" in page and "BBP: één/twee" in page
    assert str(xr.load_dataset(out / "forecast.nc")["period"].values[-1]) == "2040Q4"


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["draws=0"], "draws: got 0; allowed: a whole number, 2 or more"),
        (["every=x"], "every: got x; allowed: a whole number, 1 or more"),
        (["workers="], "workers: got nothing; allowed: a whole number, 1 or more"),
        (["backtest=flase"], "backtest: got flase (did you mean 'false'?); allowed: true, false"),
        (["transform=logs", "data=x.csv"], "transform: got logs (did you mean 'log'?); allowed: log, level"),
        (["transform=log"], "transform: is for data=FILE.csv only"),
        (["language=fr"], "language: got fr; allowed: en, nl"),
        (["as_of=2019"], "as_of: got 2019; allowed: a quarter like 2019Q4"),
        (["dat=my.csv"], "dat: unknown key (did you mean 'data'?); allowed: region, data, as_of"),
        (["my.csv"], "my.csv: is not KEY=VALUE (did you mean 'data=my.csv'?)"),
        (["data=a.csv", "region=west_flanders"], "data, region: both are given; allowed: one of them"),
        (["seed=1", "seed=2"], "seed: is given twice; allowed: once"),
        (["data=none.csv"], "data: there is no file 'none.csv'; allowed: a CSV file with a column 'period'"),
        (["region=west_flander"], "region 'west_flander': is unknown (did you mean 'west_flanders'?)"),
        (["--every", "2"], "unrecognized arguments"),
    ],
)
def test_bad_choices(regionsim: Command, words: list[str], message: str) -> None:
    done = regionsim("forecast", *words)
    assert message in done.err
    assert done.refused, done


def test_all_bad_choices_at_once(regionsim: Command) -> None:
    done = regionsim("forecast", "draws=0", "evry=2", "season=maybe", "data=x.csv")
    assert done.refused, done
    for number, key in enumerate(("draws", "evry", "season"), 1):
        assert f"  {number}. {key}: " in done.err


def test_bad_data_are_told_at_once_and_nothing_is_written(regionsim: Command, tmp_path: Path) -> None:
    table = pd.read_csv(published(tmp_path / "my.csv")).astype(object)
    table.loc[50, "gdp_be"] = "many"
    table.loc[60, "gdp_de"] = -1
    table.to_csv(tmp_path / "my.csv", index=False)
    done = regionsim("forecast", f"data={tmp_path / 'my.csv'}")
    assert done.refused, done
    assert f"{tmp_path / 'my.csv'}" in done.err
    assert "series 'gdp_be': row 52: 'many' is not a number" in done.err
    assert "series 'gdp_de': row 62: -1 is not above 0" in done.err and "transform=level" in done.err


@pytest.mark.parametrize("until", ["2019Q1", "2027", "soon", "2999Q1"])
def test_an_end_that_is_none(regionsim: Command, tmp_path: Path, until: str) -> None:
    done = regionsim("forecast", f"data={published(tmp_path / 'my.csv')}", f"until={until}")
    assert done.refused, done
    assert f"until: got '{until}'; allowed: " in done.err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a file system nobody can write to")
@pytest.mark.parametrize("folder", ["/proc/forecast", "/dev/null/forecast", "read_only"])
def test_a_folder_that_cannot_be_written_is_told_before_anything_is_computed(
    regionsim: Command, tmp_path: Path, folder: str
) -> None:
    if folder == "read_only":
        if os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        (tmp_path / folder).mkdir(mode=0o555)
        folder = str(tmp_path / folder)
    data = published(tmp_path / "my.csv")
    begin = time.monotonic()
    done = regionsim("forecast", f"data={data}", f"output={folder}")
    assert done.refused, done
    assert f"output: '{folder}' cannot be written: " in done.err
    assert time.monotonic() - begin < 20
