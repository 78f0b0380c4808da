"""A client that proves who it is with a key of its own instead of a secret (``private_key_jwt``)."""
