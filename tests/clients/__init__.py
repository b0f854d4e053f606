"""The clients that front-end developers use, against a running server."""
