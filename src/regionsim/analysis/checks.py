"""Do the accounts balance? The largest residual of each account over all runs of a dataset."""

from __future__ import annotations

import pandas as pd
import xarray as xr

ACCOUNTS = {"residual_people": "people", "residual_jobs": "jobs", "residual_money": "money"}
MONEY_TOLERANCE = 1e-8  # of the value added of a quarter
COUNT_TOLERANCE = 1e-6  # persons or jobs: they are integers in the model, this is rounding after scaling


def account_checks(ds: xr.Dataset) -> pd.DataFrame:
    """One row per account in the dataset: account, unit, residual (largest), tolerance, balanced."""
    rows = []
    for name, account in ACCOUNTS.items():
        if name not in ds.data_vars:
            continue
        residual = float(abs(ds[name]).max(skipna=False))
        tolerance = COUNT_TOLERANCE
        if account == "money":
            tolerance = MONEY_TOLERANCE * float(ds["gva"].sum("sector").max()) if "gva" in ds.data_vars else 0.0
        rows.append(
            {
                "account": account,
                "unit": str(ds[name].attrs.get("unit", "")),
                "residual": residual,
                "tolerance": tolerance,
                "balanced": residual <= tolerance,  # a residual that is not a number does not balance
            }
        )
    return pd.DataFrame(rows, columns=["account", "unit", "residual", "tolerance", "balanced"])
