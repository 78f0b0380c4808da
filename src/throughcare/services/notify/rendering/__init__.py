"""How a message looks."""
