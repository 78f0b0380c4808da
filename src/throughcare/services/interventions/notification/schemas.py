"""Messages about a referral on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from throughcare.kit.notify.cipher import MailCipher
from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.notification.model import Notification, Recipient, State


class NotificationLine(Wire):
    """One message: to whom, of what (its template), when, and how far it came.

    ``address`` is absent once it was forgotten, 7 days after the message's end. ``failed`` says that the message
    reached nobody and will not, ``sentAgainAs`` which message replaced it.
    """

    id: UUID
    recipient: Recipient
    name: str
    address: str | None
    template: str
    asked_at: datetime
    state: State
    ended_at: datetime | None
    failed: bool
    sent_again_as: UUID | None

    @classmethod
    def of(cls, one: Notification, cipher: MailCipher) -> Self:
        """The message with its address in clear."""
        address = cipher.open(one.sealed_address) if one.sealed_address else None
        return cls(
            id=one.letter.request_id, recipient=one.letter.recipient, name=one.letter.name, address=address,
            template=one.template, asked_at=one.asked_at, state=one.state, ended_at=one.ended_at,
            failed=one.state.failed, sent_again_as=one.sent_again_as,
        )  # fmt: skip
