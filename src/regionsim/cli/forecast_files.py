"""The files of a forecast, each whole or not there; those of an earlier one that this one does not make are removed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionsim.cli.forecast_keys import Choices
from regionsim.ensemble.storage import writing
from regionsim.report.forecast.page import build_forecast_page, write_pictures
from regionsim.results.files import whole_file, write_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from regionsim.report.forecast.evidence import Evidence

TABLES = {
    "scores": "scores.csv",
    "by_series": "scores_by_series.csv",
    "tests": "tests.csv",
    "verdicts": "verdicts.csv",
    "energy": "energy.csv",
    "rows": "backtest.csv",
    "annual": "annual_scores.csv",
}


def write_all(
    choices: Choices, ds: xr.Dataset, evidence: Evidence | None, drivers: xr.Dataset | None
) -> dict[str, Path]:
    """Write everything into the folder of the choices; returns what to tell: name and path."""
    folder = choices.folder
    folder.mkdir(parents=True, exist_ok=True)
    _write_dataset(ds, folder / "forecast.nc")
    if drivers is not None:
        _write_dataset(drivers, folder / "drivers.nc")
    else:
        (folder / "drivers.nc").unlink(missing_ok=True)
    for name, file in TABLES.items():
        if evidence is not None and len(getattr(evidence, name).columns):
            write_text(folder / file, getattr(evidence, name).to_csv(index=False))
        else:
            (folder / file).unlink(missing_ok=True)
    pictures = write_pictures(ds, folder, choices.language)
    for old in set(folder.glob("fan_*.png")) - set(pictures):
        old.unlink(missing_ok=True)
    page = build_forecast_page(ds, evidence, drivers, folder / "forecast.html", choices.language)
    summary = json.dumps(_summary(ds, evidence), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(folder / "summary.json", summary + "\n")
    told = {"page": page, "dataset": folder / "forecast.nc", "pictures": folder / "fan_*.png"}
    return told | ({"tables": folder / "*.csv"} if evidence is not None else {})


def _write_dataset(ds: xr.Dataset, path: Path) -> None:
    """Write it whole; attributes are texts and numbers, because netCDF takes no None, dictionary or truth value."""
    encoding = {name: {"zlib": True, "complevel": 1} for name in ds.data_vars if ds[name].dtype.kind == "f"}
    with writing(path, ds.nbytes), whole_file(path) as temporary:
        ds.to_netcdf(temporary, engine="netcdf4", encoding=encoding)


def _summary(ds: xr.Dataset, evidence: Evidence | None) -> dict[str, Any]:
    """What a script wants: what was forecast, the score table and the verdicts."""
    last = {str(name): str(ds["last_observed"].sel(series=name).item()) for name in ds["series"].values}
    kept = {key: ds.attrs[key] for key in ("source", "vintage", "hash", "seed", "model", "periods_a_year")}
    told = {**kept, "draws": ds.sizes["draw"], "until": str(ds["period"].values[-1]), "last_observed": last}
    if evidence is None:
        return {**told, "backtested": False}
    return {**told, "backtested": True, "verdicts": _records(evidence.verdicts), "scores": _records(evidence.scores)}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows without what is not finite."""
    return [
        {str(key): value for key, value in row.items() if not (isinstance(value, float) and not math.isfinite(value))}
        for row in table.astype(object).to_dict("records")
    ]
