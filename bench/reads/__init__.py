"""Reads at full size, each answered in three ways."""
