"""Trusted documents: what the operator's own clients ask, known by id and ready before anybody asks."""
