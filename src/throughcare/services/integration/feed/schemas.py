"""A page of the feed."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire


class FedEvent(Wire):
    """One notification, with the same fields as in a queue's message, and its cursor."""

    cursor: str
    event_id: int
    hmpps_id: str | None
    event_type: str
    prison_id: str | None
    url: str
    last_modified_date_time: str


class Feed(Wire):
    """Notifications in the order of the consumer's line; ``next`` is what to give as ``after`` the next time."""

    events: list[FedEvent]
    next: str
