"""Importing from GitHub: pull requests and issues with the verdicts of their reviewers, as they were given there."""
