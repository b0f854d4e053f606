"""Holding, joining and talking, before and beside an answer."""
