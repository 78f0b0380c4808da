"""The rate limit of GOV.UK Notify: a token bucket for each service and type of key.

Source: docs.notifications.service.gov.uk, "rate limits", and the public ``notifications-api`` for the size
of a burst.
"""

from __future__ import annotations

from math import ceil
from uuid import UUID

from throughcare.services.notify.account.model import Caller
from throughcare.services.notify.refusal.model import Problem, Refused

LARGEST_BURST = 1000


class RateLimits:
    """The buckets of one process. ``now`` is in seconds of a clock that never goes back."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._burst = min(ceil(per_minute / 3) + 1, LARGEST_BURST)
        self._buckets: dict[tuple[UUID, str], tuple[float, float]] = {}

    def take(self, caller: Caller, now: float) -> None:
        """Let one request of ``caller`` pass. Raises Refused (429); test keys are never refused."""
        if caller.key.type == "test":
            return
        bucket = (caller.account.id, caller.key.type)
        tokens, seen = self._buckets.get(bucket, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - seen) * self._per_minute / 60)
        if tokens < 1:
            self._buckets[bucket] = (tokens, now)
            message = f"Exceeded the rate limit for key type {caller.key.type.upper()}"
            message = f"{message} of {self._per_minute} requests per 60 seconds"
            raise Refused(429, [Problem("RateLimitError", message)])
        self._buckets[bucket] = (tokens - 1, now)


def too_many_today(channel: str, limit: int) -> Refused:
    """The refusal of a service that has sent its share of the day (429)."""
    return Refused(429, [Problem("TooManyRequestsError", f"Exceeded send limits ({channel}: {limit}) for today")])
