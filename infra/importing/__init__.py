"""What imports from other tools share: files are checked whole, what is new is told once, the ledger is read back."""
