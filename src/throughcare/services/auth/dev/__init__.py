"""Accounts for trying the system out."""
