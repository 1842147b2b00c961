"""Statistical models of series from outside the region; each turns a history into sample paths."""
