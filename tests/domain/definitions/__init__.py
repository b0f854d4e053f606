"""Definitions of ready and of done."""
