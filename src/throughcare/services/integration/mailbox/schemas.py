"""A consumer's queue over HTTP."""

from __future__ import annotations

from datetime import datetime

from throughcare.kit.web.schemas import Wire


class QueueMessage(Wire):
    """A message on loan; its ``receipt`` acknowledges it."""

    message_id: str
    receipt: str
    body: str
    receives: int
    sent_at: datetime


class QueueMessages(Wire):
    """What was on the queue."""

    messages: list[QueueMessage]
