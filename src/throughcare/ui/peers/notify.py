"""The notify service's inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class StatusChange(Wire):
    """One step of a message's delivery."""

    status: str
    at: datetime


class Message(Wire):
    """A message that a service sent."""

    id: UUID
    to: str
    subject: str | None = None
    text: str
    html: str | None = None
    template: str
    service: str
    status: str
    reference: str | None = None
    created_at: datetime
    personalisation: dict[str, object] = {}
    history: list[StatusChange] = []


class Messages(Wire):
    """Messages, newest first."""

    messages: list[Message]


class Notify(Peer, service="notify"):
    """The notify service."""

    async def inbox(self, filters: Mapping[str, str], older_than: UUID | None, limit: int) -> list[Message]:
        """What was sent, newest first: what matches every filter that is not empty, older than a message."""
        params = {name: value for name, value in filters.items() if value}
        before = {"olderThan": str(older_than)} if older_than else {}
        return (await self.get("/inbox", Messages, params={**params, **before, "limit": limit})).messages

    async def message(self, message_id: UUID) -> Message | None:
        """One message; None when there is none."""
        return await self.get(f"/inbox/{message_id}", Message, missing=None)
