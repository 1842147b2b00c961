"""Files of results: what is written comes back, whole or not at all; units collect in any order or not at all."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from regionsim.results import files
from regionsim.results.store import attribute, collect, make_unit, merged, read_results, read_unit, write_unit
from regionsim.state.errors import InputError
from tests.fixtures.results import LAST, synthetic, write_units

SHORT = {"first": "2020Q1", "last": "2021Q4"}


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_units(tmp_path_factory.mktemp("units"), 12, worlds=("storm", "calm"), **SHORT)


def altered(unit: Path, where: Path, **attrs: object) -> Path:
    """A copy of a unit with other attributes."""
    dataset = read_unit(unit)
    provenance = json.loads(dataset.attrs["provenance"])
    changed = {key: json.dumps(value) for key, value in attrs.items()}
    return write_unit(dataset.assign_attrs(changed), where, provenance)


# ---------------------------------------------------------------------------------------------------------- one unit


def test_a_unit_comes_back_bit_for_bit(tmp_path: Path, units: list[Path]) -> None:
    unit = read_unit(units[0])
    again = read_unit(write_unit(unit, tmp_path / "unit.nc", json.loads(unit.attrs["provenance"])))
    xr.testing.assert_identical(again, unit)
    assert all(variable.dtype == np.float64 for variable in again.data_vars.values())
    assert again["residents"].dims == ("world", "plan", "draw", "quarter", "arrondissement", "age_group")
    assert again["residents"].attrs["unit"] == "persons"


def test_equal_runs_write_equal_bytes(tmp_path: Path) -> None:
    one = write_units(tmp_path / "one", 1, **SHORT)[0]
    two = write_units(tmp_path / "two", 1, **SHORT)[0]
    assert one.read_bytes() == two.read_bytes()


def test_a_unit_holds_no_plan_first_and_must_hold_it(units: list[Path]) -> None:
    unit = read_unit(units[0])
    runs = {str(plan): unit.sel(plan=plan, drop=True).isel(world=0, draw=0, drop=True) for plan in unit["plan"].values}
    turned = make_unit("calm", 3, {"growth": runs["growth"], "none": runs["none"]})
    assert turned["plan"].values.tolist() == ["none", "growth"]
    xr.testing.assert_equal(turned["gva"].sel(plan="growth", drop=True).squeeze(drop=True), runs["growth"]["gva"])
    with pytest.raises(ValueError, match="none"):
        make_unit("calm", 3, {"growth": runs["growth"]})


def test_values_that_are_missing_stay_missing(tmp_path: Path, units: list[Path]) -> None:
    unit = read_unit(units[0])
    unit["mean_wage"][0, 0, 0, 1] = np.nan
    again = read_unit(write_unit(unit, tmp_path / "unit.nc", {}))
    assert np.isnan(again["mean_wage"].values).sum() == 1


def test_a_run_without_any_measure_is_stored_and_read(tmp_path: Path, units: list[Path]) -> None:
    unit = read_unit(units[0]).isel(measure=[])
    again = read_unit(write_unit(unit, tmp_path / "unit.nc", {}))
    assert again["public_cost"].shape == unit["public_cost"].shape
    assert again["public_cost"].sum().item() == 0


# ------------------------------------------------------------------------------------------------- whole or not at all


def test_a_crash_while_writing_leaves_the_old_file(
    tmp_path: Path, units: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "unit.nc"
    unit = read_unit(units[0])
    write_unit(unit, target, {"run": 1})
    before = target.read_bytes()
    half_written = []

    def crash(self: xr.Dataset, path: Path, **_: object) -> None:
        Path(path).write_bytes(before[:100])
        half_written.append(Path(path))
        raise KeyboardInterrupt

    monkeypatch.setattr(xr.Dataset, "to_netcdf", crash)
    with pytest.raises(KeyboardInterrupt):
        write_unit(unit, target, {"run": 2})
    assert half_written and half_written[0] != target
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_crash_at_the_first_writing_leaves_nothing(tmp_path: Path) -> None:
    def writes_a_part() -> None:
        with files.whole_file(tmp_path / "summary.json") as temporary:
            temporary.write_text("{")
            assert list(tmp_path.glob("*.json")) == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        writes_a_part()
    assert list(tmp_path.iterdir()) == []


def test_the_final_name_appears_only_after_the_last_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []

    def watched(source: Path, target: Path) -> None:
        moved.append((Path(source).read_text(), Path(target).exists(), Path(source).parent == Path(target).parent))
        Path(source).rename(target)

    monkeypatch.setattr(files.os, "replace", watched)
    files.write_text(tmp_path / "deep" / "a.txt", "all of it")
    assert moved == [("all of it", False, True)]


# ------------------------------------------------------------------------------------------------------------- collect


def test_the_order_of_paths_does_not_matter(tmp_path: Path, units: list[Path]) -> None:
    shuffled = list(units)
    random.Random(5).shuffle(shuffled)
    one, two = (collect(paths, tmp_path / f"{name}.zarr") for name, paths in (("a", units), ("b", shuffled)))
    xr.testing.assert_identical(read_results(one), read_results(two))
    files = [sorted((f.relative_to(at), f.read_bytes()) for f in at.rglob("*") if f.is_file()) for at in (one, two)]
    assert files[0] == files[1]


def test_collected_results_hold_every_unit_in_its_place(tmp_path: Path, units: list[Path]) -> None:
    whole = read_results(collect(units, tmp_path / "a.zarr"))
    assert whole["draw"].values.tolist() == list(range(12))  # by number: 10 after 9
    assert whole["world"].values.tolist() == ["calm", "storm"]
    assert whole["residents"].dims[:4] == ("world", "plan", "draw", "quarter")
    for path in units:
        unit = read_unit(path)
        here = whole.sel(world=unit["world"].values, draw=unit["draw"].values)
        xr.testing.assert_equal(here, unit)


def test_what_is_read_back_is_what_was_collected(tmp_path: Path, units: list[Path]) -> None:
    whole = read_results(collect(units, tmp_path / "results.zarr"))
    xr.testing.assert_identical(read_results(tmp_path), whole)
    xr.testing.assert_identical(xr.open_zarr(tmp_path / "results.zarr", chunks=None), whole)  # without regionsim


def test_provenance_and_worlds_are_merged(tmp_path: Path, units: list[Path]) -> None:
    whole = read_results(collect(units, tmp_path / "a.zarr"))
    assert attribute(whole, "provenance", {})["seeds"] == {str(draw): 90 + draw for draw in range(12)}
    assert set(attribute(whole, "world", {})) == {"calm", "storm"}
    assert attribute(whole, "nothing", "default") == "default"


def test_units_that_differ_in_versions_show_it(tmp_path: Path, units: list[Path]) -> None:
    unit = read_unit(units[1])
    source = json.loads(unit.attrs["provenance"])
    source["python"] = "2.7"
    other = write_unit(unit, tmp_path / "other.nc", source)
    whole = read_results(collect([units[0], other], tmp_path / "a.zarr"))
    assert "2.7" in attribute(whole, "provenance", {})["python"]
    assert len(attribute(whole, "provenance", {})["python"]) == 2


def test_merging_keeps_equal_values_and_lists_different_ones() -> None:
    one, two = {"a": 1, "b": {"x": 1}, "c": [1]}, {"a": 1, "b": {"y": 2}, "c": [2]}
    assert merged([one, two, one]) == {"a": 1, "b": {"x": 1, "y": 2}, "c": [[1], [2]]}


def test_every_fault_of_the_units_is_told_at_once(tmp_path: Path, units: list[Path]) -> None:
    double = altered(units[0], tmp_path / "double.nc")
    other_plan = altered(units[1], tmp_path / "plan.nc", plan_start={"growth": "2020Q3"})
    later = write_units(tmp_path / "later", 4, worlds=("storm",), first="2020Q1", last=LAST)[3]
    with pytest.raises(InputError) as error:
        collect([units[0], double, other_plan, later, units[14]], tmp_path / "a.zarr")
    told = "\n".join(error.value.faults)
    assert "world 'storm', draw 0 is already in" in told
    assert "attributes 'plan_start' differ" in told
    assert "labels of 'quarter' differ" in told
    assert "world 'calm' lacks draw 0, 1, 3" in told
    assert "world 'storm' lacks draw 2" in told
    assert not (tmp_path / "a.zarr").exists()


def test_a_collected_file_is_no_unit(tmp_path: Path, units: list[Path]) -> None:
    read_results(collect(units, tmp_path / "a.zarr")).to_netcdf(tmp_path / "a.nc")
    with pytest.raises(InputError, match="not one unit"):
        collect([tmp_path / "a.nc"], tmp_path / "b.zarr")


def test_nothing_to_collect(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no unit"):
        collect([], tmp_path / "a.zarr")


# ------------------------------------------------------------------------------------------------------------- reading


def test_missing_results_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_results(tmp_path / "absent.nc")
    with pytest.raises(InputError, match="holds no results.zarr"):
        read_results(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not netcdf", b"\x89HDF\r\n\x1a\n" + b"0" * 600])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    damaged = tmp_path / "results.nc"
    damaged.write_bytes(content)
    with pytest.raises(InputError, match="not a readable netCDF file"):
        read_results(damaged)


def test_a_truncated_file_is_told(tmp_path: Path, units: list[Path]) -> None:
    damaged = tmp_path / "results.nc"
    whole = units[0].read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="not a readable netCDF file"):
        read_results(damaged)


def test_a_foreign_netcdf_file_is_told(tmp_path: Path) -> None:
    xr.Dataset({"rain": ("day", [1.0])}).to_netcdf(tmp_path / "rain.nc")
    with pytest.raises(InputError) as error:
        read_results(tmp_path / "rain.nc")
    assert len(error.value.faults) == 4


def test_the_synthetic_dataset_is_a_results_file(tmp_path: Path) -> None:
    whole = synthetic(tmp_path, 2, **SHORT)
    xr.testing.assert_identical(read_results(tmp_path), whole)
