"""An applied research site works for the firms of its spearhead within reach (IB.1, E-4)."""

from __future__ import annotations

import numpy as np

from regionsim.institutions.body import Body


class ResearchSite(Body):
    """One site of a spearhead at its anchor town."""

    @property
    def sectors(self) -> tuple[str, ...]:
        """Codes of the sectors it works for."""
        codes = self.model.setup.tables.labels.sectors
        return tuple(codes[s] for s in np.flatnonzero(self._roster.sectors[self.row]))

    @property
    def knowledge_eur(self) -> float:
        """Stock of applied research at the scale of the run, EUR of 2011."""
        return float(self.state.knowledge_eur[self.row])
