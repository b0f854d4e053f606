"""Tests of the rules of people."""
