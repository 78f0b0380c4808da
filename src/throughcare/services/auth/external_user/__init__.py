"""The users of outside bodies: found, listed by group, shut and opened."""
