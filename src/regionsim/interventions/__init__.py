"""The mechanisms that measures name; importing this package registers them."""

from regionsim.interventions import cost_share, dual_places, guidance
from regionsim.interventions.base import MECHANISMS, Intervention, intervention

__all__ = ["MECHANISMS", "Intervention", "cost_share", "dual_places", "guidance", "intervention"]
