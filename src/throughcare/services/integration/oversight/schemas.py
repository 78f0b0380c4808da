"""Consumers and notifications as operators see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.web.schemas import Wire


class ConsumerState(Wire):
    """A consumer, what may reach it, and how its queue stands."""

    name: str
    roles: list[str]
    include: list[str]
    filters: dict[str, list[str]]
    policy: dict[str, list[str]]
    suspended: bool
    queue_name: str | None
    waiting: int
    delivered: int
    last_delivered_at: datetime | None
    messages_on_queue: int | None
    messages_on_dlq: int | None


class DeliveryState(Wire):
    """A notification's way to one consumer."""

    consumer: str
    attempts: int
    delivered_at: datetime | None
    last_error: str | None


class NotificationState(Wire):
    """A notification and what became of it: ``PENDING``, ``PROCESSING`` or ``PROCESSED``."""

    id: UUID
    event_id: int
    event_type: str
    path: str
    hmpps_id: str | None
    prison_id: str | None
    supervision_status: str
    status: str
    first_change_at: datetime
    last_change_at: datetime
    due_at: datetime
    source_event_ids: list[UUID]
    deliveries: list[DeliveryState]


class Notifications(Wire):
    """Notifications, oldest first."""

    notifications: list[NotificationState]
