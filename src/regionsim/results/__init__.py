"""What a run reports: the catalogue of outcomes, the recorder that fills it, and the files it is kept in."""
