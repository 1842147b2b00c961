"""regionsim: what shocks and policy measures do to a region, compared with doing nothing, and how sure that is."""

from regionsim.compiled import cache_folder, keep_compiled

__version__ = "0.1.0"

keep_compiled(cache_folder())
