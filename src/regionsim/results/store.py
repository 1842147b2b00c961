"""Results on disk: one netCDF file per unit (world, draw; plans inside), collected into one labelled Zarr store.

A unit is whole or not there; the store is written beside its name by one writer, block by block, and then takes it. So
an ensemble may be larger than memory, and a disk that fills up leaves the earlier results as they were.

Attributes of a dataset hold JSON texts, because netCDF takes no dict or None: `provenance`, `region`, `world`,
`plan_start`, `measures`, `assumptions`, `history` and whatever else a run hands over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from regionsim.results.files import whole_file, whole_folder
from regionsim.state.errors import InputError

LEADING = ("world", "plan", "draw", "quarter")
RESULTS_FILE = "results.zarr"
LOADED_BYTES = 1e9
DRAWS_A_BLOCK = 16  # draws of a world that are written, and later read, together
MERGED = ("world", "provenance")  # attributes that differ between units and are merged; all others must agree
REFERENCE = "none"


def make_unit(
    world: str, draw: int, plans: Mapping[str, xr.Dataset], attrs: Mapping[str, Any] | None = None
) -> xr.Dataset:
    """One unit, dims (world=1, plan, draw=1, quarter, ...), out of one finished recorder per plan.

    'none' must be among the plans. Values of `attrs` are turned into JSON texts.
    """
    if REFERENCE not in plans:
        raise ValueError(f"a unit needs the plan '{REFERENCE}', it has: {', '.join(plans)}")
    unit = xr.concat(
        list(plans.values()),
        dim=xr.Variable("plan", list(plans)),
        join="exact",
        combine_attrs="override",
        data_vars="all",
        coords="minimal",
        compat="override",
    )
    unit = unit.expand_dims(world=[world], draw=[draw])
    unit.attrs.update(_texts(attrs))
    return _ordered(unit)


def write_unit(dataset: xr.Dataset, path: Path | str, provenance: Mapping[str, Any]) -> Path:
    """Write one unit as netCDF4 (float64, zlib level 1), whole or not at all; returns the path."""
    return _write(dataset.assign_attrs(provenance=as_text(provenance)), path)


def read_unit(path: Path | str) -> xr.Dataset:
    """Load one unit, or any results file, into memory. InputError if it is missing or is no netCDF file of ours."""
    return _read(Path(path), xr.Dataset.load)


def _read(file: Path, part: Callable[[xr.Dataset], xr.Dataset]) -> xr.Dataset:
    """What `part` takes of a unit's file into memory. InputError as in `read_unit`."""
    if not file.is_file():
        raise InputError(str(file), "no such file; a results file ends in .nc")
    try:
        with xr.open_dataset(file, engine="netcdf4") as stored:
            dataset = part(stored)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(str(file), f"not a readable netCDF file ({error})") from error
    missing = [dim for dim in LEADING if dim not in dataset.dims]
    if missing:
        raise InputError(str(file), [f"no dim '{dim}': not a results file of regionsim" for dim in missing])
    return dataset


def collect(paths: Iterable[Path | str], out_path: Path | str, attrs: Mapping[str, Any] | None = None) -> Path:
    """Put units together, dims (world, plan, draw, quarter, ...), sorted by world and draw, as a Zarr store.

    The order of `paths` does not matter. `attrs`, as JSON texts, stand beside those of the units. The labels of all
    units are read first, then the values, a block of draws at a time. InputError if units are missing, double, or of
    different experiments.
    """
    files = sorted({Path(path) for path in paths})
    if not files:
        raise InputError(str(out_path), "no unit to collect")
    labels = {file: _labels_of(file) for file in files}
    found = _places(labels)
    worlds, draws = sorted({world for world, _ in found.values()}), sorted({draw for _, draw in found.values()})
    at = {place: file for file, place in found.items()}
    with whole_folder(out_path) as temporary:
        store = _empty_store(temporary, files[0], worlds, draws, _merged_attrs(labels.values()) | _texts(attrs))
        for w, world in enumerate(worlds):
            for first in range(0, len(draws), DRAWS_A_BLOCK):
                block = [read_unit(at[world, draw]) for draw in draws[first : first + DRAWS_A_BLOCK]]
                _fill(store, _ordered(xr.concat(block, "draw", join="exact", combine_attrs="override")), w, first)
    return Path(out_path)


def read_results(path: Path | str) -> xr.Dataset:
    """The dataset of a store, of a folder that holds `results.zarr`, or of one unit; InputError if there is none.

    Up to 1 GB is loaded, so that it stays what it is when the same run is collected again; values of a larger store are
    read when they are asked for.
    """
    place = Path(path)
    if place.suffix == ".nc":
        return read_unit(place)
    if (place / RESULTS_FILE).is_dir():
        place = place / RESULTS_FILE
    if not (place / ".zgroup").is_file():
        what = f"holds no {RESULTS_FILE}: give the folder of a finished run, or a .nc file of one unit"
        raise InputError(str(place), what if place.is_dir() else "no such file or folder")
    try:
        dataset: xr.Dataset = xr.open_zarr(place, chunks=None)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(str(place), f"not a readable Zarr store ({error})") from error
    return dataset.load() if dataset.nbytes <= LOADED_BYTES else dataset


def attribute(dataset: xr.Dataset, key: str, default: Any) -> Any:
    """The decoded JSON attribute `key`, or `default` when the dataset has none."""
    stored = dataset.attrs.get(key)
    return default if stored is None else json.loads(stored)


def as_text(value: Any) -> str:
    """JSON text of a value, keys sorted, so that equal values give equal texts; a text must be JSON already."""
    decoded = json.loads(value) if isinstance(value, str) else value
    return json.dumps(decoded, sort_keys=True, ensure_ascii=False)


