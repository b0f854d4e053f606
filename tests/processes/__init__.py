"""Proofs with real server processes: several at once, killed in the middle, and started again."""
