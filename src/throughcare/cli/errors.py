"""Refusals of the command line: one line that says what is wrong and what to do."""


class CommandError(Exception):
    """What is wrong and the command or setting that mends it, in one line."""
