"""Tests of what this process asks of PostgreSQL."""
