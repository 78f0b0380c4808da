"""Messages as they are handed in."""
