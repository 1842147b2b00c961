"""The participation fund takes minority stakes and gets them back: the one institution whose money revolves (E-16)."""

from __future__ import annotations

from regionsim.institutions.body import Body


class ParticipationFund(Body):
    """Holds stakes and cash; no stake is taken without a measure."""

    @property
    def nav_eur(self) -> float:
        """Net asset value at the scale of the run, EUR of 2011."""
        return float(self.state.nav_eur[self.row])
