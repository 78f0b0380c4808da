"""The notify service's inbox."""

from __future__ import annotations

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
    body: str
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

    async def inbox(self, to: str | None, template: str | None, reference: str | None) -> list[Message]:
        """What was sent, newest first, filtered by what is given."""
        params = {"to": to or None, "template": template or None, "reference": reference or None}
        return (await self.get("/inbox", Messages, params=params)).messages

    async def message(self, message_id: UUID) -> Message:
        """One message. Raises PeerRefused."""
        return await self.get(f"/inbox/{message_id}", Message)
