"""Issuing tokens: to clients, for codes, for refresh tokens; and taking them back."""
