"""Messages as the inbox shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field, JsonValue

from throughcare.kit.notify.keys import ApiKey
from throughcare.kit.web.schemas import Wire
from throughcare.services.notify.account.model import Account, KeyType
from throughcare.services.notify.notification.model import Notification, Outcome
from throughcare.services.notify.rendering.model import to_html, to_text
from throughcare.services.notify.template.model import Channel


class InboxFilter(Wire):
    """What to look for: part of the recipient, template key, service, status, reference, from when on."""

    to: str | None = None
    template: str | None = None
    service: str | None = None
    status: str | None = None
    reference: str | None = None
    since: datetime | None = None
    older_than: UUID | None = None
    limit: int = Field(default=50, ge=1, le=250)


class InboxWait(InboxFilter):
    """What to wait for, and how long in seconds."""

    timeout: float = Field(default=10, ge=0, le=30)


class HistoryEntry(Wire):
    """A status that the message took, when and why: ``accepted``, ``clock`` or who asked for it."""

    status: str
    at: datetime
    cause: str


class ReceiptEntry(Wire):
    """A delivery receipt posted to the sending service; ``outcome`` is None while it waits."""

    created_at: datetime
    attempts: int
    outcome: str | None
    last_status: int | None
    next_attempt_at: datetime | None


class InboxMessage(Wire):
    """A message. ``html`` is safe to show in a sandboxed frame; it is None for texts."""

    id: UUID
    to: str
    type: Channel
    subject: str | None
    body: str
    text: str
    html: str | None
    template: str
    template_id: UUID
    template_version: int
    service: str
    key: str
    key_type: str
    status: str
    reference: str | None
    reply_to: str | None
    created_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None
    personalisation: dict[str, JsonValue]
    history: list[HistoryEntry]

    @classmethod
    def of(cls, one: Notification, history: list[HistoryEntry]) -> InboxMessage:
        """The message with its delivery history, oldest first."""
        email = one.channel == "email"
        return cls.model_validate(
            {
                "id": one.id, "to": one.recipient, "type": one.channel, "subject": one.subject, "body":
                one.body, "text": to_text(one.body) if email else one.body, "html": to_html(one.body) if
                email else None, "template": one.template_key, "template_id": one.template_id,
                "template_version": one.template_version, "service": one.service, "key": one.key_name,
                "key_type": one.key_type, "status": one.status, "reference": one.reference, "reply_to":
                one.reply_to, "created_at": one.created_at, "sent_at": one.sent_at, "completed_at":
                one.completed_at, "personalisation": one.personalisation, "history": history,
            }
        )  # fmt: skip


class InboxMessageDetail(InboxMessage):
    """A message with the request as it was sent, and the receipts that were posted."""

    request: dict[str, JsonValue]
    receipts: list[ReceiptEntry]

    @classmethod
    def with_request(
        cls, one: Notification, history: list[HistoryEntry], receipts: list[ReceiptEntry]
    ) -> InboxMessageDetail:
        """The message with all that is known of it."""
        known = InboxMessage.of(one, history).model_dump()
        return cls.model_validate({**known, "request": one.request, "receipts": receipts})


class InboxList(Wire):
    """Messages, newest first."""

    messages: list[InboxMessage]


class MarkAs(Wire):
    """The final status that a message is to take."""

    status: Outcome


class KeyBody(Wire):
    """An API key, as a client of the Notify API is given it."""

    name: str
    type: KeyType
    revoked: bool
    key: str


class ServiceBody(Wire):
    """A service of the stand-in with its keys."""

    id: UUID
    slug: str
    name: str
    trial: bool
    archived: bool
    callback: bool
    keys: list[KeyBody]

    @classmethod
    def of(cls, account: Account) -> ServiceBody:
        """The service as people see it."""
        keys = [
            KeyBody(
                name=one.name, type=one.type, revoked=one.revoked,
                key=str(ApiKey(one.name, account.id, one.secret)),
            )
            for one in account.keys
        ]  # fmt: skip
        return cls(
            id=account.id, slug=account.slug, name=account.name, trial=account.trial,
            archived=account.archived, callback=account.callback is not None, keys=keys,
        )  # fmt: skip


class Services(Wire):
    """The services of the stand-in."""

    services: list[ServiceBody]
