"""Measurements: `python -m benchmarks.quarter` and `python -m benchmarks.versus_mesa`; each prints JSON last."""
