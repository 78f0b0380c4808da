"""Outside bodies and what they are told, as operators of the integration service see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

SECONDS = 5.0
NOBODY_HEARS = ["default"]


class Consumer(Wire):
    """A consumer, what may reach it, and how its line stands.

    ``lag_seconds`` is how long the oldest delivery has waited; ``failures`` counts how often in a row its whole queue
    failed, and nothing is tried before ``retry_at``; ``position`` is the newest place in its line. A depth is None
    where the bus does not tell it.
    """

    name: str
    roles: list[str]
    include: list[str]
    filters: dict[str, list[str]]
    policy: dict[str, list[str]]
    suspended: bool
    queue_name: str | None
    feed: bool
    waiting: int
    dead: int
    delivered: int
    position: int
    lag_seconds: float
    last_delivered_at: datetime | None
    failures: int
    retry_at: datetime | None
    last_error: str | None
    messages_on_queue: int | None = None
    messages_on_dlq: int | None = None

    @property
    def event_types(self) -> list[str]:
        """The types that reach it."""
        found = self.policy.get("eventType", [])
        return [] if found == NOBODY_HEARS else found

    @property
    def prisons(self) -> list[str] | None:
        """The prisons that it is limited to; None when it is not limited."""
        return self.policy.get("prisonId")

    @property
    def statuses(self) -> list[str] | None:
        """The supervision statuses that it is limited to; None when it is not limited."""
        return self.policy.get("supervisionStatus")


class Delivery(Wire):
    """A notification's way to one consumer: ``WAITING``, ``DELIVERED`` or ``DEAD``."""

    consumer: str
    position: int
    state: str
    attempts: int
    delivered_at: datetime | None
    last_error: str | None


class OpenDelivery(Delivery):
    """A delivery that has not reached its consumer, and of what."""

    event_id: int
    event_type: str
    path: str
    distributed_at: datetime | None


class Notification(Wire):
    """A notification and what became of it: ``PENDING``, ``PROCESSING`` or ``PROCESSED``."""

    event_id: int
    event_type: str
    path: str
    prison_id: str | None
    supervision_status: str
    status: str
    first_change_at: datetime
    last_change_at: datetime
    due_at: datetime
    distributed_at: datetime | None
    source_event_ids: list[UUID]
    deliveries: list[Delivery]


class Refusal(Wire):
    """A type of notification that a domain event should have led to and could not, and why."""

    event_type: str
    reason: str
    refused_at: datetime


class _Notifications(Wire):
    notifications: list[Notification]


class _Counted(Wire):
    count: int


class Consumers(Peer, service="integration", timeout=SECONDS):
    """The doors of the integration service for operators."""

    async def all(self) -> list[Consumer]:
        """Every consumer, by name."""
        return await self.get("/v1/consumers", list[Consumer])

    async def find(self, name: str) -> Consumer | None:
        """One consumer with the depth of its queue; None when there is none of that name."""
        return await self.get(_address(name), Consumer, missing=None)

    async def undelivered(self, name: str, state: str, limit: int) -> list[OpenDelivery]:
        """What ``waiting`` or ``dead`` deliveries a consumer has, oldest first."""
        params: Mapping[str, str | int] = {"consumer": name, "state": state, "limit": limit}
        return await self.get("/v1/deliveries", list[OpenDelivery], params=params)

    async def notification(self, number: int) -> Notification | None:
        """One notification; None when there is none of that number."""
        return await self.get(f"/v1/notifications/{number}", Notification, missing=None)

    async def caused_by(self, event_id: UUID) -> list[Notification]:
        """The notifications that a domain event led to, oldest first."""
        params = {"sourceEventId": str(event_id)}
        return (await self.get("/v1/notifications", _Notifications, params=params)).notifications

    async def refused_of(self, event_id: UUID) -> list[Refusal]:
        """What a domain event should have led to and could not."""
        return await self.get("/v1/refusals", list[Refusal], params={"sourceEventId": str(event_id)})

    async def retry(self, name: str, positions: Sequence[int] | None) -> int:
        """Try again what failed: these places of a consumer's line, or all that was given up; how many."""
        body = {"positions": None if positions is None else list(positions)}
        found: _Counted = await self.post(f"{_address(name)}/retry", _Counted, json=body)
        return found.count

    async def suspend(self, name: str, *, suspended: bool) -> None:
        """Hold what is for a consumer, or let it go."""
        await self.put(f"{_address(name)}/suspension", json={"suspended": suspended}, idempotent=True)


def _address(name: str) -> str:
    return f"/v1/consumers/{quote(name, safe='')}"
