"""The baseline beside the published figures of its first years, with the error of naive continuation beside its own.

Levels that follow different concepts are compared as the docs say: jobs and value added as an index on the first year,
rates of the survey moved with the model's change. Naive continuation keeps the first published value for ever. A row
passes if the model's mean absolute error over the years after that is the smaller one; some rows carry a bar besides,
and keep the first year in their means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from regionsim.data.tables import RegionTables
from regionsim.validation.bars import BARS, Line, Series
from regionsim.validation.history_lines import lines
from regionsim.validation.runs import DrawRun

if TYPE_CHECKING:
    import pandas as pd


def compare(tables: RegionTables, runs: Sequence[DrawRun]) -> pd.DataFrame:
    """One row per series and year: published, model mean and 80 % range, the errors of both, tag."""
    import pandas as pd

    rows = []
    for line in (*BARS, *lines(tables)):
        published = line.published(tables)
        modelled = [line.modelled(run, tables) for run in runs]
        for year in sorted(published):
            values = np.array([m[year] for m in modelled if year in m])
            if values.size:
                rows.append(_year(line, year, published, values))
    return pd.DataFrame(rows)


def _year(line: Line, year: int, published: Series, values: np.ndarray) -> dict[str, object]:  # type: ignore[type-arg]
    first = published[min(published)]
    truth, mean = published[year], float(values.mean())
    relative = 100.0 / truth if line.relative else 1.0
    return {
        "series": line.name,
        "year": year,
        "published": truth,
        "model": mean,
        "p10": float(np.quantile(values, 0.1)),
        "p90": float(np.quantile(values, 0.9)),
        "error": (mean - truth) * relative,
        "error_naive": (first - truth) * relative,
        "error_unit": "%" if line.relative else "points",
        "tag": line.tag,
    }


def score(tables: RegionTables, years: pd.DataFrame) -> pd.DataFrame:
    """One row per series: mean and largest error beside naive continuation, whether it is below, and its bar."""
    import pandas as pd

    rows = []
    for line in (*BARS, *lines(tables)):
        part = years[years["series"] == line.name]
        if line.limit is None:
            part = part[part["year"] > part["year"].min()]  # the year in which naive continuation is right
        if len(part) < 1:
            continue
        mean, largest = float(part["error"].abs().mean()), float(part["error"].abs().max())
        naive = float(part["error_naive"].abs().mean())
        unit = part["error_unit"].iloc[0]
        judged = mean if line.judged == "mean" else largest
        rows.append({
            "name": line.name,
            "tag": line.tag,
            "years": f"{part['year'].min()}-{part['year'].max()}",
            "unit": unit,
            "model_error": mean,
            "largest_error": largest,
            "naive_error": naive,
            "ratio": mean / naive if naive > 0 else np.nan,
            "passed": bool(mean < naive),
            "bar": "" if line.limit is None else f"{line.judged} <= {line.limit:g} {unit}",
            "met": None if line.limit is None else bool(judged <= line.limit),
        })  # fmt: skip
    return pd.DataFrame(rows)
