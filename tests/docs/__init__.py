"""Tests that run what the guides say."""
