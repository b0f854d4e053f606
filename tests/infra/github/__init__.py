"""Importing from GitHub."""
