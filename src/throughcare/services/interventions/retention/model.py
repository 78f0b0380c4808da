"""When a referral has been kept long enough.

Its time runs from its conclusion, or from the end of the sentence that it was made for where that is later. One that is
not concluded is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from throughcare.kit.clock import london


@dataclass(frozen=True)
class Limit:
    """What was over at ``moment``, which lies on ``day`` in London, has been kept long enough."""

    moment: datetime
    day: date


def limit_of(now: datetime, keep: timedelta) -> Limit:
    """The limit for what is kept for ``keep``."""
    moment = now - keep
    return Limit(moment, london(moment).date())
