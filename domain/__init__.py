"""What people may do to a backlog and what follows from it: pure functions, no I/O, no clock, no randomness."""
