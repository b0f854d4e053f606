"""What Pushback promises, as tests: the folders mirror those of the software."""
