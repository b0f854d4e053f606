"""Tests of what is kept of people outside the ledger."""
