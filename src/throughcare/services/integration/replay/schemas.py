"""What is told again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire


class Replay(Wire):
    """Which notifications are told again: those that were due in a time, of a type, or about a person."""

    since: datetime | None = None
    until: datetime | None = None
    event_type: Annotated[str, Field(max_length=60)] | None = None
    hmpps_id: Annotated[str, Field(max_length=100)] | None = None


class Retry(Wire):
    """What is tried again: all that was given up for the consumer, or what failed at some places of its line."""

    positions: Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(max_length=1000)] | None = None


class Counted(Wire):
    """How many there were."""

    count: int
