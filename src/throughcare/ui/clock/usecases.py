"""Moving the business clock of the whole system."""

from __future__ import annotations

from datetime import datetime, timedelta

from throughcare.kit.clock import Clock
from throughcare.kit.errors import Conflict


class ClockNotSettable(Conflict):
    """The system runs on real time (409)."""

    code = "CLOCK_NOT_SETTABLE"
    title = "This system runs on real time: start it with `throughcare up --clock …` to move its clock"


def move_clock(clock: Clock, *, set_to: datetime | None, advance: timedelta | None, frozen: bool | None) -> None:
    """Change ``clock``. Raises ClockNotSettable."""
    if not clock.settable:
        raise ClockNotSettable
    if set_to is not None:
        clock.set(set_to)
    if advance is not None:
        clock.advance(advance)
    if frozen is True and clock.frozen_at is None:
        clock.freeze()
    if frozen is False and clock.frozen_at is not None:
        clock.unfreeze()
