"""Tests of what policy decides."""
