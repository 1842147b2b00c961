"""The codes and names that label every array of a region, in the order of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Labels:
    """Places and sectors of a region. Index i of an array by municipality is municipalities[i], and so on.

    arrondissement_of: index of the arrondissement of each municipality, shape (municipalities,), read-only;
    subregions: tag of each municipality, '' without one; outside_nodes: places outside the region in commuting;
    sector_tags, sector_sections: roles and NACE sections of each sector.
    """

    municipalities: tuple[str, ...]
    municipality_names: tuple[str, ...]
    arrondissements: tuple[str, ...]
    arrondissement_names: tuple[str, ...]
    arrondissement_of: NDArray[np.intp]
    subregions: tuple[str, ...]
    outside_nodes: tuple[str, ...]
    sectors: tuple[str, ...]
    sector_names_en: tuple[str, ...]
    sector_names_nl: tuple[str, ...]
    sector_tags: tuple[frozenset[str], ...]
    sector_sections: tuple[frozenset[str], ...]

    def sectors_with(self, tag: str) -> NDArray[np.intp]:
        """Indices of the sectors that carry a tag; empty if none does."""
        return np.flatnonzero([tag in tags for tags in self.sector_tags])


def labels_of(tables: Mapping[str, pd.DataFrame]) -> Labels:
    """The labels that the checked tables region, municipalities, arrondissements and sectors hold."""
    region = tables["region"].set_index("key")["value"]
    places, parts, sectors = tables["municipalities"], tables["arrondissements"], tables["sectors"]
    codes = tuple(parts["arrondissement"])
    index = np.array([codes.index(code) for code in places["arrondissement"]], dtype=np.intp)
    index.flags.writeable = False
    return Labels(
        municipalities=tuple(places["municipality"]),
        municipality_names=tuple(places["name"]),
        arrondissements=codes,
        arrondissement_names=tuple(parts["name"]),
        arrondissement_of=index,
        subregions=tuple(places["subregion"]),
        outside_nodes=tuple(str(region["outside_nodes"]).split(";")),
        sectors=tuple(sectors["sector"]),
        sector_names_en=tuple(sectors["name_en"]),
        sector_names_nl=tuple(sectors["name_nl"]),
        sector_tags=tuple(frozenset(tags.split(";")) for tags in sectors["tags"]),
        sector_sections=tuple(frozenset(part[0] for part in nace.split(";")) for nace in sectors["nace"]),
    )
