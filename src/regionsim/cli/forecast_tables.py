"""The tables of a backtest, for all periods and outside the pandemic, with periods as people read them."""

from __future__ import annotations

import pandas as pd

from regionsim.drivers.backtest.origins import Backtest
from regionsim.drivers.backtest.tables import energy_table, parts, score_table, series_table, test_table, verdicts
from regionsim.drivers.periods import text
from regionsim.report.forecast.evidence import Evidence


def evidence_of(backtest: Backtest, periods: int, annual: pd.DataFrame | None = None) -> Evidence:
    """All tables; a part without any forecast is left out. annual: table of a region's annual series."""
    found = {name: part for name, part in parts(backtest).items() if len(part.scores)}
    scores = {name: score_table(part.scores) for name, part in found.items()}
    for name, part in found.items():
        scores[name]["cases"] = part.scores.groupby("model").size()
    rows = backtest.scores.copy()
    for column in ("origin", "period"):
        rows[column] = [text(int(ordinal), periods) for ordinal in rows[column]]
    return Evidence(
        scores=_stacked(scores),
        by_series=_stacked({name: series_table(part.scores) for name, part in found.items()}),
        tests=_stacked({name: test_table(part.scores) for name, part in found.items()}),
        verdicts=verdicts(backtest),
        energy=_stacked({name: energy_table(part.energy) for name, part in found.items() if len(part.energy)}),
        rows=rows,
        annual=pd.DataFrame() if annual is None else annual.reset_index(),
    )


def _stacked(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One table with the part in its first column and what was an index in the second."""
    whole = [
        (table if table.index.name is None else table.reset_index()).assign(part=name)
        for name, table in tables.items()
        if len(table)
    ]
    if not whole:
        return pd.DataFrame(columns=["part"])
    stacked = pd.concat(whole, ignore_index=True)
    return stacked[["part", *(c for c in stacked.columns if c != "part")]]
