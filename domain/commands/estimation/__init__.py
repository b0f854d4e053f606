"""Estimating together: a round from its opening to its outcome, and the ways out when rounds go in a circle."""