def _write(dataset: xr.Dataset, path: Path | str) -> Path:
    encoding = {str(name): {"zlib": True, "complevel": 1, "_FillValue": None} for name in dataset.data_vars}
    with whole_file(path) as temporary:
        dataset.to_netcdf(temporary, engine="netcdf4", format="NETCDF4", encoding=encoding)
    return Path(path)


def _ordered(dataset: xr.Dataset) -> xr.Dataset:
    """Leading dims first and the plan 'none' before the others, whose order is that of the run."""
    plans = [str(plan) for plan in dataset["plan"].values]
    plans.sort(key=lambda plan: plan != REFERENCE)
    return dataset.sel(plan=plans).transpose(*LEADING, ...)


def _places(labels: Mapping[Path, xr.Dataset]) -> dict[Path, tuple[str, int]]:
    """World and draw of every unit. InputError with all that are double, missing or of another experiment."""
    faults: list[str] = []
    seen: dict[tuple[str, int], Path] = {}
    first_file, first = next(iter(labels.items()))
    for file, unit in labels.items():
        if unit.sizes["world"] != 1 or unit.sizes["draw"] != 1:
            faults.append(f"{file}: not one unit (it has {unit.sizes['world']} worlds and {unit.sizes['draw']} draws)")
            continue
        place = (str(unit["world"].item()), int(unit["draw"].item()))
        if place in seen:
            faults.append(f"{file}: world '{place[0]}', draw {place[1]} is already in {seen[place]}")
        seen[place] = file
        faults += [f"{file}: {what} differ from {first_file}" for what in _differences(first, unit)]
    draws = sorted({draw for _, draw in seen})
    for world in sorted({world for world, _ in seen}):
        missing = [str(draw) for draw in draws if (world, draw) not in seen]
        if missing:
            faults.append(f"world '{world}' lacks draw {', '.join(missing)}, which another world has")
    if faults:
        raise InputError("units to collect", faults)
    return {file: place for place, file in seen.items()}


def _labels_of(file: Path) -> xr.Dataset:
    """Labels, names of outcomes and attributes of a unit, without its outcomes' values."""

    def labels(stored: xr.Dataset) -> xr.Dataset:
        nothing = {name: xr.Variable((), 0.0) for name in stored.data_vars}
        return stored.coords.to_dataset().load().assign(nothing).assign_attrs(stored.attrs)

    return _read(file, labels)


def _differences(one: xr.Dataset, other: xr.Dataset) -> list[str]:
    """What two units must share and do not: outcomes, labels, attributes."""
    if set(one.data_vars) != set(other.data_vars):
        return ["outcomes"]
    different = [
        f"labels of '{name}'"
        for name in sorted({*map(str, one.coords), *map(str, other.coords)} - {"world", "draw"})
        if name not in one.coords or name not in other.coords or not one[name].equals(other[name])
    ]
    keys = sorted({*one.attrs, *other.attrs} - set(MERGED))
    return different + [f"attributes '{key}'" for key in keys if one.attrs.get(key) != other.attrs.get(key)]


def _empty_store(folder: Path, file: Path, worlds: list[str], draws: list[int], attrs: dict[str, Any]) -> Any:
    """A store with all labels and attributes and an array without values per outcome, formed as in one unit."""
    import zarr

    unit = _ordered(read_unit(file))
    labels = xr.Dataset(coords={**unit.coords, "world": worlds, "draw": draws}, attrs=attrs)
    labels.to_zarr(folder, mode="w", zarr_format=2, consolidated=False)
    group = zarr.open_group(folder, mode="a", zarr_format=2)
    sizes = dict(labels.sizes)
    for name, variable in unit.data_vars.items():
        chunks = {"world": 1, "draw": min(DRAWS_A_BLOCK, len(draws))}
        dims = [str(dim) for dim in variable.dims]
        group.create_array(
            str(name),
            shape=tuple(sizes[dim] for dim in dims),
            chunks=tuple(chunks.get(dim, max(sizes[dim], 1)) for dim in dims),
            dtype="float64",
            fill_value=math.nan,
            attributes={"_ARRAY_DIMENSIONS": dims, **variable.attrs},
        )
    zarr.consolidate_metadata(folder, zarr_format=2)
    return group


def _fill(store: Any, block: xr.Dataset, world: int, first: int) -> None:
    """Write a block of draws of one world into its place."""
    for name, variable in block.data_vars.items():
        index = {"world": slice(world, world + 1), "draw": slice(first, first + block.sizes["draw"])}
        store[name][tuple(index.get(str(dim), slice(None)) for dim in variable.dims)] = variable.values


def _merged_attrs(units: Iterable[xr.Dataset]) -> dict[str, Any]:
    """Attributes of the first unit; those in MERGED merged over all."""
    all_attrs = [unit.attrs for unit in units]
    attrs = dict(all_attrs[0])
    for key in MERGED:
        values = [json.loads(each[key]) for each in all_attrs if key in each]
        if values:
            attrs[key] = as_text(merged(values))
    return attrs


def _texts(attrs: Mapping[str, Any] | None) -> dict[str, str]:
    return {key: as_text(value) for key, value in (attrs or {}).items()}


def merged(values: Sequence[Any]) -> Any:
    """One value out of several: equal ones once, objects key by key, others as the list of the distinct ones."""
    if all(value == values[0] for value in values):
        return values[0]
    if all(isinstance(value, dict) for value in values):
        keys = dict.fromkeys(key for value in values for key in value)
        return {key: merged([value[key] for value in values if key in value]) for key in keys}
    distinct: list[Any] = []
    for value in values:
        if value not in distinct:
            distinct.append(value)
    return distinct
