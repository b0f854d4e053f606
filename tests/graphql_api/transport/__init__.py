"""How operations come in and results go out."""
