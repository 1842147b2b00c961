"""What every section of a forecast's page looks at: dataset, evidence, drivers, and the words of the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.report.charts import OPACITY
from regionsim.report.forecast.evidence import ALL, OUTSIDE, Evidence
from regionsim.report.text import MINUS, NO_BREAK, Texts

UNKNOWN_UNIT = "as in the data"
YEARS_SHOWN = 10  # of history before the last observation


@dataclass(frozen=True, eq=False)
class Outlook:
    """value(series, draw, period) of drivers.dataset; evidence: None if not backtested; drivers: of a region."""

    ds: xr.Dataset
    text: Texts
    evidence: Evidence | None = None
    drivers: xr.Dataset | None = None

    @property
    def series(self) -> list[str]:
        """Names of the series."""
        return [str(name) for name in self.ds["series"].values]

    @property
    def periods(self) -> list[str]:
        """Periods of history and paths."""
        return [str(period) for period in self.ds["period"].values]

    def last(self, name: str) -> str:
        """Last period observed."""
        return str(self.ds["last_observed"].sel(series=name).item())

    def unit(self, name: str) -> str:
        """Unit in the page's language; '' where it is not known."""
        unit = str(self.ds["unit"].sel(series=name).item())
        return "" if unit == UNKNOWN_UNIT else self.text.unit(unit)

    def history(self, name: str) -> pd.DataFrame:
        """period, year, median of what was observed, from its first period on."""
        whole = self.frame(name)
        seen = whole[: self._last_row(name) + 1][["period", "year", "median"]]
        known: pd.DataFrame = seen.dropna().reset_index(drop=True)
        return known

    def ahead(self, name: str) -> pd.DataFrame:
        """period, year, median, lo50, hi50, lo80, ... from the last observation on."""
        frame: pd.DataFrame = self.frame(name)
        later: pd.DataFrame = frame[self._last_row(name) :].reset_index(drop=True)
        return later

    def shown(self, name: str) -> pd.DataFrame:
        """The history of the last YEARS_SHOWN years."""
        past = self.history(name)
        recent: pd.DataFrame = past[past["year"] >= past["year"].iloc[-1] - YEARS_SHOWN].reset_index(drop=True)
        return recent

    def frame(self, name: str) -> pd.DataFrame:
        """Median and ranges over draws in every period; NaN before the series begins."""
        if name not in self._frames:
            levels = {"median": 0.5}
            for level in OPACITY:
                levels |= {f"lo{level}": (1 - level / 100) / 2, f"hi{level}": (1 + level / 100) / 2}
            values = self.ds["value"].sel(series=name).transpose("draw", "period").values
            found = np.quantile(values, list(levels.values()), axis=0)
            columns = {"period": self.periods, "year": self.ds["year"].values}
            self._frames[name] = pd.DataFrame({**columns, **dict(zip(levels, found, strict=True))})
        return self._frames[name]

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {}

    def _last_row(self, name: str) -> int:
        return self.periods.index(self.last(name))

    @property
    def part(self) -> str:
        """The part that charts show: outside the pandemic, where there is any."""
        assert self.evidence is not None
        return OUTSIDE if OUTSIDE in self.evidence.parts else ALL

    def rows(self, part: str) -> pd.DataFrame:
        """Rows of the default forecast in a part."""
        assert self.evidence is not None
        rows = self.evidence.rows[self.evidence.rows["model"] == "default"]
        return rows if part == ALL else rows[~rows["pandemic"]]

    def fixed(self, value: float, decimals: int = 3) -> str:
        """A number with so many decimals, for columns that are compared; a dash if there is none."""
        if not np.isfinite(value):
            return self.text.number(None)
        return f"{value:.{decimals}f}".replace("-", MINUS).replace(".", str(self.text.number_locale["decimal"]))

    def share(self, value: float) -> str:
        """A share as percent with one decimal."""
        return f"{self.fixed(100 * value, 1)}{NO_BREAK}%"
