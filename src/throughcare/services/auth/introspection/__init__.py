"""Asking what a token is worth now, which the token itself cannot know."""
