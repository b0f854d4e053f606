"""What meets the outside: PostgreSQL, the ledger, the projector, settings and importers."""
