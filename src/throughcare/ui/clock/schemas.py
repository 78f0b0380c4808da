"""The clock, over the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, Field

from throughcare.kit.web.schemas import Wire


class ClockState(Wire):
    """What the business clock says, in UTC."""

    now: datetime
    frozen: bool
    settable: bool


class ChangeClock(Wire):
    """A change of the business clock: what is given happens in this order."""

    set: AwareDatetime | None = None
    advance_seconds: int | None = Field(default=None, ge=0, le=3_153_600_000)
    frozen: bool | None = None
