"""Refusals of the command line: one line that says what is wrong and what to do."""

from throughcare.kit.errors import CannotStart


class CommandError(CannotStart):
    """What is wrong and the command or setting that mends it, in one line."""
