"""Estimation rounds."""
