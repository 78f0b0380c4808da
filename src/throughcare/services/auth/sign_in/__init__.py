"""Signing in with a user name and a password, and out again."""
