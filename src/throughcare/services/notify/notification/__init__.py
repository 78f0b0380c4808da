"""Messages that were sent through the stand-in."""
