"""Access tokens of a sign-in provider: one on loopback with real keys."""
