"""Queries compiled to SQL, held against an oracle over rows in memory."""
