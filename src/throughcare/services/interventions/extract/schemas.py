"""Extracts on the wire."""

from __future__ import annotations

from datetime import datetime

from throughcare.kit.web.schemas import Wire


class ExtractFile(Wire):
    """A file: ``rows`` lines below its header."""

    name: str
    made_at: datetime
    rows: int
