"""Real records of others, replayed as commands under our rules, and what the rules say of them."""
