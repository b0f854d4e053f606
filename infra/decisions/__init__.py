"""What deciding needs to know of a request: which streams it is about."""
