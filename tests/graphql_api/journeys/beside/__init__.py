"""Holding, joining and talking: what people do before and beside an answer."""
