"""The folds, without a database."""
