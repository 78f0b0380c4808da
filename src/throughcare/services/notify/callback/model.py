"""Delivery receipts and when they are tried again.

Source: docs.notifications.service.gov.uk, "delivery receipts". The five minutes between tries are business
time, so that moving the clock shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

RETRIES = 5
RETRY_AFTER = timedelta(minutes=5)
TIMEOUT_SECONDS = 5.0

Verdict = Literal["received", "refused", "given-up", "retry"]


@dataclass(frozen=True)
class Callback:
    """One receipt on its way to the service ``service_id``. ``attempts`` counts this one too."""

    id: UUID
    service_id: UUID
    payload: dict[str, object]
    attempts: int


@dataclass(frozen=True)
class Attempt:
    """What one try came to. ``status`` is None when there was no answer."""

    callback_id: UUID
    verdict: Verdict
    status: int | None
    at: datetime

    @property
    def next_attempt_at(self) -> datetime | None:
        """When to try again, or None."""
        return self.at + RETRY_AFTER if self.verdict == "retry" else None


def judge(callback: Callback, status: int | None, at: datetime) -> Attempt:
    """What an answer means: no answer, 5xx and 429 are tried five times again, any other refusal ends it."""
    if status is not None and 200 <= status < 300:
        return Attempt(callback.id, "received", status, at)
    if status is not None and status < 500 and status != 429:
        return Attempt(callback.id, "refused", status, at)
    return Attempt(callback.id, "retry" if callback.attempts <= RETRIES else "given-up", status, at)
