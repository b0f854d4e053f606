"""The read models, one file for each noun."""
