"""Telling other systems what happened: signed, in order, and to public addresses only."""
