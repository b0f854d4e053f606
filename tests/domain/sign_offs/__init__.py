"""Tests of the rules of sign-offs."""
