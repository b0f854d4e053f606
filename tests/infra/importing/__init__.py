"""What the tests of the imports share."""
