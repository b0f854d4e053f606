"""The `pushback` command: puts the services together and speaks with people at a terminal."""
