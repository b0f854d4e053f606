"""Tests of the import from Jira."""
