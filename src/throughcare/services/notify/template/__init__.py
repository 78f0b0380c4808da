"""The wording of messages."""
