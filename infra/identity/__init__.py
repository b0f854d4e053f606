"""Accounts with a sign-in provider (OpenID Connect): its keys, its access tokens, and whose accounts they are."""
