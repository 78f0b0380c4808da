"""Ending sign-ins and tokens before their time: one, or all of an account or a client."""
