"""What can become of a sign-off, a request for one and a question: found by giving the real commands."""
