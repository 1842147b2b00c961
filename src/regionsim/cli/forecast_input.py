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
    import pandas as pd
    import xarray as xr

    from regionsim.data.tables import RegionTables


@dataclass(frozen=True)
class Input:
    """Series with what is known of them; vintage: sha256 of the data.

    drivers: a region's, as paths to a quarter; annual: scores of its annual series at past origins.
    """

    series: list[Series]
    source: str
    vintage: str
    units: Mapping[str, str] = field(default_factory=dict)
    drivers: Callable[[str], xr.Dataset] | None = None
    annual: Callable[[], pd.DataFrame] | None = None


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
    """The quarterly series that a region's drivers are made of, and the paths of all its drivers."""
    from regionsim.data.tables import load_region

    tables = load_region(choices.region, None if choices.as_of is None else calendar.text(choices.as_of))
    series = _long_enough(tables, choices.backtest)
    units = {s.name: _unit(tables, s.name) for s in series}
    title = str(tables.region.set_index("key")["value"].get(f"title_{choices.language}", tables.name))
    drivers = _driver_paths(tables, choices)  # first, so that tables that do not suffice are told at once
    return Input(series, title, tables.digest, units, drivers, lambda: _annual_scores(tables, choices))


def _annual_scores(tables: RegionTables, choices: Choices) -> pd.DataFrame:
    from regionsim.drivers.backtest.annual import annual_backtest, annual_table

    rows = annual_backtest(tables, choices.seed)
    return annual_table(rows) if len(rows) else rows


def _long_enough(tables: RegionTables, backtested: bool) -> list[Series]:
    """The region's series that have what a forecast needs by then."""
    from regionsim.drivers.history.national import forecast_series
    from regionsim.drivers.series_file import needed

    series = [s for s in forecast_series(tables) if len(s.values) >= needed(s.periods, backtested)]
    if not series:
        known = f" by {tables.as_of}" if tables.as_of else ""
        raise InputError(f"region '{tables.name}'", f"has no series that is long enough for a forecast{known}")
    return series


def _unit(tables: RegionTables, name: str) -> str:
    """The unit of a series as the tables give it; a series over its price index is in constant prices."""
    units = tables.drivers_series.set_index("series")["unit"]
    series, _, deflator = name.partition(" / ")
    return f"{units[series]}, constant prices" if deflator else str(units[series])


def _driver_paths(tables: RegionTables, choices: Choices) -> Callable[[str], xr.Dataset]:
    """Paths of every driver of the model, from the first quarter of its runs to a quarter, as far as those can go."""
    from regionsim.cli.configs import compose_settings
    from regionsim.drivers.history.national import first_quarter
    from regionsim.drivers.paths import driver_dataset
    from regionsim.drivers.store import cached_drivers

    central = compose_settings(["plan=none"]).parameters.central()
    draws = list(range(choices.draws))
    sd = float(central.demography.age_at_birth_sd)
    fitted = cached_drivers(tables, central.drivers, sd, choices.seed, draws)
    first = calendar.text(first_quarter(tables))

    def to(until: str) -> xr.Dataset:
        last = min(calendar.ordinal(until), calendar.ordinal(calendar.LAST_QUARTER))
        return driver_dataset(fitted, draws, first, calendar.text(last))

    return to
