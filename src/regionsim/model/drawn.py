"""What a draw brings to every plan alike, made once: parameters, base economy, chance, and the path of the drivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.data.schema_economy import FORECAST_ROLES
from regionsim.drivers.pandemic import without_pandemic
from regionsim.drivers.paths import driver_path
from regionsim.model.settings import Settings
from regionsim.model.setup import Setup
from regionsim.model.trends import with_fitted_trends
from regionsim.state import calendar
from regionsim.state.draws import Draws, code, stream
from regionsim.state.parameters import Parameters, Sample
from regionsim.state.reference import BaseEconomy
from regionsim.state.sources import Sources


@dataclass(frozen=True)
class Drawn:
    """The draw of a world, before any plan; drivers with members ('fertility/31000') are `families` too."""

    sources: Sources
    parameters: Sample
    base: BaseEconomy
    draws: Draws
    path: dict[str, NDArray[np.float64]]
    families: dict[str, NDArray[np.float64]]

    @classmethod
    def of(cls, setup: Setup, sources: Sources) -> Drawn:
        """What these sources bring to a scenario."""
        settings = setup.settings
        parameters = sampled(settings, settings.parameters, sources)
        elasticity = float(parameters.trade.income_elasticity_exports)
        base = with_fitted_trends(setup.tables, setup.base, setup.drivers, elasticity)
        draws = Draws(int(stream(np.uint64(settings.seed), code("run"), np.uint64(sources.chance))))
        path = driver_path(setup.drivers, sources.driver, setup.first, calendar.ordinal(settings.horizon))
        if settings.world.covid == "none":
            bridged = frozenset((*FORECAST_ROLES, "tightness_neighbours"))
            path = without_pandemic(path, bridged, setup.first)
        return cls(sources, parameters, base, draws, path, _families(path))

    def in_quarter(self, quarter: int) -> dict[str, Any]:
        """The drivers of a run quarter: a number by name, or (members,) by family."""
        single = {name: float(values[quarter]) for name, values in self.path.items() if "/" not in name}
        return single | {family: paths[quarter] for family, paths in self.families.items()}


def sampled(settings: Settings, parameters: Parameters, sources: Sources) -> Sample:
    """Values of the sources' draw, or of their point of a design."""
    at = {} if settings.design is None else settings.design.quantiles(sources.point)
    own = {parameter.name: at[parameter.name] for parameter in parameters if parameter.name in at}
    return parameters.sample(settings.seed, sources.parameter, own)


def _families(path: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Paths of drivers with members ('fertility/31000'), by family: (quarters, members), members in their own order."""
    names = dict.fromkeys(name.split("/")[0] for name in path if "/" in name)
    return {f: np.stack([v for n, v in path.items() if n.startswith(f"{f}/")], axis=1) for f in names}
