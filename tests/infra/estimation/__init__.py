"""Estimation rounds against the real ledger: races, and text that is erased."""
