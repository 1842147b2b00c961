"""What lies beside a dataset: parameters of its draws, the design they come from, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from regionsim.analysis.sensitivity_design import Design
from regionsim.analysis.tables import NAMES
from regionsim.ensemble.run import DESIGN_FILE, PARAMETERS_FILE
from regionsim.results.files import write_text
from regionsim.state.errors import InputError


def parameters_of(folder: Path) -> pd.DataFrame:
    """The parameters (draw, parameter) of a results folder. InputError where there is none."""
    file = folder / PARAMETERS_FILE
    again = "the command that made the results writes it again"
    try:
        table = pd.read_csv(file)
    except FileNotFoundError:
        raise InputError(str(file), f"is missing; {again}") from None
    except (OSError, ValueError) as error:
        raise InputError(str(file), f"cannot be read ({error}); {again}") from None
    if "draw" not in table:
        raise InputError(str(file), f"has no column 'draw'; {again}")
    return table.set_index("draw")


def design_of(folder: Path) -> Design:
    """The design of a results folder. InputError where there is none."""
    file = folder / DESIGN_FILE
    if not file.is_file():
        raise InputError(str(file), "is missing; a run with design=morris, sobol or random writes it")
    try:
        return Design.from_json(file.read_text(encoding="utf-8"))
    except InputError as error:
        raise InputError(str(file), error.faults) from None


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[str]:
    """Write each table as NAME.csv and return the names; a file of an earlier run whose table is not there now goes."""
    for name in dict.fromkeys((*NAMES, "sensitivity", *tables)):
        if name in tables:
            write_text(folder / f"{name}.csv", tables[name].to_csv(index=False))
        else:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    return [f"{name}.csv" for name in tables]
