"""Stories of teams who disagree, told as they happened: each file is one, and a product owner can read it."""
