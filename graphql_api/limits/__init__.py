"""What one operation may ask for at most, decided before anything runs."""
