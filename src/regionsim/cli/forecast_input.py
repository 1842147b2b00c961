"""What `regionsim forecast` forecasts: the series of a region's tables, or of a file of one's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regionsim.cli.forecast_keys import Choices
from regionsim.drivers.series import Series
from regionsim.state import calendar
from regionsim.state.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from regionsim.data.tables import RegionTables


@dataclass(frozen=True)
class Input:
    """Series with what is known of them; vintage: sha256 of the data; drivers: a region's, as paths to a quarter."""

    series: list[Series]
    source: str
    vintage: str
    units: Mapping[str, str] = field(default_factory=dict)
    drivers: Callable[[str], xr.Dataset] | None = None


def read_input(choices: Choices) -> Input:
    """Read and check; InputError with every fault."""
    return _of_region(choices) if choices.data is None else _of_file(choices)


def _of_file(choices: Choices) -> Input:
    from regionsim.drivers.series_file import read_series

    assert choices.data is not None
    series = read_series(choices.data, choices.transform, choices.season, choices.as_of, choices.backtest)
    digest = hashlib.sha256(choices.data.read_bytes()).hexdigest()
    return Input(series, choices.data.name, digest)


def _of_region(choices: Choices) -> Input:
    """The quarterly series of a region that are long enough for a backtest, and the paths of all its drivers."""
    from regionsim.data.tables import load_region

    tables = load_region(choices.region, None if choices.as_of is None else calendar.text(choices.as_of))
    digest = hashlib.sha256("".join(f"{k}={v}" for k, v in sorted(tables.hashes.items())).encode()).hexdigest()
    series, units = _quarterly_series(tables)
    return Input(series, tables.name, digest, units, lambda until: _driver_paths(tables, choices, until))


def _quarterly_series(tables: RegionTables) -> tuple[list[Series], dict[str, str]]:
    """Series of the table drivers that are long enough, and their units; a season where not adjusted for it."""
    from regionsim.drivers.series_file import needed

    series, units = [], {}
    known = tables.drivers_series.set_index("series")
    for name, rows in tables.drivers.groupby("series", sort=False):
        ordinals = [calendar.ordinal(period) for period in rows["period"]]
        values = rows["value"].to_numpy(float)[sorted(range(len(rows)), key=ordinals.__getitem__)]
        if len(rows) == max(ordinals) - min(ordinals) + 1 >= needed(4, True):
            seasonal = not known["seasonally_adjusted"][name]
            series.append(Series(str(name), min(ordinals), values, 4, seasonal, log=bool((values > 0).all())))
            units[str(name)] = str(known["unit"][name])
    if not series:
        raise InputError(f"region '{tables.name}'", "has no series that is long enough for a forecast by then")
    return series, units


def _driver_paths(tables: RegionTables, choices: Choices, until: str) -> xr.Dataset:
    """Paths of every driver of the model, from the first quarter of its runs."""
    from regionsim.cli.configs import compose_settings
    from regionsim.drivers.paths import driver_dataset
    from regionsim.drivers.store import cached_drivers

    central = compose_settings(["plan=none"]).parameters.central()
    first = str(tables.region.set_index("key")["value"]["census_day"])[:4] + "Q1"
    fitted = cached_drivers(tables, central.drivers, float(central.demography.age_at_birth_sd))
    return driver_dataset(fitted, choices.seed, list(range(choices.draws)), first, until)
