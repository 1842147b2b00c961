"""Results on disk: one netCDF file per unit (world, draw; plans inside), collected into one labelled dataset.

Attributes of a dataset hold JSON texts, because netCDF takes no dict or None: `provenance`, `region`, `world`,
`plan_start`, `measures`, `assumptions`, `history` and whatever else a run hands over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from regionsim.results.files import whole_file
from regionsim.state.errors import InputError

LEADING = ("world", "plan", "draw", "quarter")
RESULTS_FILE = "results.nc"
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
    unit.attrs.update({key: as_text(value) for key, value in (attrs or {}).items()})
    return _ordered(unit)


def write_unit(dataset: xr.Dataset, path: Path | str, provenance: Mapping[str, Any]) -> Path:
    """Write one unit as netCDF4 (float64, zlib level 1), whole or not at all; returns the path."""
    return _write(dataset.assign_attrs(provenance=as_text(provenance)), path)


def read_unit(path: Path | str) -> xr.Dataset:
    """Load one unit, or any results file, into memory. InputError if it is missing or is no netCDF file of ours."""
    file = Path(path)
    if not file.is_file():
        raise InputError(str(file), "no such file; a results file ends in .nc")
    try:
        with xr.open_dataset(file, engine="netcdf4") as stored:
            dataset = stored.load()
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(str(file), f"not a readable netCDF file ({error})") from error
    missing = [dim for dim in LEADING if dim not in dataset.dims]
    if missing:
        raise InputError(str(file), [f"no dim '{dim}': not a results file of regionsim" for dim in missing])
    return dataset


def collect(paths: Iterable[Path | str], out_path: Path | str) -> xr.Dataset:
    """Put units together, dims (world, plan, draw, quarter, ...), sorted by world and draw, and write them out.

    The order of `paths` does not matter. InputError if units are missing, double, or of different experiments.
    """
    files = sorted({Path(path) for path in paths})
    if not files:
        raise InputError(str(out_path), "no unit to collect")
    units = {file: read_unit(file) for file in files}
    _check_units(units)
    ordered = sorted(units.values(), key=lambda unit: (str(unit["world"].item()), int(unit["draw"].item())))
    dataset = _ordered(_stacked(ordered))
    dataset.attrs = _merged_attrs(ordered)
    _write(dataset, out_path)
    return dataset


def read_results(path: Path | str) -> xr.Dataset:
    """The collected dataset of a results file, or of a folder that holds `results.nc`; InputError if there is none."""
    place = Path(path)
    if place.is_dir():
        if not (place / RESULTS_FILE).is_file():
            raise InputError(str(place), f"holds no {RESULTS_FILE}: give the folder of a finished run, or a .nc file")
        place = place / RESULTS_FILE
    return read_unit(place)


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


def _check_units(units: Mapping[Path, xr.Dataset]) -> None:
    """Raise one InputError with every unit that is double, missing or of another experiment."""
    faults: list[str] = []
    seen: dict[tuple[str, int], Path] = {}
    first_file, first = next(iter(units.items()))
    for file, unit in units.items():
        if unit.sizes["world"] != 1 or unit.sizes["draw"] != 1:
            faults.append(f"{file}: not one unit (it has {unit.sizes['world']} worlds and {unit.sizes['draw']} draws)")
            continue
        key = (str(unit["world"].item()), int(unit["draw"].item()))
        if key in seen:
            faults.append(f"{file}: world '{key[0]}', draw {key[1]} is already in {seen[key]}")
        seen[key] = file
        faults += [f"{file}: {what} differ from {first_file}" for what in _differences(first, unit)]
    draws = sorted({draw for _, draw in seen})
    for world in sorted({world for world, _ in seen}):
        missing = [str(draw) for draw in draws if (world, draw) not in seen]
        if missing:
            faults.append(f"world '{world}' lacks draw {', '.join(missing)}, which another world has")
    if faults:
        raise InputError("units to collect", faults)


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


def _stacked(units: Sequence[xr.Dataset]) -> xr.Dataset:
    """Fill one array per outcome with the units (all of equal labels), world by world, draw by draw."""
    worlds = sorted({str(unit["world"].item()) for unit in units})
    draws = sorted({int(unit["draw"].item()) for unit in units})
    stacked = units[0].isel(world=0, draw=0, drop=True)
    variables = {}
    for name, variable in stacked.data_vars.items():
        values = np.empty((len(worlds), len(draws), *variable.shape))
        for unit in units:
            at = worlds.index(str(unit["world"].item())), draws.index(int(unit["draw"].item()))
            values[at] = unit[name].isel(world=0, draw=0).transpose(*variable.dims).values
        variables[name] = xr.Variable(("world", "draw", *variable.dims), values, variable.attrs)
    return xr.Dataset(variables, coords={"world": worlds, "draw": draws, **stacked.coords})


def _merged_attrs(units: Sequence[xr.Dataset]) -> dict[str, Any]:
    """Attributes of the first unit; those in MERGED merged over all."""
    attrs = dict(units[0].attrs)
    for key in MERGED:
        values = [json.loads(unit.attrs[key]) for unit in units if key in unit.attrs]
        if values:
            attrs[key] = as_text(merged(values))
    return attrs


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
