"""What happens by itself: commands that are due, found in the read tables and given exactly once."""
