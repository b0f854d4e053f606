"""Read tables: how they are made, folded from the ledger, and made again."""
