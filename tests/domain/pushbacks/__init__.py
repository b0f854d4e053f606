"""The rules of a pushback's life: what it points at, how it changes, how it ends."""
