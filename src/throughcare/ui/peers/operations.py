"""What every service tells about itself: health, queues, dead letters, outbox and events."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class Component(Wire):
    """One part of a service's health."""

    status: str


class Health(Wire):
    """A service's health."""

    status: str
    components: dict[str, Component] = {}


class Queue(Wire):
    """One queue of a service."""

    queue_name: str
    dlq_name: str
    messages: int
    in_flight: int
    dead: int
    parked: int
    oldest_seconds: float


class DeadLetter(Wire):
    """A message on a dead-letter queue."""

    message_id: str
    reason: str
    detail: str
    event_type: str | None
    sent_at: datetime


class DeadLetters(Wire):
    """The dead letters of a queue."""

    messages: list[DeadLetter]


class Outbox(Wire):
    """What waits in a service's outbox."""

    pending: int
    dead: int
    oldest_seconds: float


class Event(Wire):
    """An event on record."""

    event_id: UUID
    event_type: str
    aggregate_type: str
    aggregate_id: str
    correlation_id: str | None
    recorded_at: datetime
    occurred_at: datetime
    published_at: datetime | None
    given_up: bool
    attempts: int


class Operations(Peer, service=""):
    """The operational doors of one service."""

    async def health(self) -> Health:
        """Its health. Raises PeerUnavailable when it is down."""
        return await self.get("/health", Health)

    async def queues(self) -> list[Queue]:
        """Its queues."""
        return await self.get("/queue-admin/queues", list[Queue])

    async def dead_letters(self, dlq: str) -> list[DeadLetter]:
        """The dead letters of one queue."""
        return (await self.get(f"/queue-admin/get-dlq-messages/{dlq}", DeadLetters)).messages

    async def retry(self, dlq: str, message_id: str) -> None:
        """Send a dead letter back. Raises PeerRefused."""
        await self.post(f"/queue-admin/dlq/{dlq}/messages/{message_id}/retry")

    async def outbox(self) -> Outbox:
        """Its outbox."""
        return await self.get("/operations/outbox", Outbox)

    async def events(self, correlation_id: str | None, limit: int) -> list[Event]:
        """Its newest events, or those of one correlation id, newest first."""
        params = {"correlationId": correlation_id, "limit": limit}
        return await self.get("/operations/events", list[Event], params=params)


@cache
def operations_of(service: str) -> type[Operations]:
    """The operational doors of the service called ``service``."""

    class OfService(Operations, service=service, timeout=5.0):
        pass

    return OfService
