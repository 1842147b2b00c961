"""One page for a planner, built from collected results alone: no model, no network."""
