"""Tests of the read tables and of what folds them."""
