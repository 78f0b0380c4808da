"""Cursors into a consumer's line."""

from __future__ import annotations

import re

from throughcare.kit.errors import BadRequest, Gone

_CURSOR = re.compile(r"\d{1,18}", re.ASCII)


class BadCursor(BadRequest):
    """The cursor is not one that this door gave (400)."""

    code = "CURSOR_INVALID"
    title = "This is not a cursor"


class CursorExpired(Gone):
    """What follows the cursor is no longer kept (410); the consumer has to read afresh whatever it keeps a copy of."""

    code = "CURSOR_EXPIRED"
    title = "What follows this cursor is no longer kept. Read your data afresh, then go on without a cursor"


def read_cursor(text: str) -> int:
    """The place in the line after which a consumer reads on. Raises BadCursor."""
    if not _CURSOR.fullmatch(text):
        raise BadCursor
    return int(text)
