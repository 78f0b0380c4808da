"""What would be told, to whom and why, answered by the very rules that tell it."""
