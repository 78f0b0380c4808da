"""Case notes on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.appointment.schemas import Actors
from throughcare.services.interventions.case_note import model

Said = Annotated[str, Field(pattern=r"\S")]


class SendCaseNote(Wire):
    """A note about a referral; the responsible officer gets mail of it unless ``sendEmail`` is false."""

    referral_id: UUID
    subject: Said
    body: Said
    send_email: bool | None = None


class CaseNote(Wire):
    """A note that was sent."""

    id: UUID
    referral_id: UUID
    subject: str
    body: str
    sent_by: AuthUser
    sent_at: datetime

    @classmethod
    def of(cls, note: model.CaseNote, actors: Actors) -> Self:
        """The note as callers know it."""
        return cls(
            id=note.id, referral_id=note.referral_id, subject=note.subject, body=note.body,
            sent_by=AuthUser.of(actors[note.sent.by]), sent_at=note.sent.at,
        )  # fmt: skip
