"""Importing from Jira: its files are read and checked whole, then told to the ledger as they happened."""
