"""Trouble made on purpose, so that clients can be tried against it."""
