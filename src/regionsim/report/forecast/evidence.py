"""What a backtest found, as tables that page, terminal and files share."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

ALL, OUTSIDE = "all", "outside the pandemic"
FARTHEST = 0.10  # points of coverage from 80 % at which a model is marked


@dataclass(frozen=True)
class Evidence:
    """Every table has a column `part`: all periods, or those outside the pandemic; `rows` has a column pandemic.

    scores: a row per model; by_series; tests: Diebold-Mariano; verdicts: kind, claim, figure, bar, met, value, low,
    high, benchmark; energy: a row per joint sample; rows: every forecast with its scores, origin and period as text;
    annual: a row per family and model of a region's annual series, empty without, and without a part.
    """

    scores: pd.DataFrame
    by_series: pd.DataFrame
    tests: pd.DataFrame
    verdicts: pd.DataFrame
    energy: pd.DataFrame
    rows: pd.DataFrame
    annual: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def parts(self) -> list[str]:
        """Parts that hold anything."""
        return list(dict.fromkeys(self.scores["part"]))

    def best(self, part: str) -> str:
        """The best single benchmark of a part."""
        crps = self.verdicts[(self.verdicts["part"] == part) & (self.verdicts["kind"] == "crps")]
        return str(crps["benchmark"].iloc[0])


def far_from_nominal(coverage_80: float) -> bool:
    """Whether an 80 % band is so far off that a model would widen or narrow a pool unseen."""
    return abs(coverage_80 - 0.8) > FARTHEST + 1e-12
