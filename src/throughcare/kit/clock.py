"""The one source of time.

Business time (appointments, deadlines, events, schedules, tokens) comes from a ``Clock``.
Leases, visibility time-outs, back-off and cookies use real time: ``real_now`` or the database's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def real_now() -> datetime:
    """The machine's time in UTC, whatever the business clock says."""
    return datetime.now(UTC)


@dataclass
class Clock:
    """Business time: real time moved by an offset, or standing still."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None
    settable: bool = field(default=False)

    def now(self) -> datetime:
        """The business time in UTC, to the microsecond."""
        return self.frozen_at or real_now() + self.offset

    def today(self) -> date:
        """The business day in London."""
        return self.now().astimezone(LONDON).date()

    def set(self, moment: datetime) -> None:
        """Continue from ``moment``; a frozen clock stays frozen there."""
        if self.frozen_at is not None:
            self.frozen_at = moment.astimezone(UTC)
        else:
            self.offset = moment - real_now()

    def advance(self, by: timedelta) -> None:
        """Move business time by ``by``."""
        self.set(self.now() + by)

    def freeze(self) -> None:
        """Stop business time where it is."""
        self.frozen_at = self.now()

    def unfreeze(self) -> None:
        """Let business time run on from where it stands."""
        moment, self.frozen_at = self.now(), None
        self.offset = moment - real_now()


def london(moment: datetime) -> datetime:
    """The same instant on a clock in London."""
    return moment.astimezone(LONDON)
