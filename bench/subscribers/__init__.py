"""Many who follow one process's events: those who read, and those who do not."""
