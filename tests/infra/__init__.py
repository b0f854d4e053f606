"""PostgreSQL, the ledger and the folds."""
