"""Signing in: browsers, invitations, tokens."""
