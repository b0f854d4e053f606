"""Sign-offs: given, asked for, declined, taken back, expired, and what a revision does to them."""
