"""The rows of estimation: rounds, the votes in them, and what they came to."""
