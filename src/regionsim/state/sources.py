"""The three sources of uncertainty of a run, and which index each of them takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

SOURCES = ("driver", "parameter", "chance")


@dataclass(frozen=True)
class Sources:
    """Indices of driver path, parameter sample and seed; a plain draw d takes d in all three.

    point: of a design, whose parameters it names take the place of the sampled ones.
    """

    driver: int
    parameter: int
    chance: int
    point: int | None = None

    @classmethod
    def of_draw(cls, draw: int) -> Sources:
        """The sources of a plain draw."""
        return cls(draw, draw, draw)

    def switched(self, source: str, other: int) -> Sources:
        """The same with one source taken from draw `other`. Raises TypeError for a source that does not exist."""
        return replace(self, **{source: other})
