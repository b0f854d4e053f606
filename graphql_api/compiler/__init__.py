"""Selections over the derived types become one SQL statement that returns the response as text."""
