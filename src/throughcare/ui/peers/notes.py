"""Case notes: what the two sides of a referral write to each other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer, Query
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.referrals import User


class Note(Wire):
    """A note that was sent."""

    id: UUID
    referral_id: UUID
    subject: str
    body: str
    sent_by: User
    sent_at: datetime


class NotesPage(Wire):
    """Some of the notes about a referral."""

    content: list[Note]
    total_elements: int
    total_pages: int


class Notes(Peer, service="interventions"):
    """The part of the interventions service that keeps case notes. Every call may raise PeerRefused."""

    async def of_referral(self, referral_id: UUID, page: int, size: int) -> NotesPage:
        """A page of the notes about a referral, the newest first; ``page`` counts from 1."""
        params: Query = {"page": page, "size": size, "sort": "sentAt,desc"}
        return await self.get(f"/sent-referral/{referral_id}/case-notes", NotesPage, params=params)

    async def note(self, note_id: UUID) -> Note:
        """One note."""
        return await self.get(f"/case-note/{note_id}", Note)

    async def send(self, referral_id: UUID, subject: str, body: str, tell_officer: bool, key: str) -> None:
        """Add a note, once for each ``key``; the probation practitioner gets an email when ``tell_officer``."""
        note = {"referralId": str(referral_id), "subject": subject, "body": body, "sendEmail": tell_officer}
        await self.post("/case-note", json=note, idempotency_key=key)
