"""Two processes at once on one stream."""
