"""Tests of the ledger as a persistence module of the library `eventsourcing`."""
