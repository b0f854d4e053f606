"""Tests of the rules of questions."""
