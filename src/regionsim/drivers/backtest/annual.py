"""Rolling origins for the short annual panels: the pooled walk beside a walk of each place's own.

Births, deaths and net migration by arrondissement, as published; births and deaths stand for the fertility and
mortality that are forecast, whose histories are too short for origins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.drivers.backtest.scores import score_rows
from regionsim.drivers.forecast import generator
from regionsim.drivers.history.demography import residents
from regionsim.drivers.models.annual import pooled_walk
from regionsim.drivers.models.benchmarks import BENCHMARKS
from regionsim.drivers.series import Series, standardised

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

FAMILIES = {"births": True, "deaths": True, "net_migration": False}  # whether changes are relative
YEARS = 5  # longest horizon
FIRST_YEARS = 9  # of history before the first origin
DRAWS = 400


def annual_backtest(tables: RegionTables, seed: int = 1) -> pd.DataFrame:
    """A row per family, arrondissement, model, origin (year) and horizon (years), as in the quarterly backtest."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for family, relative in FAMILIES.items():
        table = tables.vital_events.pivot(index="arrondissement", columns="year", values=family)
        values = table.reindex(list(tables.labels.arrondissements)).to_numpy(float)
        years = [int(year) for year in table.columns]
        sizes = np.ones(len(values)) if relative else residents(tables)
        for origin in range(FIRST_YEARS, len(years)):
            rows += _at_origin(family, relative, values, sizes, years[0], origin, seed)
    return pd.DataFrame(rows)


def _at_origin(
    family: str, relative: bool, values: Array, sizes: Array, first: int, origin: int, seed: int
) -> list[dict[str, Any]]:
    """Rows of one family at one origin, the number of years known; values: (places, years)."""
    known, later = values[:, :origin], values[:, origin : origin + YEARS]
    scaled = known / sizes[:, None]
    steps = np.diff(np.log(scaled) if relative else scaled, axis=1)
    walk = pooled_walk(steps, YEARS, DRAWS, generator(seed, family, origin))
    rows: list[dict[str, Any]] = []
    for k in range(len(known)):
        s = standardised(Series(f"{family}/{k}", first, known[k], periods=1, log=relative))
        pooled = 100.0 * walk[:, k] if relative else walk[:, k] * sizes[k] / s.unit
        samples = {"pooled_walk": pooled}
        for name, benchmark in BENCHMARKS.items():
            samples[name] = benchmark(s, YEARS, DRAWS, generator(seed, family, name, k, origin))
        for name, sample in samples.items():
            found = score_rows(s, name, sample, later[k], generator(seed, family, name, k, origin, "pit"))
            rows += [{"family": family, **row} for row in found]
    return rows


def annual_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Scaled CRPS and coverage by family and model, over all origins and horizons: a row per (family, model)."""
    grouped = rows.groupby(["family", "model"])
    table = grouped[["scaled_crps", "mase", "in80", "in95"]].mean()
    table.columns = ["crps", "mase", "coverage_80", "coverage_95"]
    table["cases"] = grouped.size()
    return table
