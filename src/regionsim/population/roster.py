"""The institutions and funds of the region, from its tables, as arrays."""

from __future__ import annotations

import numpy as np

from regionsim.data.tables import RegionTables
from regionsim.state.bodies import DOMAINS, KINDS, Roster


def build_roster(tables: RegionTables) -> Roster:
    """Those of institutions.csv in its order, then every municipality; the funds of funds.csv."""
    frame, labels = tables.institutions, tables.labels
    at = {code: i for i, code in enumerate(labels.municipalities)}
    many = len(at)
    sectors = np.array([[sector in cell.split(";") for sector in labels.sectors] for cell in frame["sectors"]])
    return Roster(
        code=(*frame["institution"], *labels.municipalities),
        kind=np.array([KINDS.index(kind) for kind in (*frame["kind"], *["municipality"] * many)], np.int8),
        municipality=np.array([*(at.get(code, -1) for code in frame["municipality"]), *range(many)], np.int16),
        weight=np.concatenate([frame["weight"], np.ones(many)]),
        places=np.concatenate([frame["places"], np.full(many, np.nan)]),
        sectors=np.concatenate([sectors, np.zeros((many, len(labels.sectors)), np.bool_)]),
        domains=(*(frozenset(cell.split(";")) for cell in frame["domains"]), *[frozenset(DOMAINS)] * many),
        fund=tuple(tables.funds["fund"]),
    )
