"""What every service tells about itself: health, queues, dead letters, outbox, events and who handled them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from urllib.parse import quote
from uuid import UUID

import httpx2
from pydantic import ValidationError

from throughcare.kit.context import Context
from throughcare.kit.http.peer import Peer, Query
from throughcare.kit.web.schemas import Wire

SECONDS = 5.0


class Component(Wire):
    """One part of a service's health."""

    status: str


class Health(Wire):
    """A service's health."""

    status: str
    components: dict[str, Component] = {}


class Queue(Wire):
    """One queue of a service. The age is None where messages wait and the bus cannot tell it."""

    queue_name: str
    dlq_name: str
    messages: int
    in_flight: int
    dead: int
    parked: int
    oldest_seconds: float | None


class DeadLetter(Wire):
    """A message on a dead-letter queue."""

    message_id: str
    reason: str
    detail: str
    event_type: str | None
    sent_at: datetime
    body: object = None


class DeadLetters(Wire):
    """The oldest dead letters of a queue."""

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
    correlation_id: str | None
    recorded_at: datetime
    occurred_at: datetime
    published_at: datetime | None
    given_up: bool
    attempts: int
    last_error: str | None = None


class Handling(Wire):
    """What became of one event at one reader."""

    event_id: UUID
    outcome: str | None
    attempts: int
    processed_at: datetime | None
    parked: bool


class Reader(Wire):
    """A queue, the event types that it hears of, and what became of some of them."""

    queue_name: str
    event_types: list[str]
    handled: list[Handling]


class Operations(Peer, service=""):
    """The operational doors of one service."""

    async def queues(self) -> list[Queue]:
        """Its queues."""
        return await self.get("/queue-admin/queues", list[Queue])

    async def dead_letters(self, dlq: str) -> list[DeadLetter]:
        """The 100 oldest dead letters of one queue."""
        return (await self.get(f"/queue-admin/get-dlq-messages/{quote(dlq, safe='')}", DeadLetters)).messages

    async def dead_letter(self, dlq: str, message_id: str) -> DeadLetter | None:
        """One dead letter with its body; None when it is not there."""
        return await self.get(_letter(dlq, message_id), DeadLetter, missing=None)

    async def retry(self, dlq: str, message_id: str) -> None:
        """Send a dead letter back. Raises PeerRefused."""
        await self.post(f"{_letter(dlq, message_id)}/retry")

    async def retry_all(self, dlq: str) -> None:
        """Send every dead letter of one queue back. Raises PeerRefused."""
        await self.put(f"/queue-admin/retry-dlq/{quote(dlq, safe='')}", idempotent=False)

    async def drop(self, dlq: str, message_id: str, reason: str) -> None:
        """Delete a dead letter. Raises PeerRefused."""
        await self.delete(_letter(dlq, message_id), params={"reason": reason})

    async def outbox(self) -> Outbox:
        """Its outbox."""
        return await self.get("/operations/outbox", Outbox)

    async def revive(self) -> None:
        """Let it publish again what it had given up."""
        await self.post("/operations/outbox/revive")

    async def events(self, correlation_id: str | None, limit: int) -> list[Event]:
        """Its newest events, or those of one correlation id, newest first."""
        params = {"correlationId": correlation_id, "limit": limit}
        return await self.get("/operations/events", list[Event], params=params)

    async def events_about(self, aggregate_id: UUID, limit: int) -> list[Event]:
        """The newest events about one thing, newest first."""
        params: Query = {"aggregateId": str(aggregate_id), "limit": limit}
        return await self.get("/operations/events", list[Event], params=params)

    async def readers(self, event_ids: Sequence[UUID]) -> list[Reader]:
        """Its queues, and what became there of the events named."""
        params = {"eventId": [str(one) for one in event_ids]}
        return await self.get("/operations/readers", list[Reader], params=params)


@cache
def operations_of(service: str) -> type[Operations]:
    """The operational doors of the service called ``service``."""

    class OfService(Operations, service=service, timeout=SECONDS):
        pass

    return OfService


async def health_of(ctx: Context, service: str) -> Health | None:
    """How a service says it is, also when it says that it is down; None when it does not answer."""
    try:
        async with asyncio.timeout(SECONDS):
            reply = await ctx.runtime.gateway.client(service).get("/health", timeout=SECONDS)
        return Health.model_validate_json(reply.content)
    except (httpx2.RequestError, TimeoutError, ValidationError):
        return None


def _letter(dlq: str, message_id: str) -> str:
    return f"/queue-admin/dlq/{quote(dlq, safe='')}/messages/{quote(message_id, safe='')}"
