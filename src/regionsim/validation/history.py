"""The baseline beside the published figures of its first years, with the error of naive continuation beside its own.

Levels that follow different concepts are compared as the docs say: jobs as an index on the first year, unemployment as
the survey's rate moved with the model's index. Each row says whether the series was imposed, fitted or emergent.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from regionsim.model.region_model import RegionModel
from regionsim.model.settings import Settings
from regionsim.model.setup import Setup, prepare
from regionsim.results.files import write_text
from regionsim.validation.bars import BARS, Bar

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Series = dict[int, float]


def validate(settings: Settings, folder: Path, say: Callable[[str], None] = print) -> bool:
    """Run the baseline over the published years, write baseline.csv and scores.csv into `folder`, print the scores.

    True if every bar of `BARS` is met by the mean of the draws."""
    setup = prepare(settings)
    runs = []
    for draw in range(settings.first_draw, settings.first_draw + settings.draws):
        runs.append(_baseline(setup, draw))
        say(f"draw {draw} of {settings.draws} run")
    table = compare(setup, runs)
    scores = score(table)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "baseline.csv", table.to_csv(index=False))
    write_text(folder / "scores.csv", scores.to_csv(index=False))
    say(table.to_string(index=False, float_format=lambda v: f"{v:,.2f}"))
    say(scores.to_string(index=False, float_format=lambda v: f"{v:.3f}"))
    say(f"written: {folder / 'baseline.csv'}, {folder / 'scores.csv'}")
    return bool(scores["met"].all())


def _baseline(setup: Setup, draw: int) -> xr.Dataset:
    model = RegionModel(setup, draw, record=True).run(len(setup.quarters))
    assert model.recorder is not None
    return model.recorder.finish(setup.settings.scale)


def compare(setup: Setup, runs: list[xr.Dataset]) -> pd.DataFrame:
    """One row per series and year: published, model mean and 80 % range, their errors, tag."""
    import pandas as pd

    rows = []
    for bar in BARS:
        published = bar.published(setup.tables)
        modelled = [bar.modelled(run, setup.tables) for run in runs]
        for year in sorted(published):
            values = np.array([m[year] for m in modelled if year in m])
            if values.size:
                rows.append(_row(bar, year, published, values))
    return pd.DataFrame(rows)


def _row(bar: Bar, year: int, published: Series, values: np.ndarray) -> dict[str, object]:  # type: ignore[type-arg]
    first = published[min(published)]
    truth, mean = published[year], float(values.mean())
    relative = 100.0 / truth if bar.relative else 1.0
    return {
        "series": bar.name,
        "year": year,
        "published": truth,
        "model": mean,
        "p10": float(np.quantile(values, 0.1)),
        "p90": float(np.quantile(values, 0.9)),
        "error": (mean - truth) * relative,
        "error_naive": (first - truth) * relative,
        "error_unit": "%" if bar.relative else "points",
        "tag": bar.tag,
    }


def score(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and largest absolute error of each series, beside naive continuation, and whether its bar is met."""
    import pandas as pd

    rows = []
    for bar in BARS:
        part = table[table["series"] == bar.name]
        mean, largest = float(part["error"].abs().mean()), float(part["error"].abs().max())
        rows.append({
            "series": bar.name,
            "years": f"{part['year'].min()}-{part['year'].max()}",
            "mean_error": mean,
            "largest_error": largest,
            "mean_error_naive": float(part["error_naive"].abs().mean()),
            "bar": f"{bar.judged} <= {bar.limit:g} {part['error_unit'].iloc[0]}",
            "met": (mean if bar.judged == "mean" else largest) <= bar.limit,
            "tag": bar.tag,
        })  # fmt: skip
    return pd.DataFrame(rows)
