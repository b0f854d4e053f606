"""A workspace's people: their names, tokens and roles, and what is forgotten of them."""
