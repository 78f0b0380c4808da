"""Consumers and notifications as operators see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.web.schemas import Wire


class LaneState(Wire):
    """How a consumer's line stands.

    ``lag_seconds`` is how long the oldest delivery has waited; ``failures`` counts how often in a row its whole queue
    failed, and nothing is tried before ``retry_at``; ``position`` is the newest place in its line.
    """

    waiting: int
    dead: int
    delivered: int
    position: int
    lag_seconds: float
    last_delivered_at: datetime | None
    failures: int
    retry_at: datetime | None
    last_error: str | None


class ConsumerState(LaneState):
    """A consumer, what may reach it, and how its line and its queue stand."""

    name: str
    roles: list[str]
    include: list[str]
    filters: dict[str, list[str]]
    policy: dict[str, list[str]]
    suspended: bool
    queue_name: str | None
    feed: bool
    messages_on_queue: int | None = None
    messages_on_dlq: int | None = None


class DeliveryState(Wire):
    """A notification's way to one consumer: ``WAITING``, ``DELIVERED`` or ``DEAD``."""

    consumer: str
    position: int
    state: str
    attempts: int
    delivered_at: datetime | None
    last_error: str | None


class NotificationState(Wire):
    """A notification and what became of it: ``PENDING``, ``PROCESSING`` or ``PROCESSED``."""

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
    distributed_at: datetime | None
    source_event_ids: list[UUID]
    deliveries: list[DeliveryState]


class Notifications(Wire):
    """Notifications, oldest first."""

    notifications: list[NotificationState]


class OpenDelivery(DeliveryState):
    """A delivery that has not reached its consumer, and of what."""

    event_id: int
    event_type: str
    path: str
    distributed_at: datetime | None


class RefusalState(Wire):
    """A type of notification that a domain event should have led to and could not, and why."""

    source_event_id: UUID
    domain_event: str
    event_type: str
    reason: str
    refused_at: datetime


class Totals(Wire):
    """How many notifications collect changes, how many are due, and how long the oldest of those has waited."""

    collecting: int
    due: int
    oldest_due_seconds: float
