"""What a plan does: paired differences between plan and no plan, with their range, read from collected results."""
