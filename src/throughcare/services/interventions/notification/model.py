"""A message about a referral, and how far it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Recipient(StrEnum):
    """Whom a message is for."""

    PRACTITIONER = "probation-practitioner"
    CASEWORKER = "caseworker"
    PROVIDER = "service-provider"


class State(StrEnum):
    """How far a message came; after ``queued`` and ``sent`` one of the others follows."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    NO_SUCH_MAILBOX = "mailbox-not-found"
    NOT_ACCEPTED = "mailbox-not-accepting"
    NOT_SENT = "not-sent"
    OPTED_OUT = "held-back"

    @property
    def failed(self) -> bool:
        """Whether the message reached nobody and will not."""
        return self in {State.NO_SUCH_MAILBOX, State.NOT_ACCEPTED, State.NOT_SENT, State.OPTED_OUT}


STATES = {
    "queued": State.QUEUED, "sending": State.QUEUED, "accepted": State.SENT, "delivered": State.DELIVERED,
    "failed-permanent": State.NO_SUCH_MAILBOX, "failed-temporary": State.NOT_ACCEPTED,
    "failed-technical": State.NOT_SENT, "abandoned": State.NOT_SENT, "suppressed": State.OPTED_OUT,
}  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """Which message was asked for, about which referral, for whom."""

    request_id: UUID
    referral_id: UUID
    recipient: Recipient
    name: str


@dataclass(frozen=True)
class Notification:
    """A message with its state. The sealed address is None once it was forgotten, 7 days after the message's end.

    ``sent_again_as`` is the message that replaced it.
    """

    letter: Letter
    template: str
    state: State
    asked_at: datetime
    ended_at: datetime | None
    sealed_address: str | None
    sent_again_as: UUID | None
