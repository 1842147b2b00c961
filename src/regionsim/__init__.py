"""regionsim: what shocks and policy measures do to a region, compared with doing nothing, and how sure that is."""

__version__ = "0.1.0"
