"""Holding, joining, talking, and what is asked, declined and challenged: beside raising and answering."""
