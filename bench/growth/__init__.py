"""Whether commands get slower as an item grows."""
