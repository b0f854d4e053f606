"""What a person does and finds out from the terminal: their words, and what waits for them."""
