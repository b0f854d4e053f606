"""Pushbacks: raising, talking about and ending them."""
