"""The clients that may ask for tokens, and the errors that OAuth gives them."""
