"""What was observed of every driver, on the quarterly calendar."""
