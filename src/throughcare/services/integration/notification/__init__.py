"""What is to be told, collected for a while so that a busy endpoint is told once."""
