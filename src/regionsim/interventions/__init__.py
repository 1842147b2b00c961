"""The mechanisms that measures name; importing this package registers them."""

from regionsim.interventions import dual, equity, guide, provide, sites, treat
from regionsim.interventions.base import MECHANISMS, Intervention, intervention, levers_of

__all__ = [
    "MECHANISMS", "Intervention", "dual", "equity", "guide", "intervention", "levers_of", "provide", "sites", "treat",
]  # fmt: skip
